import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Bytes of the young generation of a new process after it has produced tens of megabytes of garbage. */
async function youngBytes(preparation: string): Promise<number> {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${preparation}
    let kept;
    for (let round = 0; round < 30; round += 1)
      kept = JSON.parse(JSON.stringify(Array.from({ length: 10_000 }, (_, id) => ({ id, round }))));
    console.log(getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space').space_size, kept.length);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return Number(stdout.split(' ')[0]);
}

it('the space of short-lived objects does not grow in commands', async () => {
  const module = new URL('../../../../dist/libs/client/src/cli/young-generation.js', import.meta.url);
  const small = `import { keepYoungGenerationSmall } from '${module.href}'; keepYoungGenerationSmall();`;
  expect(await youngBytes(small)).toBeLessThan((await youngBytes('')) / 4);
});
