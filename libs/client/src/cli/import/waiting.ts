import type { Client } from '../../client.js';
import type { components } from '../../schema.js';

type ItemWait = components['schemas']['ItemWaitDto'];

/** Why items do not run. */
export interface Waiting {
  readonly reason: ItemWait['reason'];
  /** ISO 8601; null if that is not known. */
  readonly until: string | null;
  /** For people. */
  readonly sentence: string;
}

/** What an item waits for, as seen by the failure that it had. */
type Subject = Pick<components['schemas']['ImportItemDto'], 'code' | 'httpStatus' | 'host'>;

const SENTENCES: Readonly<Record<ItemWait['reason'], ((subject: Subject) => string) | undefined>> = {
  not_before: () => 'for the time in its notBefore',
  retry: (subject) => `for the next attempt after ${failureOf(subject)}`,
  host_asked: ({ host }) => `because ${host ?? 'the host'} asked for a pause`,
  host_failing: ({ host }) => `because ${host ?? 'the host'} keeps failing`,
  no_worker: () => 'because no worker is running',
  kind_missing: () => 'because no running worker has this kind',
  disk: () => 'because the workers lack disk space',
  redis: () => 'because the workers cannot reach their queue',
  redis_read_only: () => 'because the queue of the workers is read-only',
  redis_memory: () => 'because the queue of the workers lacks memory',
  redis_disk: () => 'because the queue of the workers lacks disk space',
  redis_refused: () => 'because the queue of the workers refuses writes',
  // Nothing is wrong.
  turn: undefined,
};

/** Why the first pending item of an import does not run; undefined if there is none, or only others are in front. */
export async function waitOf(client: Client, id: string, signal: AbortSignal): Promise<Waiting | undefined> {
  const { data: page } = await client.api.GET('/api/v1/imports/{id}/items', {
    params: { path: { id }, query: { state: 'pending', limit: 1 } },
    signal,
  });
  const [first] = page?.results ?? [];
  if (first === undefined) return undefined;
  const { data: item } = await client.api.GET('/api/v1/imports/{id}/items/{position}', {
    params: { path: { id, position: String(first.position) } },
    signal,
  });
  const [wait] = item?.waiting ?? [];
  const sentence = wait === undefined ? undefined : SENTENCES[wait.reason]?.(first);
  if (wait === undefined || sentence === undefined) return undefined;
  return { ...wait, sentence: `${sentence}${wait.until === null ? '' : `, until ${timeOf(wait.until)}`}` };
}

function failureOf({ code, httpStatus, host }: Subject): string {
  return `${code ?? 'a failure'}${httpStatus === null ? '' : ` ${httpStatus}`} from ${host ?? 'the host'}`;
}

/** `13:42:07 UTC`, with the date unless it is today. */
function timeOf(iso: string): string {
  const [date = '', time = ''] = new Date(iso).toISOString().split('T');
  const isToday = date === new Date().toISOString().slice(0, date.length);
  return `${isToday ? '' : `${date} `}${time.slice(0, 'hh:mm:ss'.length)} UTC`;
}
