import type { Attempt, Behaviour, Script } from './behaviour.js';

export const plainly: Behaviour = {
  version: 0,
  place: 0,
  validators: 'strong tag',
  framing: 'length',
  cut: null,
  ranges: 'known',
  conditional: true,
  lie: null,
};
const broken: Behaviour = { ...plainly, cut: { at: 500, by: 'fin' } };
const inChunks: Behaviour = { ...plainly, framing: 'chunked' };
const always = (behaviour: Behaviour): Attempt => ({
  behaviours: [behaviour, behaviour],
  ending: 'normal',
});

const script = (attempts: Attempt[], more: Partial<Script> = {}): Script => ({
  sizes: [1_000, 1_000],
  tail: 0,
  attempts,
  finally: plainly,
  ...more,
});

/** Run first: what chance brings about too rarely, of origins that only break. */
export const RARE_BREAKS: readonly Script[] = [
  // A rest that ends early as if it were complete.
  script([always(broken), always({ ...inChunks, cut: { at: 500, by: 'last chunk' } })]),
  // The same of a whole file, in bytes that the file itself does not miss: only the length that was noted can tell.
  script([always(broken), always({ ...inChunks, ranges: 'unknown', cut: { at: 800, by: 'last chunk' } })], {
    tail: 600,
  }),
];

/** The same of origins that lie. */
export const RARE_LIES: readonly Script[] = [
  ...RARE_BREAKS,
  // A length that was wrong once, and is declared no more.
  script([always({ ...plainly, lie: 'declared too long' })], {
    finally: { ...inChunks, ranges: 'unknown' },
  }),
];
