import { execFileSync } from 'node:child_process';

interface Listed {
  pid: number;
  /** Seconds of processor time. */
  seconds: number;
}

/** Lists the live children of a process. */
export function childrenOf(parent: number): Listed[] {
  return list().filter(({ ppid, state }) => ppid === parent && !state.startsWith('Z'));
}

/** Whether a process is alive; a zombie is not. */
export function isAlive(pid: number): boolean {
  return list().some((listed) => listed.pid === pid && !listed.state.startsWith('Z'));
}

function list(): Array<Listed & { ppid: number; state: string }> {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,time=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const all = lines.map((line) => {
    const [pid, ppid, state = '', time = '', command = ''] = line.trim().split(/\s+/);
    // [[dd-]hh:]mm:ss
    const seconds = time.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
    return { pid: Number(pid), ppid: Number(ppid), state, seconds, command };
  });
  // The `ps` process itself has ended.
  return all.filter(({ command }) => command !== 'ps');
}
