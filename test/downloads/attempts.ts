import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalStorage } from '#libs/storage';
import { Environment } from '../../src/config/environment.js';
import { ItemFailure } from '../../src/imports/failure.js';
import { failure } from '../../src/media/media-failures.js';
import { incomingFolder } from '../../src/media/storage/media-folders.js';
import type { DownloadedFile } from '../../src/media/incoming/downloaded-file.js';
import { IncomingFiles } from '../../src/media/incoming/incoming-files.js';
import { Transfers } from '../../src/media/incoming/transfers.js';
import { DownloadStep } from '../../src/media/steps/download.step.js';
import type { SourceValidators, MediaItem } from '../../src/media/media-import.js';
import {
  startAnsweringOrigin,
  type AnsweringOrigin,
  type SeenRequest,
  type SpokenAnswer,
} from '../support/answering-origin.js';
import {
  OVERLAP_BYTES,
  SMALL_BYTES,
  type Attempt,
  type Behaviour,
  type Damage,
  type Script,
} from './behaviour.js';
import { plain } from './rare-scripts.js';
import { PADDING, scriptedAnswer } from './scripted-answer.js';
import { ReadingClient } from './reading-client.js';
import { fileNamed, probe } from './versions.js';

const HOUR_MS = 3_600_000;
const FIRST_BYTES = 8;
/** Larger than the files of the properties. */
export const MAX_VIDEO_BYTES = 2_000;
/** No timeouts: results must not depend on the load of the machine. */
const NO_TIMEOUTS = { connectMs: HOUR_MS, headersMs: HOUR_MS, idleMs: HOUR_MS, minBytesPerSecond: 0 };

/** Smaller thresholds, so that files of a few hundred bytes reach the disk as well. */
class TestTransfers extends Transfers {
  protected override readonly smallBytes: number = SMALL_BYTES;
  protected override readonly overlapBytes: number = OVERLAP_BYTES;
}

/** An attempt without a file. */
export interface Failed {
  attempt: Attempt;
  failed: string;
  retryable: boolean;
}

/** An attempt with a file. */
interface Stored {
  stored: Buffer;
  validators: SourceValidators;
  /** The answer that delivered or confirmed it. */
  by?: Behaviour;
}

/** Result of a script: stored bytes, or a failure. */
export interface Result {
  last: Stored | Failed;
  /** The versions that may be stored. */
  versions: Buffer[];
  /** The file of the origin at its last answer. */
  current: Buffer;
  /** Failed attempts before the last one. */
  failures: Failed[];
  /** Number of body bytes sent. */
  sent: number;
  /** Remaining files of the item in the folder. */
  leftovers: string[];
}

interface Running {
  script: Script;
  /** By URL and place. */
  versions: [Buffer, Buffer][];
  address: 0 | 1;
  behaviours: readonly Behaviour[];
  answered: number;
  sent: number;
}

const NOT_A_VIDEO = new ItemFailure({
  code: 'NOT_A_VIDEO',
  reason: 'The file is not a video',
  retryable: false,
});

/** For an origin that always gives the same answer. */
const ONE_ATTEMPT: Attempt = { behaviours: [plain, plain], ending: 'normal' };

/** Runs scripts on the real client, the real steps and real files. */
export class DownloadHarness {
  private count = 0;
  private running: Running;
  private only: SpokenAnswer | null = null;

  private constructor(
    private readonly folder: string,
    private readonly environment: Environment,
    private readonly client: ReadingClient,
    private readonly storage: LocalStorage,
  ) {}

  private origin: AnsweringOrigin;

  static async open(): Promise<DownloadHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'reelport-downloads-'));
    const environment = Object.assign(new Environment(), {
      DATA_DIR: folder,
      MIN_FREE_BYTES: 0,
    });
    const client = new ReadingClient({ trustedNetworks: ['127.0.0.0/8'], limits: NO_TIMEOUTS });
    const storage = new LocalStorage({ root: join(folder, 'media'), durable: false });
    const harness = new DownloadHarness(folder, environment, client, storage);
    harness.origin = await startAnsweringOrigin((request) => harness.answer(request));
    return harness;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.origin.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** One attempt at an origin that always gives this answer. */
  async answerOnce(answer: SpokenAnswer): Promise<{ stored: Buffer } | Failed> {
    const id = String(++this.count);
    this.only = answer;
    try {
      const item = itemOf(id, 1, this.origin.url(`/${id}`));
      return await this.attempt(await this.newProcess(), item, ONE_ATTEMPT);
    } finally {
      this.only = null;
    }
  }

  /** The attempts of the script, then two at an origin without faults. */
  async run(script: Script): Promise<Result> {
    const id = String(++this.count);
    const versions = ['0 0', '0 1', '1 0', '1 1'].map((where): [Buffer, Buffer] => [
      fileNamed(`${where} 0`, script.sizes[0], script.tail),
      fileNamed(`${where} 1`, script.sizes[1], script.tail),
    ]);
    const good: Attempt = { behaviours: [script.finally, script.finally], ending: 'normal' };
    this.running = { script, versions, address: 0, behaviours: [], answered: 0, sent: 0 };
    let files = await this.newProcess();
    const failures: Failed[] = [];
    let claim = 0;
    for (const attempt of [...script.attempts, good, good]) {
      const { behaviours, address = 0 } = attempt;
      Object.assign(this.running, { behaviours, address, answered: 0 });
      const item = itemOf(id, ++claim, this.origin.url(`/${id}?${address}`));
      const last = await this.attempt(files, item, attempt);
      const isLast = 'stored' in last || !last.retryable || claim === script.attempts.length + 2;
      if (isLast) return this.resultOf(id, last, failures);
      failures.push(last);
      if (attempt.ending !== 'killed') continue;
      await this.crash(id, attempt.damage ?? null);
      files = await this.newProcess();
    }
    throw new Error('No attempt was the last one');
  }

  private async resultOf(id: string, last: Result['last'], failures: Failed[]): Promise<Result> {
    const { sent } = this.running;
    const versions = possibleFiles(this.running);
    return {
      last,
      failures,
      sent,
      versions,
      current: this.fileOf(this.answering()),
      leftovers: await this.filesOf(id),
    };
  }

  private fileOf({ place, version }: Behaviour): Buffer {
    const { versions, address } = this.running;
    return versions[2 * address + place][version];
  }

  private async filesOf(id: string): Promise<string[]> {
    const names = await readdir(incomingFolder(this.environment));
    return names.filter((name) => name.startsWith(`${id}.`));
  }

  private async crash(id: string, damage: Damage | null): Promise<void> {
    for (const name of await this.filesOf(id)) {
      const path = join(incomingFolder(this.environment), name);
      const isNote = name.endsWith('.json');
      if (damage === 'incomplete note' && isNote) await truncate(path, (await stat(path)).size >> 1);
      if (damage === 'bytes after the end' && !isNote) await appendFile(path, PADDING);
      if (damage === 'no bytes' && !isNote) await truncate(path, 0);
    }
  }

  /** Behaviour of the last answer. */
  private answering(): Behaviour {
    const { behaviours, answered } = this.running;
    return behaviours[Math.max(0, answered - 1)];
  }

  private async newProcess(): Promise<IncomingFiles> {
    const files = new IncomingFiles(this.environment);
    await files.onModuleInit();
    return files;
  }

  private async attempt(files: IncomingFiles, item: MediaItem, attempt: Attempt): Promise<Stored | Failed> {
    const download = new DownloadStep(this.client);
    const transfer = await new TestTransfers(files, this.storage).begin(item, MAX_VIDEO_BYTES);
    const work = async (): Promise<Stored> => {
      const file = await download.run(item, transfer, null, new AbortController().signal);
      if (file === null) throw new Error('A new item cannot be unchanged');
      const bytes = await contentOf(file);
      identify(bytes, file);
      transfer.confirm();
      if (attempt.ending !== 'normal') throw failure('STORAGE_FAILED');
      if (typeof file.source === 'string') await rm(file.source);
      transfer.handedOver();
      const { etag, lastModified } = file;
      const stored = { stored: bytes, validators: { etag, lastModified } };
      return this.only ? stored : { ...stored, by: this.answering() };
    };
    try {
      // A killed process does not clean up.
      return await (attempt.ending === 'killed' ? work() : transfer.run(work));
    } catch (error) {
      if (!(error instanceof ItemFailure)) throw error;
      return { attempt, failed: error.failure.code, retryable: error.failure.retryable };
    }
  }

  private answer(request: SeenRequest): SpokenAnswer {
    if (this.only) return this.only;
    const { behaviours, answered, script, address } = this.running;
    const behaviour = behaviours[answered];
    if (behaviour === undefined) throw new Error('More than two requests in one attempt');
    const redirects = [script.finally, ...script.attempts.flatMap((attempt) => attempt.behaviours)].some(
      ({ place }) => place === 1,
    );
    if (redirects && !request.path.startsWith('/place-')) {
      return { status: 302, headers: { location: `/place-${behaviour.place}?${address}` } };
    }
    this.running.answered += 1;
    const answer = scriptedAnswer(request, this.fileOf(behaviour), behaviour);
    const { body, cut } = answer;
    this.running.sent += Math.min(body?.length ?? 0, cut?.at ?? Infinity);
    if (behaviour.lie === 'whole file as the rest, in chunks' && answer.status === 206 && !cut) {
      // The client reads some of the surplus bytes before it can detect them.
      return { ...answer, pause: { at: FIRST_BYTES, until: this.client.hasRead(FIRST_BYTES) } };
    }
    return cut === undefined ? answer : { ...answer, cut: { ...cut, after: this.client.hasRead(cut.at) } };
  }
}

/** Unless every answer declares a length, HTTP cannot reveal a padded file, so padded versions are possible as well. */
function possibleFiles({ script, versions, address }: Running): Buffer[] {
  const files = versions.slice(2 * address, 2 * address + 2).flat();
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
  if (bytes.length !== size) throw new Error(`The file has ${bytes.length} bytes, not ${size}`);
  const found = probe(bytes);
  if (found === 'video') return;
  throw found === 'truncated' && !lengthDeclared ? failure('TRUNCATED') : NOT_A_VIDEO;
}

function itemOf(id: string, claim: number, url: string): MediaItem {
  return {
    id,
    claim,
    tries: claim - 1,
    lastCode: null,
    kind: 'videos',
    importId: 'import',
    sequence: 1n,
    projectId: 1,
    systemName: 'downloads',
    externalId: id,
    title: id,
    payload: { url, metadata: {} },
    originHost: '127.0.0.1',
    isPlan: false,
  };
}
