import type { Attempt, Behaviour, Damage, Script } from './behaviour.js';
import { PASSING, PLAIN_TO_SEE, REFUSALS } from './lies.js';

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

/** A process that is killed with the beginning of a file, or with all of it. */
const crashed = (damage: Damage): Script[] =>
  [broken, plainly].map((behaviour) => script([{ ...always(behaviour), ending: 'killed', damage }]));

/** What an origin has when a complete file is held, and what it has next. */
const CHANGES: readonly [before: Partial<Behaviour>, after: Partial<Behaviour>][] = [
  [{}, { version: 1 }],
  [{}, { version: 1, validators: 'none' }],
  [{ validators: 'date' }, { version: 1, validators: 'date' }],
  // An older file takes the place of a newer one, and servers compare dates.
  [{ validators: 'date', version: 1 }, { validators: 'date' }],
  [{}, { place: 1 }],
  [{}, { place: 1, conditional: false, ranges: 'unknown' }],
  [{ validators: 'weak tag' }, { validators: 'weak tag', version: 1, conditional: false }],
  // Who has no strong validator cannot tell that bytes of no declared length are those that were noted.
  [{ validators: 'date within the second' }, { validators: 'none', version: 1, framing: 'chunked' }],
];

/** Validators that both versions share, so that no beginning of one may be continued by the other. */
const WEAK: readonly Behaviour['validators'][] = ['weak tag', 'date within the second'];

/** Run first: what chance brings about too rarely, of origins that only break and change. */
export const RARE_BREAKS: readonly Script[] = [
  // A rest that ends early as if it were complete.
  script([always(broken), always({ ...inChunks, cut: { at: 500, by: 'last chunk' } })]),
  // The same of a whole file, in bytes that the file itself does not miss: only the length that was noted can tell.
  script([always(broken), always({ ...inChunks, ranges: 'unknown', cut: { at: 800, by: 'last chunk' } })], {
    tail: 600,
  }),
  // A body of no declared length that ends before it has begun.
  script([always({ ...inChunks, cut: { at: 0, by: 'last chunk' } })]),
  ...WEAK.map((validators) =>
    script([always({ ...broken, validators })], { finally: { ...plainly, validators, version: 1 } }),
  ),
  // What a crash may do to what it leaves behind.
  ...(['half a note', 'no bytes'] as const).flatMap((damage) => crashed(damage)),
  // An item that has another address than before.
  ...[broken, plainly].map((behaviour) =>
    script([{ ...always(behaviour), ending: 'storage fails', address: 1 }]),
  ),
  ...CHANGES.map(([before, after]) =>
    script([{ ...always({ ...plainly, ...before }), ending: 'storage fails' }], {
      sizes: [1_000, before.validators === 'weak tag' || after.framing === 'chunked' ? 900 : 1_000],
      finally: { ...plainly, ...after },
    }),
  ),
];

/** Each lie alone, to who holds the beginning of a file or all of it. */
export const EACH_LIE: readonly Script[] = [...PLAIN_TO_SEE, ...PASSING, ...REFUSALS].flatMap((lie) => {
  const isWeak = lie === 'date of the first version' || lie === 'part without its tag';
  const honest: Behaviour = { ...plainly, validators: isWeak ? 'weak tag and date' : 'tag and date' };
  const lied = (version: 0 | 1, framing: Behaviour['framing']): Attempt => ({
    behaviours: [
      { ...honest, version, framing, lie },
      { ...honest, version },
    ],
    ending: 'normal',
  });
  const held: Attempt = { ...always(honest), ending: 'storage fails' };
  const beginning = always({ ...honest, cut: broken.cut });
  return [
    script([beginning, lied(0, 'length')], { finally: honest }),
    script([beginning, lied(1, 'chunked')], { finally: { ...honest, version: 1 } }),
    script([held, lied(1, 'length')], { finally: { ...honest, version: 1 } }),
  ];
});

/** A rest that leaves out a validator of the file, as it may (RFC 9110, 15.3.7). */
export const INCOMPLETE_PARTS = (['part without its tag', 'part without its date'] as const).map(
  (lie): [lie: typeof lie, Script] => {
    const validators = lie === 'part without its tag' ? 'weak tag and date' : 'tag and date';
    return [lie, script([always({ ...broken, validators })], { finally: { ...plainly, validators, lie } })];
  },
);

/** The same of origins that lie. */
export const RARE_LIES: readonly Script[] = [
  ...RARE_BREAKS,
  ...crashed('bytes behind the end'),
  // A rest of the other version, sent whatever If-Range says, and without a word on what it is.
  script([
    always(broken),
    always({ ...plainly, version: 1, ranges: 'without If-Range', lie: 'no validators' }),
  ]),
  // A rest of a file that is longer than it was said to be.
  script([always(broken), always({ ...plainly, lie: 'another total' })]),
  // A rest of wrong bytes that breaks before they are counted, and the right one next.
  script([
    always(broken),
    always({ ...inChunks, cut: { at: 300, by: 'reset' }, lie: 'whole file as the rest, in chunks' }),
  ]),
  // A length that was wrong once, and is declared no more.
  script([always({ ...plainly, cut: { at: 1_000, by: 'fin' }, lie: 'declared too long' })], {
    finally: { ...inChunks, ranges: 'unknown' },
  }),
];
