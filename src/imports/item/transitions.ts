/**
 * States of an item. `pending` waits in the database, `queued` has a job in Bull, `running` has a worker; `planned` has a
 * prediction and waits until the plan is applied; the other three are final.
 */
export const ITEM_STATES = [
  'pending',
  'queued',
  'running',
  'planned',
  'success',
  'skipped',
  'failed',
] as const;

export type ItemState = (typeof ITEM_STATES)[number];

export type FinalState = Extract<ItemState, 'success' | 'skipped' | 'failed'>;

export const UNFINISHED = ['pending', 'queued', 'running', 'planned'] as const satisfies readonly ItemState[];

/** Columns of `import_items` that change with the state, and their values in a new item. */
export const INITIAL = {
  code: 'NULL',
  reason: 'NULL',
  retryable: 'NULL',
  http_status: 'NULL',
  tries: '0',
  lost: '0',
  claim: '0',
  due_at: 'now()',
  lease_owner: 'NULL',
  lease_until: 'NULL',
  prediction: 'NULL',
  result: 'NULL',
  finished_at: 'NULL',
} as const;

export type StateColumn = keyof typeof INITIAL;

export interface Transition {
  readonly from: readonly ItemState[];
  /** If there are several, the outcome selects one. */
  readonly to: readonly ItemState[];
  /** Folder of `src/imports/` that triggers it. */
  readonly by: string;
  /** Columns that get a new value. */
  readonly sets: readonly StateColumn[];
  /** Columns that return to their initial value. */
  readonly resets: readonly StateColumn[];
}

const LEASE = ['lease_owner', 'lease_until'] as const;

/** All state transitions of an item; nothing else writes these columns. */
export const TRANSITIONS = {
  /** A slot is free. */
  dispatch: { from: ['pending'], to: ['queued'], by: 'dispatch', sets: ['lease_until'], resets: [] },
  /** A worker received its job. */
  claim: {
    from: ['queued'],
    to: ['running'],
    by: 'run',
    sets: ['claim', 'lease_owner', 'lease_until'],
    resets: [],
  },
  /** The worker is still processing it. */
  renew: { from: ['running'], to: ['running'], by: 'run', sets: ['lease_until'], resets: [] },
  /** The attempt ended: with a result, a permanent failure, or a transient one to be retried after the backoff. */
  record: {
    from: ['running'],
    to: ['success', 'skipped', 'failed', 'pending'],
    by: 'record',
    sets: ['code', 'reason', 'retryable', 'http_status', 'tries', 'due_at', 'result', 'finished_at'],
    resets: LEASE,
  },
  /** The attempt of a plan ended: with a prediction, whatever it is. */
  plan: { from: ['running'], to: ['planned'], by: 'record', sets: ['prediction'], resets: LEASE },
  /** The plan is applied. */
  apply: { from: ['planned'], to: ['pending'], by: 'plan', sets: [], resets: ['lost', 'due_at'] },
  /** The worker shuts down and returns its running items. */
  release: { from: ['running'], to: ['pending'], by: 'run', sets: [], resets: LEASE },
  /** The worker drains and returns an unclaimed job. */
  unqueue: { from: ['queued'], to: ['pending'], by: 'run', sets: [], resets: ['lease_until'] },
  /** Its lease expired. */
  reclaim: {
    from: ['running'],
    to: ['pending'],
    by: 'recover',
    sets: ['lost'],
    resets: [...LEASE, 'due_at'],
  },
  /** Redis lost its job. */
  requeue: { from: ['queued'], to: ['pending'], by: 'recover', sets: [], resets: ['lease_until'] },
  /** No further attempt can help; a plan predicts the failure. */
  giveUp: {
    from: ['pending'],
    to: ['failed', 'planned'],
    by: 'recover',
    sets: ['code', 'reason', 'retryable', 'prediction', 'finished_at'],
    resets: ['result', 'http_status'],
  },
  cancel: {
    from: UNFINISHED,
    to: ['failed'],
    by: 'cancel',
    sets: ['code', 'reason', 'retryable', 'finished_at'],
    resets: [...LEASE, 'http_status'],
  },
  /** The plan was not applied in time. */
  expire: {
    from: ['planned'],
    to: ['failed'],
    by: 'plan',
    sets: ['code', 'reason', 'retryable', 'finished_at'],
    resets: [],
  },
  retry: {
    from: ['failed'],
    to: ['pending'],
    by: 'retry',
    sets: ['due_at'],
    resets: ['tries', 'lost', 'code', 'reason', 'retryable', 'http_status', 'finished_at'],
  },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof TRANSITIONS;

type SetColumn<Name extends TransitionName> = (typeof TRANSITIONS)[Name]['sets'][number];

/** SQL of new values by column, including `state` if the transition has several targets. */
type Values<Name extends TransitionName> = Readonly<Record<SetColumn<Name>, string>> &
  ((typeof TRANSITIONS)[Name]['to'] extends readonly [ItemState] ? object : { readonly state: string });

/** The `SET` clause of a transition. */
export function assignments<Name extends TransitionName>(name: Name, values: Values<Name>): string {
  const { to, resets }: Transition = TRANSITIONS[name];
  const target = to.length === 1 ? { state: `'${to[0]}'` } : {};
  const initial = Object.fromEntries(resets.map((column) => [column, INITIAL[column]]));
  return Object.entries({ ...target, ...values, ...initial })
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');
}

/** The condition that an item is in a state from which the transition starts. */
export function startsFrom(name: TransitionName, alias?: string): string {
  const { from }: Transition = TRANSITIONS[name];
  const state = alias === undefined ? 'state' : `${alias}.state`;
  const literals = from.map((value) => `'${value}'`);
  return literals.length === 1 ? `${state} = ${literals[0]}` : `${state} IN (${literals.join(', ')})`;
}
