import * as fc from 'fast-check';
import { LASTING, PASSING, PLAIN_TO_SEE, REFUSALS, type Lie } from './lies.js';

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

/** How the origin answers one request. */
export interface Behaviour {
  /** Which version of the file is there now. */
  version: 0 | 1;
  /** Where the address redirects to; the files there are others, with the same validators. */
  place: 0 | 1;
  validators: (typeof VALIDATORS)[number];
  framing: 'length' | 'chunked' | 'close';
  /** Thousandths of the body after which it ends. */
  cut: { at: number; by: 'fin' | 'reset' | 'last chunk' } | null;
  ranges: 'known' | 'without If-Range' | 'unknown';
  conditional: boolean;
  lie: Lie | null;
}

/** How an attempt ends once the file is there or the transfer has failed. */
export type Ending = 'normal' | 'killed' | 'storage fails';

/** What a crash does to what it leaves behind: it may lose the end of a note, or bytes, or add some. */
export type Damage = 'half a note' | 'bytes behind the end' | 'no bytes';

export interface Attempt {
  behaviours: [Behaviour, Behaviour];
  ending: Ending;
  /** Where the process was killed. */
  damage?: Damage | null;
  /** Which address the item has: the files there are others, with the same validators, and the query alone differs. */
  address?: 0 | 1;
}

export interface Script {
  /** Bytes of the versions, which are as long at both places. */
  sizes: [number, number];
  /** Bytes at the end of each that the file itself does not miss. */
  tail: number;
  attempts: Attempt[];
  /** What the origin is from then on, without a fault. */
  finally: Behaviour;
}

const version = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const validators = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Behaviour['validators']>('strong tag', 'date') },
  { weight: 3, arbitrary: fc.constantFrom(...VALIDATORS) },
);
/** Most faults are at an end. */
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
  // Of the same length lies about versions are not seen by their lengths.
  return fc.oneof(
    size.map((bytes): [number, number] => [bytes, bytes]),
    fc.tuple(size, size),
  );
};

type Kind = { [Name in keyof Behaviour]: fc.Arbitrary<Behaviour[Name]> };

/** Damage that is noticed before anything is requested. */
const EVIDENT: readonly Damage[] = ['half a note', 'no bytes'];
/** Bytes behind a beginning cost the attempt in which they are compared. */
const ANY_DAMAGE: readonly Damage[] = [...EVIDENT, 'bytes behind the end'];

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
    // Contradicting validators are only seen by who has held both of them.
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ...PLAIN_TO_SEE.filter((lie) => !lie.endsWith('of the first version')),
        ...PASSING,
        ...LASTING,
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
  ),
};

/** Origins with another behaviour at each request. */
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

/** Below this length a file stays in memory in these tests. */
export const SMALL_BYTES = 300;
/** Bytes that are requested once more in these tests, where a rest is. */
export const OVERLAP_BYTES = 16;

/** Whatever an origin may say. */
export const anyScripts = scripts(lying, ANY_DAMAGE);

/** Connections break and files change, but what is said is true. */
export const honestScripts = scripts(honest, EVIDENT);

/** An origin that has left something behind, and then lies in one point when it is asked for more. */
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
    { weight: 4, arbitrary: fc.constantFrom(...PLAIN_TO_SEE) },
    { weight: 2, arbitrary: fc.constantFrom(...PASSING) },
    { weight: 1, arbitrary: fc.constantFrom(...REFUSALS) },
  );
  const asked = fc.record<Behaviour>({
    ...always,
    ranges: fc.constantFrom<Behaviour['ranges']>('known', 'known', 'known', 'without If-Range'),
    cut: fc.option(cutBy('fin', 'last chunk'), { freq: 1 }),
    lie,
  });
  // Only a second version can have a validator of the first one.
  const lied = asked.map((behaviour): Behaviour => {
    const { lie: told } = behaviour;
    const isTwice = typeof told === 'string' && told.endsWith('of the first version');
    const hasBoth = steady === 'tag and date' || steady === 'weak tag and date';
    return isTwice ? { ...behaviour, version: 1, lie: hasBoth ? told : 'no validators' } : behaviour;
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

/** One version that can be continued, of an origin that only breaks. */
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
