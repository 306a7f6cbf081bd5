import * as fc from 'fast-check';
import { PERMANENT, TRANSIENT, DETECTABLE, REFUSALS, type Lie } from './lies.js';

const STATUSES = [304, 400, 403, 404, 412, 416, 501, 503].map((status) => ({ status }));
const VALIDATORS = [
  'strong tag',
  'weak tag',
  'date',
  'date within the second',
  'tag and date',
  'weak tag and date',
  'none',
] as const;

/** Behaviour of the origin for one request. */
export interface Behaviour {
  /** Current version of the file. */
  version: 0 | 1;
  /** Target of the redirect. Both places have different files with the same validators. */
  place: 0 | 1;
  validators: (typeof VALIDATORS)[number];
  framing: 'length' | 'chunked' | 'close';
  /** Thousandths of the body after which the connection ends. */
  cut: { at: number; by: 'fin' | 'reset' | 'last chunk' } | null;
  ranges: 'known' | 'without If-Range' | 'unknown';
  conditional: boolean;
  lie: Lie | null;
}

/** How an attempt ends after the download or its failure. */
export type Ending = 'normal' | 'killed' | 'storage fails';

/** Damage to the files that a crash leaves: a truncated note, missing bytes, or extra bytes. */
export type Damage = 'incomplete note' | 'bytes after the end' | 'no bytes';

export interface Attempt {
  behaviours: [Behaviour, Behaviour];
  ending: Ending;
  /** Damage of a killed process. */
  damage?: Damage | null;
  /** URL of the item. Both URLs differ only in the query, and have different files with the same validators. */
  address?: 0 | 1;
}

export interface Script {
  /** Sizes of the versions, the same at both places. */
  sizes: [number, number];
  /** Number of bytes at the end that the file format does not require. */
  tail: number;
  attempts: Attempt[];
  /** Behaviour after all attempts, without faults. */
  finally: Behaviour;
}

const version = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const validators = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Behaviour['validators']>('strong tag', 'date') },
  { weight: 3, arbitrary: fc.constantFrom(...VALIDATORS) },
);
/** Includes the boundaries, where most bugs are. */
const at = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 999, 1_000) },
  { weight: 3, arbitrary: fc.nat(1_000) },
);
const cutBy = (...by: readonly ('fin' | 'reset' | 'last chunk')[]) =>
  fc.record({ at, by: fc.constantFrom(...by) });
const cut = fc.option(cutBy('fin', 'reset', 'last chunk'), { freq: 2 });
const endings = fc.constantFrom<Ending>('normal', 'normal', 'killed', 'storage fails');
const framing = fc.constantFrom<Behaviour['framing']>('length', 'length', 'chunked', 'close');
const sizes = (least: number): fc.Arbitrary<[number, number]> => {
  const size = fc.integer({ min: least, max: 1_200 });
  // Equal sizes hide lies about the version.
  return fc.oneof(
    size.map((bytes): [number, number] => [bytes, bytes]),
    fc.tuple(size, size),
  );
};

type Kind = { [Name in keyof Behaviour]: fc.Arbitrary<Behaviour[Name]> };

/** Damage that is detected before any request. */
const EVIDENT: readonly Damage[] = ['incomplete note', 'no bytes'];
/** Extra bytes cost the attempt that compares them. */
const ANY_DAMAGE: readonly Damage[] = [...EVIDENT, 'bytes after the end'];

const honest: Kind = {
  version,
  place: fc.constantFrom<0 | 1>(0, 0, 0, 1),
  validators,
  framing,
  cut,
  ranges: fc.constantFrom<Behaviour['ranges']>('known', 'known', 'unknown'),
  conditional: fc.boolean(),
  lie: fc.constant(null),
};
const lying: Kind = {
  ...honest,
  ranges: fc.constantFrom<Behaviour['ranges']>('known', 'known', 'without If-Range', 'unknown'),
  lie: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    // Contradicting validators are detected only by a client that holds both.
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ...DETECTABLE.filter((lie) => !lie.endsWith('of the first version')),
        ...TRANSIENT,
        ...PERMANENT,
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
  ),
};

/** Scripts with a different behaviour for each request. */
function scripts(kind: Kind, damage: readonly Damage[]): fc.Arbitrary<Script> {
  const behaviour = fc.record<Behaviour>(kind);
  return fc.record<Script>({
    sizes: sizes(0),
    tail: fc.constant(0),
    attempts: fc.array(
      fc.record<Attempt>({
        behaviours: fc.tuple(behaviour, behaviour),
        ending: endings,
        damage: fc.option(fc.constantFrom(...damage), { freq: 1 }),
        address: fc.constantFrom<0 | 1>(0, 0, 0, 1),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    finally: fc.record<Behaviour>({
      ...kind,
      ranges: honest.ranges,
      cut: fc.constant(null),
      lie: honest.lie,
    }),
  });
}

/** Smaller files stay in memory in these tests. */
export const SMALL_BYTES = 300;
/** Bytes that are requested again before a remaining part in these tests. */
export const OVERLAP_BYTES = 16;

/** Origins with any behaviour. */
export const anyScripts = scripts(lying, ANY_DAMAGE);

/** Origins with broken connections and changing files, but truthful answers. */
export const honestScripts = scripts(honest, EVIDENT);

/** Origins with a partial download that lie in one respect when asked for more. */
export const singleLies: fc.Arbitrary<Script> = validators.chain((steady) => {
  const always: Kind = { ...honest, validators: fc.constant(steady), cut: fc.constant(null) };
  const truth = fc.record<Behaviour>(always);
  const held = fc.record<Attempt>({
    behaviours: fc.tuple(
      fc.record<Behaviour>({
        ...always,
        version: fc.constantFrom<0 | 1>(0, 0, 1),
        framing: fc.constantFrom<Behaviour['framing']>('length', 'length', 'chunked'),
        cut: fc.option(cutBy('fin'), { freq: 3 }),
      }),
      truth,
    ),
    ending: fc.constantFrom<Ending>('storage fails', 'killed'),
  });
  const lie = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...DETECTABLE) },
    { weight: 2, arbitrary: fc.constantFrom(...TRANSIENT) },
    { weight: 1, arbitrary: fc.constantFrom(...REFUSALS) },
  );
  const asked = fc.record<Behaviour>({
    ...always,
    ranges: fc.constantFrom<Behaviour['ranges']>('known', 'known', 'known', 'without If-Range'),
    cut: fc.option(cutBy('fin', 'last chunk'), { freq: 1 }),
    lie,
  });
  // Only a second version can carry a validator of the first one.
  const lied = asked.map((behaviour): Behaviour => {
    const { lie: original } = behaviour;
    const isTwice = typeof original === 'string' && original.endsWith('of the first version');
    const hasBoth = steady === 'tag and date' || steady === 'weak tag and date';
    return isTwice ? { ...behaviour, version: 1, lie: hasBoth ? original : 'no validators' } : behaviour;
  });
  return fc
    .record({
      sizes: sizes(SMALL_BYTES),
      held,
      lies: fc.array(fc.record<Attempt>({ behaviours: fc.tuple(lied, truth), ending: endings }), {
        minLength: 1,
        maxLength: 2,
      }),
      finally: truth,
    })
    .map(({ held: first, lies, ...script }) => ({ ...script, tail: 0, attempts: [first, ...lies] }));
});

/** One resumable version at an origin whose only fault is broken connections. */
export const steadyScripts: fc.Arbitrary<Script> = fc
  .record({
    size: fc.integer({ min: SMALL_BYTES, max: 1_200 }),
    behaviour: fc.record<Behaviour>({
      ...honest,
      version: fc.constant(0),
      place: fc.constant(0),
      validators: fc.constantFrom<Behaviour['validators']>(
        'strong tag',
        'date',
        'tag and date',
        'weak tag and date',
      ),
      cut: fc.constant(null),
      ranges: fc.constant('known'),
    }),
    breaks: fc.array(
      fc.record({ cut: fc.option(cutBy('fin', 'last chunk'), { freq: 5 }), framing, ending: endings }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ size, behaviour, breaks }) => ({
    sizes: [size, size],
    tail: 0,
    attempts: breaks.map((fault): Attempt => {
      const broken = { ...behaviour, cut: fault.cut, framing: fault.framing };
      return { behaviours: [broken, broken], ending: fault.ending };
    }),
    finally: behaviour,
  }));
