import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small file system in memory. */
export class SmallDisk {
  private constructor(private readonly mountPoint: string) {}

  /** @throws Error if this account may not mount: an untested case must not look like a passed one */
  static async mount(size: number): Promise<SmallDisk> {
    const mountPoint = await mkdtemp(join(tmpdir(), 'reelport-chaos-disk-'));
    try {
      await asRoot('mount', '-t', 'tmpfs', '-o', `size=${size},mode=0777`, 'tmpfs', mountPoint);
    } catch (cause) {
      await rm(mountPoint, { recursive: true });
      throw new Error(
        'A full disk cannot be tested here: mounting a tmpfs requires Linux, and root or sudo without a password',
        { cause },
      );
    }
    return new SmallDisk(mountPoint);
  }

  /** Value for `DATA_DIR`. */
  get folder(): string {
    return join(this.mountPoint, 'data');
  }

  /** Fills the disk until this many bytes are free. */
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
