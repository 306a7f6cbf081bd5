/** Something that runs until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Runs a process until SIGTERM or SIGINT, then closes what was started, the last first. A second signal ends it at
 * once.
 *
 * @param start hands over what it starts as it goes, so that a start that fails half-way is taken back, too
 */
export async function runProcess(
  start: (opened: (closable: Closable) => void) => Promise<void>,
): Promise<void> {
  const open: Closable[] = [];
  let ending: Promise<void> | undefined;
  const end = (code: number): Promise<void> => {
    ending ??= closeAll(open).then((clean) => process.exit(clean ? code : 1));
    return ending;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending !== undefined) process.exit(1);
      void end(0);
    });
  }
  try {
    await start((closable) => open.push(closable));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await end(1);
  }
}

async function closeAll(open: Closable[]): Promise<boolean> {
  let clean = true;
  for (let closable = open.pop(); closable !== undefined; closable = open.pop()) {
    try {
      await closable.close();
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      clean = false;
    }
  }
  return clean;
}
