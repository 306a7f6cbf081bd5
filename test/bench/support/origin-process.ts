import { Child } from './child.js';
import { script } from './root.js';

/** Addresses that are hosts of their own; other systems than Linux answer on the first loopback address alone. */
const HOSTS =
  process.platform === 'linux'
    ? Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 2}`)
    : ['127.0.0.1'];

/** What is asked of the origin. */
export interface Files {
  /** In every path, so that a round has files that no other has. */
  name: string;
  count: number;
  /** Of each; at least 28 000. */
  bytes: number;
  delayMs?: number;
  /** Default: all that there are. */
  hosts?: readonly string[];
}

export class OriginProcess {
  private constructor(
    private readonly child: Child,
    private readonly port: number,
  ) {}

  static async start(): Promise<OriginProcess> {
    const child = Child.start('The origin', script('origin/origin.js'), { args: HOSTS });
    const message = await child.message();
    if (typeof message !== 'object' || message === null || !('port' in message))
      throw child.failure('has no port');
    return new OriginProcess(child, Number(message.port));
  }

  get pid(): number {
    return this.child.pid;
  }

  get hosts(): readonly string[] {
    return HOSTS;
  }

  /** `http://127.0.0.2:1234`, without a slash at the end. */
  address(host: string): string {
    return `http://${host}:${this.port}`;
  }

  /** URLs of files that exist because they are asked for, host after host in turn. */
  urls({ name, count, bytes, delayMs = 0, hosts = HOSTS }: Files): string[] {
    const folders = hosts.map((host) => `${this.address(host)}/${bytes}/${delayMs}`);
    return Array.from(
      { length: count },
      (_, index) => `${folders[index % folders.length]}/${name}-${index}.mp4`,
    );
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
