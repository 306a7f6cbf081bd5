import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalStorage } from '#libs/storage';
import { OutboundClient } from '#libs/outbound-http';
import { Environment } from '../../src/config/environment.js';
import { ItemFailure } from '../../src/imports/failure.js';
import { failure } from '../../src/videos/failures.js';
import type { DownloadedFile } from '../../src/videos/incoming/downloaded-file.js';
import { IncomingFiles } from '../../src/videos/incoming/incoming-files.js';
import { Transfers } from '../../src/videos/incoming/transfers.js';
import { DownloadStep } from '../../src/videos/steps/download.step.js';
import type { VideoItem } from '../../src/videos/video-import.js';
import { startAnsweringOrigin, type AnsweringOrigin, type SeenRequest } from '../support/answering-origin.js';
import type { Behaviour, Ending, Script } from './behaviour.js';
import { PADDING, scriptedAnswer } from './scripted-answer.js';
import { fileNamed, probe } from './versions.js';

const SMALL_BYTES = 300;

/** So that files of a few hundred bytes go to the disk as well. */
class TestTransfers extends Transfers {
  protected override readonly smallBytes: number = SMALL_BYTES;
}

/** How a script ended: with the bytes that were stored, or with a failure. */
export type Result = { stored: Buffer; versions: Buffer[] } | { failed: string; retryable: boolean };

interface Running {
  script: Script;
  versions: [Buffer, Buffer][];
  behaviours: readonly Behaviour[];
  answered: number;
}

/** Runs scripts on the real client, the real steps and real files. */
export class Workshop {
  private count = 0;
  private running: Running;

  private constructor(
    private readonly folder: string,
    private readonly environment: Environment,
    private readonly client: OutboundClient,
    private readonly storage: LocalStorage,
  ) {}

  private origin: AnsweringOrigin;

  static async open(): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'reelport-downloads-'));
    const environment = Object.assign(new Environment(), {
      DATA_DIR: folder,
      MAX_VIDEO_BYTES: 1_000_000,
      MIN_FREE_BYTES: 0,
    });
    const client = new OutboundClient({ trustedNetworks: ['127.0.0.0/8'] });
    const storage = new LocalStorage({ root: join(folder, 'media'), durable: false });
    const workshop = new Workshop(folder, environment, client, storage);
    workshop.origin = await startAnsweringOrigin((request) => workshop.answer(request));
    return workshop;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.origin.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The attempts of the script, then two at an origin without a fault. */
  async run(script: Script): Promise<Result> {
    const id = String(++this.count);
    const versions = [0, 1].map((place): [Buffer, Buffer] => [
      fileNamed(`${place} 0`, script.sizes[0]),
      fileNamed(`${place} 1`, script.sizes[1]),
    ]);
    const good = { behaviours: [script.finally, script.finally], ending: 'normal' as const };
    let files = await this.newProcess();
    let last: Result = { failed: 'nothing was tried', retryable: true };
    for (const [index, { behaviours, ending }] of [...script.attempts, good, good].entries()) {
      this.running = { script, versions, behaviours, answered: 0 };
      last = await this.attempt(files, itemOf(id, index + 1, this.origin.url(`/${id}`)), ending);
      if ('stored' in last || !last.retryable) return last;
      if (ending === 'killed') files = await this.newProcess();
    }
    return last;
  }

  private async newProcess(): Promise<IncomingFiles> {
    const files = new IncomingFiles(this.environment);
    await files.onModuleInit();
    return files;
  }

  private async attempt(files: IncomingFiles, item: VideoItem, ending: Ending): Promise<Result> {
    const download = new DownloadStep(this.client, this.environment);
    const transfer = await new TestTransfers(files, this.environment, this.storage).begin(item);
    const work = async (): Promise<Result> => {
      const file = await download.run(item, transfer, null, new AbortController().signal);
      if (file === null) throw new Error('Nothing is known that could be unchanged');
      const bytes = await contentOf(file);
      identify(bytes, file);
      transfer.confirm();
      if (ending !== 'normal') throw failure('STORAGE_FAILED');
      if (typeof file.source === 'string') await rm(file.source);
      transfer.handedOver();
      return { stored: bytes, versions: possibleFiles(this.running) };
    };
    try {
      // A process that is killed tidies nothing up.
      return await (ending === 'killed' ? work() : transfer.run(work));
    } catch (error) {
      if (!(error instanceof ItemFailure)) throw error;
      return { failed: error.failure.code, retryable: error.failure.retryable };
    }
  }

  private answer(request: SeenRequest) {
    const { behaviours, versions, answered } = this.running;
    const behaviour = behaviours[answered];
    if (behaviour === undefined) throw new Error('More than two requests in one attempt');
    const redirects = this.running.script.attempts.some(({ behaviours }) =>
      behaviours.some(({ place }) => place === 1),
    );
    if (redirects && !request.path.startsWith('/place-')) {
      return { status: 302, headers: { location: `/place-${behaviour.place}` } };
    }
    this.running.answered += 1;
    return scriptedAnswer(request, versions[behaviour.place][behaviour.version], behaviour);
  }
}

/** A longer file that is told from the first declared length on is a longer file, for all that HTTP can say. */
function possibleFiles({ script, versions }: Running): Buffer[] {
  const files = versions.flat();
  const declaresAll = script.attempts.every(({ behaviours }) =>
    behaviours.every(({ framing }) => framing === 'length'),
  );
  return declaresAll ? files : [...files, ...files.map((file) => Buffer.concat([file, PADDING]))];
}

async function contentOf({ source }: DownloadedFile): Promise<Buffer> {
  return typeof source === 'string' ? readFile(source) : Buffer.from(source);
}

/** The rule of the step that identifies files. */
function identify(bytes: Buffer, { lengthDeclared, size }: DownloadedFile): void {
  if (bytes.length !== size) throw new Error(`${bytes.length} bytes are there, not ${size}`);
  const found = probe(bytes);
  if (found === 'video') return;
  throw failure(found === 'truncated' && !lengthDeclared ? 'TRUNCATED' : 'NOT_A_VIDEO');
}

function itemOf(id: string, claim: number, url: string): VideoItem {
  return {
    id,
    claim,
    tries: claim - 1,
    lastCode: null,
    importId: 'import',
    sequence: 1n,
    projectId: 1,
    systemName: 'downloads',
    externalId: id,
    title: id,
    payload: { url, metadata: {} },
    originHost: '127.0.0.1',
  };
}
