import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import { didYouMean } from '../config/did-you-mean.js';
import { ExtensionError } from '../config/extension-error.js';
import { codeFaults, fieldFaults, typeFaults } from './faults.parts.js';
import type { Extension } from './define-extension.js';
import {
  entriesOf,
  isFunction,
  isPositiveInteger,
  label,
  listOf,
  nameFault,
  valueOf,
} from './faults.reading.js';
import { documentedClasses } from './schema-classes.js';
import { schemaNames } from './schema-names.js';

/** What Reelport itself has, which extensions must not take or need to match. */
export interface Own {
  /** Release of Reelport. */
  version: string;
  kinds: readonly string[];
  nouns: readonly string[];
  storages: readonly string[];
  scopes: readonly string[];
  tables: readonly string[];
  /** Schemas of the OpenAPI document. */
  schemas: readonly string[];
  /** Environment variables, with their former names. */
  variables: readonly string[];
  /** Codes that every kind has. */
  codes: readonly string[];
  /** MIME types by the file extension of stored files. */
  types: ReadonlyMap<string, string>;
}

type Part = object;

const PARTS = [
  'name',
  'reelport',
  'kinds',
  'steps',
  'listeners',
  'storages',
  'mediaServices',
  'scopes',
  'settings',
  'entities',
  'migrations',
  'api',
  'worker',
];
const EVENTS = ['import.accepted', 'import.finished', 'media.created', 'media.updated', 'media.removed'];
/** PostgreSQL cuts names of tables after 63 bytes; `migrations_` stands before this one. */
const LONGEST_NAME = 40;
/** Node.js fires timers above this at once. */
const LONGEST_MS = 2 ** 31 - 1;
const EXTENSION_NAME = /^[a-z][a-z0-9_]*$/;
const KIND_NAME = /^[a-z][a-z0-9]*$/;
const NOUN = /^[a-z][A-Za-z0-9]*$/;
const PART_NAME = /^[a-z][a-z0-9_-]*$/;
const SCOPE_NAME = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/;
const SETTING_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const MIGRATION_NAME = /\d{13}$/;
/** Words in the paths of the API, and members of an item. */
const RESERVED_KINDS = [
  'access-tokens',
  'docs',
  'events',
  'health',
  'import',
  'imports',
  'items',
  'media',
  'metrics',
  'webhooks',
];
const RESERVED_NOUNS = [
  'code',
  'externalId',
  'id',
  'metadata',
  'prediction',
  'reason',
  'retryable',
  'state',
  'status',
  'systemName',
  'title',
  'url',
];
const RESERVED_FACTS = [
  'code',
  'createdAt',
  'externalId',
  'id',
  'kind',
  'mediaId',
  'metadata',
  'mimeType',
  'originalUrl',
  'reason',
  'retryable',
  'sha256',
  'size',
  'state',
  'status',
  'storageKey',
  'systemName',
  'title',
  'updatedAt',
  'url',
  'version',
];
const RESERVED_ITEM_FIELDS = ['id', 'title'];
const RESERVED_RESULTS = [
  'code',
  'externalId',
  'reason',
  'retryable',
  'state',
  'status',
  'systemName',
  'title',
];
/** What the names of a kind lead to. */
const SCHEMA = 'OpenAPI schema';
/** First words of variables of Node.js, npm and PostgreSQL's client. */
const FOREIGN_WORDS = ['NODE', 'NPM', 'PG', 'UV', 'REELPORT'];

/** @throws ExtensionError listing every fault */
export function assertExtensions(extensions: readonly Extension[], own: Own): void {
  const faults = extensionFaults(extensions, own);
  if (faults.length > 0) throw new ExtensionError(faults);
}

/** Every fault of the listed extensions, each with the name of its extension. */
export function extensionFaults(extensions: readonly Extension[], own: Own): string[] {
  if (!Array.isArray(extensions)) return ['extensions must be a list'];
  const missing = extensions.flatMap((extension, index) =>
    isObject(extension)
      ? []
      : [`extensions[${index}] is ${label(extension)}; do two modules import each other?`],
  );
  const known = extensions.filter(isObject);
  const taken = new Taken();
  taken.reserve('kind', own.kinds);
  taken.reserve('noun', own.nouns);
  taken.reserve('storage', own.storages);
  taken.reserve('scope', own.scopes);
  taken.reserve('setting', own.variables);
  taken.reserve(SCHEMA, own.schemas);
  const types = new Map(own.types);
  const media = known
    .flatMap((extension) => listOf(extension, 'kinds'))
    .filter(isObject)
    .filter((kind) => valueOf(kind, 'form') === 'media');
  const kinds = [...own.kinds, ...media.map((kind) => String(valueOf(kind, 'name')))];
  const classes = new Set<unknown>();
  const faults = known.flatMap((extension) => {
    const name = label(valueOf(extension, 'name'));
    return [
      ...identityFaults(extension, known, own, taken),
      ...kindFaults(extension, own, taken, types),
      ...stepFaults(extension, kinds, own, taken),
      ...listenerFaults(extension, taken),
      ...choiceFaults(extension, taken),
      ...scopeFaults(extension, taken),
      ...settingFaults(extension, own, taken),
      ...migrationFaults(extension),
      ...moduleFaults(extension),
      ...classFaults(extension, taken, classes),
    ].map((fault) => `${name}: ${fault}`);
  });
  return [...missing, ...faults, ...codeClashes(known)];
}

/** Names that are in use. */
class Taken {
  private readonly names = new Map<string, Set<string>>();

  reserve(what: string, names: readonly string[]): void {
    for (const name of names) this.of(what).add(name);
  }

  /** @returns the fault if the name is taken already */
  take(what: string, name: unknown): string[] {
    if (typeof name !== 'string') return [];
    const names = this.of(what);
    if (names.has(name)) return [`the ${what} "${name}" is taken already`];
    names.add(name);
    return [];
  }

  private of(what: string): Set<string> {
    const names = this.names.get(what) ?? new Set();
    this.names.set(what, names);
    return names;
  }
}

function identityFaults(extension: Part, all: readonly Part[], own: Own, taken: Taken): string[] {
  const faults = nameFault(
    'the name',
    valueOf(extension, 'name'),
    EXTENSION_NAME,
    'lower-case letters, digits and _',
  );
  const name = String(valueOf(extension, 'name'));
  if (name.length > LONGEST_NAME) faults.push(`the name must have at most ${LONGEST_NAME} characters`);
  faults.push(...taken.take('extension', name));
  const table = own.tables.find((each) => each === name || each.startsWith(`${name}_`));
  if (table !== undefined) faults.push(`Reelport's table ${table} begins with the name; choose another one`);
  for (const other of all) {
    const prefix = String(valueOf(other, 'name'));
    if (name.startsWith(`${prefix}_`)) faults.push(`the name begins with that of the extension ${prefix}`);
  }
  for (const key of Object.keys(extension)) {
    if (PARTS.includes(key)) continue;
    const meant = didYouMean(key, PARTS);
    faults.push(`there is no part "${key}"${meant === undefined ? '' : `; did you mean ${meant}?`}`);
  }
  const range = valueOf(extension, 'reelport');
  if (range !== undefined) {
    if (typeof range !== 'string' || validRange(range) === null)
      faults.push('`reelport` must be a range of releases, such as ^1.2.0');
    else if (!satisfies(own.version, range, { includePrerelease: true }))
      faults.push(`works with Reelport ${range}; this is ${own.version}`);
  }
  return faults;
}

function kindFaults(extension: Part, own: Own, taken: Taken, types: Map<string, string>): string[] {
  return partsOf(extension, 'kinds', 'kind', (kind, what) => {
    const name = valueOf(kind, 'name');
    const noun = valueOf(kind, 'noun');
    const isMedia = valueOf(kind, 'form') === 'media';
    const faults = [
      ...nameFault('the name', name, KIND_NAME, 'lower-case letters and digits'),
      ...nameFault('the noun', noun, NOUN, 'letters and digits, a lower-case letter first'),
      ...reserved('the name', name, RESERVED_KINDS),
      ...reserved('the noun', noun, RESERVED_NOUNS),
      ...codeFaults(valueOf(kind, 'codes'), own.codes),
      ...(isPositiveInteger(valueOf(kind, 'atOnce') ?? 1) ? [] : ['atOnce must be a positive integer']),
    ];
    if (isMedia) {
      const size = valueOf(kind, 'maxBytes');
      if (!isFunction(size) && !isPositiveInteger(size))
        faults.push('maxBytes must be a positive integer, or a function that returns one');
      faults.push(
        ...typeFaults(valueOf(kind, 'types'), types),
        ...fieldFaults('fact', valueOf(kind, 'facts'), [...RESERVED_FACTS, `${String(noun)}Service`]),
        ...limitFault(kind, 'identifyMs'),
        ...choiceOrNone(kind, 'isolate', ['process', 'inline']),
        ...(isPositiveInteger(valueOf(kind, 'identifyMb') ?? 1)
          ? []
          : ['identifyMb must be a positive integer']),
        ...methodFaults(kind, ['identify']),
      );
    } else if (valueOf(kind, 'form') === 'plain') {
      const result = valueOf(kind, 'result');
      faults.push(
        ...fieldFaults('item field', valueOf(kind, 'item'), RESERVED_ITEM_FIELDS),
        ...fieldFaults('result field', result, RESERVED_RESULTS),
        ...requiredLimit(kind, 'processMs'),
        ...methodFaults(kind, ['host', 'process', 'record', 'settle']),
        ...listOf(kind, 'report')
          .filter((column) => !entriesOf(result).some(([field]) => field === column))
          .map((column) => `the report column ${label(column)} is no field of the result`),
      );
    } else faults.push('make it with defineMediaKind or defineKind');
    const clashes = [...taken.take('kind', name), ...taken.take('noun', noun)];
    return [
      ...faults.map((fault) => `${what}: ${fault}`),
      ...(clashes.length > 0 ? clashes : schemaFaults(kind, taken).map((fault) => `${what}: ${fault}`)),
    ];
  });
}

/** Schemas of one name would replace each other in the OpenAPI document. */
function schemaFaults(kind: Part, taken: Taken): string[] {
  const [form, name, noun] = [valueOf(kind, 'form'), valueOf(kind, 'name'), valueOf(kind, 'noun')];
  if (form !== 'media' && form !== 'plain') return [];
  if (typeof name !== 'string' || typeof noun !== 'string') return [];
  const { planned, file, ...others } = schemaNames({ form, name, noun });
  const names = [...Object.values(others), ...(form === 'media' ? [planned, file] : [])];
  return names.flatMap((schema) =>
    taken.take(SCHEMA, schema).map((fault) => `${fault}; choose another name or noun`),
  );
}

/** Classes of one name would do the same. @param known classes that have been looked at: extensions may share them */
function classFaults(extension: Part, taken: Taken, known: Set<unknown>): string[] {
  return documentedClasses(listOf(extension, 'api')).flatMap(({ schema, type }) => {
    if (known.has(type)) return [];
    known.add(type);
    return taken.take(SCHEMA, schema).map((fault) => `class ${type.name}: ${fault}; rename the class`);
  });
}

function stepFaults(extension: Part, kinds: readonly string[], own: Own, taken: Taken): string[] {
  return partsOf(extension, 'steps', 'step', (step, what) => {
    const faults = [
      ...nameFault('the name', valueOf(step, 'name'), PART_NAME, 'lower-case letters, digits, - and _'),
      ...codeFaults(valueOf(step, 'codes'), own.codes),
      ...requiredLimit(step, 'timeoutMs'),
      ...methodFaults(step, ['run']),
      ...choice(step, 'before', ['identify', 'store']),
      ...choiceOrNone(step, 'files', ['new', 'every']),
    ];
    const of = valueOf(step, 'kinds');
    if (of !== 'all' && !Array.isArray(of)) faults.push("kinds must be a list of names, or 'all'");
    for (const kind of listOf(step, 'kinds')) {
      if (kinds.includes(String(kind))) continue;
      const meant = didYouMean(String(kind), kinds);
      faults.push(
        `there is no kind of media "${String(kind)}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      );
    }
    return [...faults.map((fault) => `${what}: ${fault}`), ...taken.take('step', valueOf(step, 'name'))];
  });
}

function listenerFaults(extension: Part, taken: Taken): string[] {
  return partsOf(extension, 'listeners', 'listener', (listener, what) => {
    const events = listOf(listener, 'on');
    const faults = [
      ...nameFault('the name', valueOf(listener, 'name'), PART_NAME, 'lower-case letters, digits, - and _'),
      ...requiredLimit(listener, 'timeoutMs'),
      ...methodFaults(listener, ['handle']),
      ...(events.length === 0 ? ['on must list at least one event'] : []),
      ...events
        .filter((event) => !EVENTS.includes(String(event)))
        .map((event) => {
          const meant = didYouMean(String(event), EVENTS);
          return `there is no event "${String(event)}"${meant === undefined ? '' : `; did you mean ${meant}?`}`;
        }),
    ];
    return [
      ...faults.map((fault) => `${what}: ${fault}`),
      ...taken.take('listener', valueOf(listener, 'name')),
    ];
  });
}

function choiceFaults(extension: Part, taken: Taken): string[] {
  const of = (key: string, what: string, method: string): string[] =>
    partsOf(extension, key, what, (part, named) => {
      const faults = [
        ...nameFault('the name', valueOf(part, 'name'), PART_NAME, 'lower-case letters, digits, - and _'),
        ...methodFaults(part, [method]),
      ];
      return [...faults.map((fault) => `${named}: ${fault}`), ...taken.take(what, valueOf(part, 'name'))];
    });
  return [...of('storages', 'storage', 'create'), ...of('mediaServices', 'media service', 'url')];
}

function scopeFaults(extension: Part, taken: Taken): string[] {
  const scopes = valueOf(extension, 'scopes');
  if (scopes === undefined) return [];
  const purposes = isObject(scopes) ? valueOf(scopes, 'purposes') : undefined;
  if (!isObject(purposes)) return ['make the scopes with defineScopes'];
  return entriesOf(purposes).flatMap(([name, purpose]) => {
    const what = `scope "${name}"`;
    const faults = SCOPE_NAME.test(name) ? [] : [`${what}: the name must have the form reports:read`];
    if (name.startsWith('public-api:')) faults.push(`${what}: scopes of Reelport begin with public-api:`);
    if (typeof purpose !== 'string' || purpose.trim() === '' || purpose.endsWith('.'))
      faults.push(`${what}: say what it allows, without a full stop`);
    return [...faults, ...taken.take('scope', name)];
  });
}

function settingFaults(extension: Part, own: Own, taken: Taken): string[] {
  const all = [valueOf(extension, 'settings')];
  for (const key of ['storages', 'mediaServices'])
    all.push(
      ...listOf(extension, key).map((part) => (isObject(part) ? valueOf(part, 'settings') : undefined)),
    );
  const words = new Set([
    ...own.variables.filter((name) => name.includes('_')).map(firstWord),
    ...FOREIGN_WORDS,
  ]);
  return [...new Set(all)].filter(isObject).flatMap((settings) => {
    if (!isFunction(valueOf(settings, 'fill'))) return ['make the settings with defineSettings'];
    return entriesOf(valueOf(settings, 'fields')).flatMap(([name, field]) => {
      const what = `setting "${name}"`;
      const faults = taken.take('setting', name);
      if (!SETTING_NAME.test(name))
        faults.push(`${what}: the name must be in upper case with a prefix, such as HOUSE_KEY`);
      else if (faults.length === 0 && words.has(firstWord(name)))
        faults.push(`${what}: names that begin with ${firstWord(name)}_ are reserved`);
      if (!isObject(field) || !isFunction(valueOf(field, 'parse')))
        faults.push(`${what}: make it with text(), integer(), secret() …`);
      return faults;
    });
  });
}

function migrationFaults(extension: Part): string[] {
  const names: string[] = [];
  return listOf(extension, 'migrations').flatMap((migration, index) => {
    const name = migrationName(migration);
    if (name === undefined)
      return [`migrations[${index}] is ${label(migration)}; list the class of a migration`];
    const faults = MIGRATION_NAME.test(name)
      ? []
      : [`migration ${name}: the name must end with a timestamp of 13 digits`];
    const before = names.at(-1);
    if (names.includes(name)) faults.push(`migration ${name} is listed twice`);
    else if (before !== undefined && stampOf(before) > stampOf(name))
      faults.push(`migration ${name} must be listed before ${before}: oldest first`);
    names.push(name);
    return faults;
  });
}

function migrationName(migration: unknown): string | undefined {
  if (!isFunction(migration)) return undefined;
  try {
    const made: unknown = Reflect.construct(migration, []);
    if (!isObject(made) || !isFunction(valueOf(made, 'up')) || !isFunction(valueOf(made, 'down')))
      return undefined;
    const name = valueOf(made, 'name');
    return typeof name === 'string' ? name : migration.name;
  } catch {
    return undefined;
  }
}

function moduleFaults(extension: Part): string[] {
  return ['api', 'worker'].flatMap((key) =>
    listOf(extension, key).flatMap((module, index) =>
      isFunction(module) || (isObject(module) && isFunction(valueOf(module, 'module')))
        ? []
        : [`${key}[${index}] is ${label(module)}; list the class of a Nest module`],
    ),
  );
}

/** A code belongs to one part of a kind: its kind, or one of the steps that run for it. */
function codeClashes(extensions: readonly Part[]): string[] {
  const steps = extensions.flatMap((extension) =>
    listOf(extension, 'steps')
      .filter(isObject)
      .map((step) => ({ step, extension })),
  );
  const kinds = extensions.flatMap((extension) => listOf(extension, 'kinds').filter(isObject));
  return steps.flatMap(({ step, extension }, index) => {
    const applies = (kind: unknown): boolean =>
      valueOf(step, 'kinds') === 'all' || listOf(step, 'kinds').includes(kind);
    const others = [
      ...kinds.filter((kind) => applies(valueOf(kind, 'name'))),
      ...steps.slice(0, index).map(({ step: earlier }) => earlier),
    ];
    const codes = new Set(others.flatMap((part) => entriesOf(valueOf(part, 'codes')).map(([code]) => code)));
    return entriesOf(valueOf(step, 'codes'))
      .filter(([code]) => codes.has(code))
      .map(
        ([code]) =>
          `${label(valueOf(extension, 'name'))}: step "${label(valueOf(step, 'name'))}": the code ${code} is taken already`,
      );
  });
}

/** Faults of each part in a list. */
function partsOf(
  extension: Part,
  key: string,
  what: string,
  faultsOf: (part: Part, named: string) => string[],
): string[] {
  const list = valueOf(extension, key);
  if (list !== undefined && !Array.isArray(list)) return [`${key} must be a list`];
  return listOf(extension, key).flatMap((part, index) =>
    isObject(part)
      ? faultsOf(part, `${what} "${label(valueOf(part, 'name'))}"`)
      : [`${key}[${index}] is ${label(part)}; do two modules import each other?`],
  );
}

function methodFaults(part: Part, methods: readonly string[]): string[] {
  return methods.filter((name) => !isFunction(valueOf(part, name))).map((name) => `${name}() is missing`);
}

function requiredLimit(part: Part, key: string): string[] {
  return valueOf(part, key) === undefined ? [`${key} is missing`] : limitFault(part, key);
}

function limitFault(part: Part, key: string): string[] {
  const value = valueOf(part, key);
  if (value === undefined || (isPositiveInteger(value) && value <= LONGEST_MS)) return [];
  return [`${key} must be a whole number of milliseconds from 1 to ${LONGEST_MS}`];
}

function choice(part: Part, key: string, known: readonly string[]): string[] {
  return known.includes(String(valueOf(part, key))) ? [] : [`${key} must be ${known.join(' or ')}`];
}

function choiceOrNone(part: Part, key: string, known: readonly string[]): string[] {
  return valueOf(part, key) === undefined ? [] : choice(part, key, known);
}

function reserved(what: string, name: unknown, names: readonly string[]): string[] {
  return names.includes(String(name)) ? [`${what} "${String(name)}" is reserved`] : [];
}

function firstWord(name: string): string {
  return name.split('_', 1).join('');
}

function stampOf(name: string): number {
  return Number(MIGRATION_NAME.exec(name)?.[0] ?? 0);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
