import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own with little room, in memory. */
export class SmallDisk {
  private constructor(private readonly mountPoint: string) {}

  /** @throws Error where this account may not mount: the case cannot be tested there, and must not look as if it was */
  static async mount(size: number): Promise<SmallDisk> {
    const mountPoint = await mkdtemp(join(tmpdir(), 'reelport-chaos-disk-'));
    try {
      await asRoot('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0777`, 'tmpfs', mountPoint);
    } catch (cause) {
      await rm(mountPoint, { recursive: true });
      throw new Error(
        'A full disk cannot be tested here: mounting a tmpfs takes Linux, and root or a sudo that asks nothing',
        { cause },
      );
    }
    return new SmallDisk(mountPoint);
  }

  /** For `DATA_DIR`. */
  get folder(): string {
    return join(this.mountPoint, 'data');
  }

  /** Fills the disk until so many bytes are free. */
  async fillBut(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.mountPoint);
    await writeFile(this.ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
  }

  async makeRoom(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async unmount(): Promise<void> {
    await asRoot('umount', this.mountPoint);
    await rm(this.mountPoint, { recursive: true });
  }

  private get ballast(): string {
    return join(this.mountPoint, 'ballast');
  }
}

async function asRoot(...command: string[]): Promise<void> {
  const [file = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  await run(file, args);
}
