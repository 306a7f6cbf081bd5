import * as fc from 'fast-check';

/** What HTTP cannot see through is left out: other bytes behind the right validators, ranges and lengths. */
const LIES = [
  'shorter body',
  'longer body',
  'another length',
  'another first byte',
  'another total',
  'part of the rest',
  'no total',
  'whole file as the rest',
  'whole file as a part',
  'rest as a whole file',
  'rest as a whole file, without a range',
  'part that nobody asked for',
  'several parts',
  'no validators',
  'declared too short',
  'declared too long',
  'compressed',
] as const;

const STATUSES = [304, 400, 403, 404, 412, 416, 501, 503];

/** How the origin answers one request. */
export interface Behaviour {
  /** Which version of the file is there now. */
  version: 0 | 1;
  /** Where the address redirects to; the files there are others, with the same validators. */
  place: 0 | 1;
  validators: 'strong tag' | 'weak tag' | 'date' | 'date within the second' | 'tag and date' | 'none';
  framing: 'length' | 'chunked' | 'close';
  /** Thousandths of the body after which it ends. */
  cut: { at: number; by: 'fin' | 'reset' | 'last chunk' } | null;
  ranges: 'known' | 'without If-Range' | 'unknown';
  conditional: boolean;
  lie: (typeof LIES)[number] | number | null;
}

/** How an attempt ends once the file is there or the transfer has failed. */
export type Ending = 'normal' | 'killed' | 'storage fails';

export interface Attempt {
  behaviours: [Behaviour, Behaviour];
  ending: Ending;
}

export interface Script {
  /** Bytes of the versions, which are as long at both places. */
  sizes: [number, number];
  attempts: Attempt[];
  /** What the origin is from then on, without a fault. */
  finally: Behaviour;
}

const version = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const validators = fc.constantFrom<Behaviour['validators']>(
  'strong tag',
  'strong tag',
  'weak tag',
  'date',
  'date',
  'date within the second',
  'tag and date',
  'none',
);
const cut = fc.option(
  fc.record({
    at: fc.nat(1_000),
    by: fc.constantFrom<'fin' | 'reset' | 'last chunk'>('fin', 'reset', 'last chunk'),
  }),
  { freq: 2 },
);

const honest = {
  version,
  place: fc.constant<0>(0),
  validators,
  framing: fc.constantFrom<Behaviour['framing']>('length', 'length', 'chunked', 'close'),
  cut,
  ranges: fc.constantFrom<Behaviour['ranges']>('known', 'known', 'unknown'),
  conditional: fc.boolean(),
  lie: fc.constant(null),
};
const lying = {
  ...honest,
  place: fc.constantFrom<0 | 1>(0, 0, 0, 1),
  ranges: fc.constantFrom<Behaviour['ranges']>('known', 'known', 'without If-Range', 'unknown'),
  lie: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.constantFrom(...LIES) },
    { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
  ),
};

function scripts(kind: { [Name in keyof Behaviour]: fc.Arbitrary<Behaviour[Name]> }): fc.Arbitrary<Script> {
  const behaviour = fc.record<Behaviour>(kind);
  return fc.record<Script>({
    sizes: fc.oneof(
      // Of the same length lies about versions are not seen by their lengths.
      fc.nat(1_200).map((size): [number, number] => [size, size]),
      fc.tuple(fc.nat(1_200), fc.nat(1_200)),
    ),
    attempts: fc.array(
      fc.record<Attempt>({
        behaviours: fc.tuple(behaviour, behaviour),
        ending: fc.constantFrom<Ending>('normal', 'normal', 'killed', 'storage fails'),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    finally: fc.record<Behaviour>({ ...honest, cut: fc.constant(null) }),
  });
}

/** Connections break and files change, but what is said is true. */
export const honestScripts = scripts(honest);

/** Whatever an origin may say. */
export const anyScripts = scripts(lying);

const plainly: Behaviour = {
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
const endedEarly: Behaviour = { ...plainly, framing: 'chunked', cut: { at: 500, by: 'last chunk' } };

/** Runs first: a rest that ends early as if it were complete, which chance brings about too rarely. */
export const RARE: Script = {
  sizes: [1_000, 1_000],
  attempts: [
    { behaviours: [broken, broken], ending: 'normal' },
    { behaviours: [endedEarly, endedEarly], ending: 'normal' },
  ],
  finally: plainly,
};
