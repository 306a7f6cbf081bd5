import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSampleArchive, type SampleArchive } from '../../src/sample/sample-archive.js';
import { TOKEN_SECRET } from '../support/accounts.js';
import { freePort } from '../support/free-port.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { ShellSession, type ShellResult } from '../support/shell-session.js';

/** How commands of the documents are found on this machine. */
const PRELUDE = `
reelport() { node "$ROOT/dist/libs/client/src/cli/main.js" "$@"; }
npx() { shift; npm_command=exec reelport "$@"; }
npm() { local script=$3; shift 4; node "$ROOT/dist/src/reelport.js" "$script" "$@"; }
export -f reelport npx npm
ln -s "$ROOT/docs" docs
`;

/** A shell in an empty folder, beside a Reelport and the sample archive of `npm start`: where the documents begin. */
export class DocumentSession {
  private constructor(
    readonly reelport: Reelport,
    readonly archive: SampleArchive,
    private readonly folder: string,
    private readonly shell: ShellSession,
    /** Addresses in the documents, and those of this session. */
    private readonly addresses: ReadonlyArray<readonly [shown: string, actual: string]>,
  ) {}

  static async open(): Promise<DocumentSession> {
    const archive = await startSampleArchive();
    const reelport = await startReelport();
    const folder = await mkdtemp(join(tmpdir(), 'reelport-documents-'));
    const shell = new ShellSession(folder, {
      PATH: process.env['PATH'],
      ROOT: resolve('.'),
      XDG_CONFIG_HOME: folder,
      DATABASE_URL: reelport.database.url,
      DATA_DIR: reelport.dataDir,
      TOKEN_SECRET,
    });
    await shell.run(PRELUDE);
    return new DocumentSession(reelport, archive, folder, shell, [
      ['http://localhost:3000', reelport.url],
      ['https://reelport.example.com', reelport.url],
      ['http://127.0.0.1:41234', archive.origin],
      ['8080', String(await freePort())],
    ]);
  }

  /** Runs a block. @returns its output with the addresses of the documents */
  async run(commands: string): Promise<ShellResult> {
    const actual = this.addresses.reduce((text, [shown, real]) => text.replaceAll(shown, real), commands);
    const { code, output } = await this.shell.run(actual);
    const shown = this.addresses.reduce((text, [given, real]) => text.replaceAll(real, given), output);
    return { code, output: shown.replaceAll(`${this.folder}/`, '').trim() };
  }

  /** A file that the commands have left. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8').trim();
  }

  async close(): Promise<void> {
    await this.shell.close();
    await this.reelport.remove();
    await this.archive.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
