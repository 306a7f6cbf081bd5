import { resolve } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { ShellSession, type ShellResult } from '../../support/shell-session.js';

/**
 * What differs from a terminal. Packages are installed already: installed.global-setup.ts. `npm start` goes on in the
 * background once it has said everything, and its token is in `TOKEN`, where a reader would put it.
 */
const PRELUDE = `
npx() { shift; node "$ROOT/dist/src/reelport.js" "$@"; }
stop() { [ -z "$RUNNING" ] || { kill -TERM "$RUNNING"; wait "$RUNNING"; RUNNING=; }; }
start() {
  stop
  coproc APP { exec npm start 2>&1; }
  RUNNING=$APP_PID
  while read -r line <&"\${APP[0]}"; do
    echo "$line"
    case "$line" in
      'Demo token'*) TOKEN=\${line##* } ;;
      *Ctrl-C*) return 0 ;;
    esac
  done
  return 1
}
npm() {
  case "$1" in
    install) ;;
    start) start ;;
    *) command npm "$@" ;;
  esac
}
`;

/** A shell in the folder of an installed package. */
export class PackageShell {
  private constructor(
    private readonly shell: ShellSession,
    /** Where `npm start` listens. */
    readonly url: string,
  ) {}

  static async open(folder: string): Promise<PackageShell> {
    const port = await freePort();
    const shell = new ShellSession(folder, {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ROOT: resolve('.'),
      PORT: String(port),
      MIN_FREE_BYTES: '0',
    });
    await shell.run(PRELUDE);
    return new PackageShell(shell, `http://localhost:${port}`);
  }

  run(commands: string): Promise<ShellResult> {
    return this.shell.run(commands.replaceAll('http://localhost:3000', this.url));
  }

  /** Stops what `npm start` has started. @returns its exit code */
  async stop(): Promise<number> {
    return (await this.shell.run('stop')).code;
  }

  close(): Promise<void> {
    return this.shell.close();
  }
}
