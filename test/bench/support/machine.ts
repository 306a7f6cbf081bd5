import { statfsSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';

/** The machine of a run, without which its figures mean nothing. */
export interface Machine {
  cores: number;
  cpu: string;
  memoryBytes: number;
  system: string;
  node: string;
  /** File system of the database and the videos. */
  fileSystem: string;
}

/** Names of file systems by the magic number of `statfs(2)`. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlayfs',
  0x2fc12fc1: 'zfs',
  0x6969: 'nfs',
  0x1a: 'apfs',
};

export function describeMachine(folder: string): Machine {
  const processors = cpus();
  const { type } = statfsSync(folder);
  return {
    cores: processors.length,
    cpu: processors[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${platform()} ${kernelVersion(release())} ${arch()}`,
    node: process.version,
    fileSystem: FILE_SYSTEMS[type] ?? `0x${type.toString(16)}`,
  };
}

/** Removes suffixes of distributors and clouds, which do not affect performance. */
function kernelVersion(full: string): string {
  return /^\d+(\.\d+)*/.exec(full)?.[0] ?? full;
}

/** Describes a machine in one line. */
export function machineLine({ cores, cpu, memoryBytes, system, node, fileSystem }: Machine): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  return [`${cores} × ${cpu}`, memory, system, `Node ${node}`, fileSystem].join(' · ');
}
