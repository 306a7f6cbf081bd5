import { Child } from './child.js';
import { script } from './root.js';

/** Addresses that count as separate hosts. Other systems than Linux answer only on the first loopback address. */
const HOSTS =
  process.platform === 'linux'
    ? Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 2}`)
    : ['127.0.0.1'];

/** Files requested from the origin. */
export interface Files {
  /** Part of every path, which makes the files of a round unique. */
  name: string;
  count: number;
  /** Size of each file; at least 28 000. */
  bytes: number;
  delayMs?: number;
  /** Default: all hosts. */
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

  /** `http://127.0.0.2:1234`, without a trailing slash. */
  address(host: string): string {
    return `http://${host}:${this.port}`;
  }

  /** URLs of files, which the origin generates on request, on alternating hosts. */
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
