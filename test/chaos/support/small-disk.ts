import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own with little room, in memory. */
export class SmallDisk {
  private constructor(
    private readonly mountPoint: string,
    private readonly size: number,
  ) {}

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
    return new SmallDisk(mountPoint, size);
  }

  /** For `DATA_DIR`. */
  get folder(): string {
    return join(this.mountPoint, 'data');
  }

  /** Fills the disk but for so many bytes, counted from when it was empty. */
  async fillBut(bytes: number): Promise<void> {
    const file = await open(this.ballast, 'w');
    try {
      await file.writeFile(Buffer.alloc(this.size - bytes));
    } finally {
      await file.close();
    }
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
