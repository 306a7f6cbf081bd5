import { statfsSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';

/** What the figures were measured on; without it they say nothing. */
export interface Machine {
  cores: number;
  cpu: string;
  memoryBytes: number;
  system: string;
  node: string;
  /** Of the folder that holds the database and the videos. */
  fileSystem: string;
}

/** The first number of `statfs(2)`, which says what kind of file system it is. */
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

/** Without what a distributor or a cloud adds to it, which says nothing about speed. */
function kernelVersion(full: string): string {
  return /^\d+(\.\d+)*/.exec(full)?.[0] ?? full;
}

/** In one line. */
export function machineLine({ cores, cpu, memoryBytes, system, node, fileSystem }: Machine): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  return [`${cores} × ${cpu}`, memory, system, `Node ${node}`, fileSystem].join(' · ');
}
