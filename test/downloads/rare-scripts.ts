import type { Attempt, Behaviour, Damage, Script } from './behaviour.js';
import { TRANSIENT, DETECTABLE, REFUSALS } from './lies.js';

export const plain: Behaviour = {
  version: 0,
  place: 0,
  validators: 'strong tag',
  framing: 'length',
  cut: null,
  ranges: 'known',
  conditional: true,
  lie: null,
};
const broken: Behaviour = { ...plain, cut: { at: 500, by: 'fin' } };
const inChunks: Behaviour = { ...plain, framing: 'chunked' };
const always = (behaviour: Behaviour): Attempt => ({
  behaviours: [behaviour, behaviour],
  ending: 'normal',
});

const script = (attempts: Attempt[], more: Partial<Script> = {}): Script => ({
  sizes: [1_000, 1_000],
  tail: 0,
  attempts,
  finally: plain,
  ...more,
});

/** A process that is killed with a partial or a complete file. */
const crashed = (damage: Damage): Script[] =>
  [broken, plain].map((behaviour) => script([{ ...always(behaviour), ending: 'killed', damage }]));

/** Behaviour of the origin when a complete file was downloaded, and its next behaviour. */
const CHANGES: readonly [before: Partial<Behaviour>, after: Partial<Behaviour>][] = [
  [{}, { version: 1 }],
  [{}, { version: 1, validators: 'none' }],
  [{ validators: 'date' }, { version: 1, validators: 'date' }],
  // An older file replaces a newer one; servers compare dates.
  [{ validators: 'date', version: 1 }, { validators: 'date' }],
  [{}, { place: 1 }],
  [{}, { place: 1, conditional: false, ranges: 'unknown' }],
  [{ validators: 'weak tag' }, { validators: 'weak tag', version: 1, conditional: false }],
  // Without a strong validator, bytes of undeclared length cannot be matched with the recorded ones.
  [{ validators: 'date within the second' }, { validators: 'none', version: 1, framing: 'chunked' }],
];

/** Validators that both versions share, so that no partial file may be resumed. */
const WEAK: readonly Behaviour['validators'][] = ['weak tag', 'date within the second'];

/** Rare cases of broken connections and changing files, which run first. */
export const RARE_BREAKS: readonly Script[] = [
  // A remaining part that ends early as if it were complete.
  script([always(broken), always({ ...inChunks, cut: { at: 500, by: 'last chunk' } })]),
  // The same for a whole file, in bytes that the format does not require: only the recorded length reveals it.
  script([always(broken), always({ ...inChunks, ranges: 'unknown', cut: { at: 800, by: 'last chunk' } })], {
    tail: 600,
  }),
  // A body of undeclared length that ends before its first byte.
  script([always({ ...inChunks, cut: { at: 0, by: 'last chunk' } })]),
  ...WEAK.map((validators) =>
    script([always({ ...broken, validators })], { finally: { ...plain, validators, version: 1 } }),
  ),
  // Damage by a crash.
  ...(['incomplete note', 'no bytes'] as const).flatMap((damage) => crashed(damage)),
  // An item whose URL changed.
  ...[broken, plain].map((behaviour) =>
    script([{ ...always(behaviour), ending: 'storage fails', address: 1 }]),
  ),
  ...CHANGES.map(([before, after]) =>
    script([{ ...always({ ...plain, ...before }), ending: 'storage fails' }], {
      sizes: [1_000, before.validators === 'weak tag' || after.framing === 'chunked' ? 900 : 1_000],
      finally: { ...plain, ...after },
    }),
  ),
];

/** Each lie on its own, with a partial and a complete file. */
export const EACH_LIE: readonly Script[] = [...DETECTABLE, ...TRANSIENT, ...REFUSALS].flatMap((lie) => {
  const isWeak = lie === 'date of the first version' || lie === 'part without its tag';
  const honest: Behaviour = { ...plain, validators: isWeak ? 'weak tag and date' : 'tag and date' };
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

/** A remaining part without one of the validators, which is allowed (RFC 9110, section 15.3.7). */
export const INCOMPLETE_PARTS = (['part without its tag', 'part without its date'] as const).map(
  (lie): [lie: typeof lie, Script] => {
    const validators = lie === 'part without its tag' ? 'weak tag and date' : 'tag and date';
    return [lie, script([always({ ...broken, validators })], { finally: { ...plain, validators, lie } })];
  },
);

/** Rare cases of lying origins. */
export const RARE_LIES: readonly Script[] = [
  ...RARE_BREAKS,
  ...crashed('bytes after the end'),
  // A remaining part of the other version, sent despite If-Range and without validators.
  script([
    always(broken),
    always({ ...plain, version: 1, ranges: 'without If-Range', lie: 'no validators' }),
  ]),
  // A remaining part of a file that is longer than declared.
  script([always(broken), always({ ...plain, lie: 'another total' })]),
  // A wrong remaining part that breaks before it is counted, then the right one.
  script([
    always(broken),
    always({ ...inChunks, cut: { at: 300, by: 'reset' }, lie: 'whole file as the rest, in chunks' }),
  ]),
  // A length that was wrong once and is no longer declared.
  script([always({ ...plain, cut: { at: 1_000, by: 'fin' }, lie: 'declared too long' })], {
    finally: { ...inChunks, ranges: 'unknown' },
  }),
];
