// A team whose kind runs in processes of its own; the text of a file says how it behaves there.
import { buffer } from 'node:stream/consumers';
import {
  createReelport,
  defineExtension,
  defineMediaKind,
  defineSettings,
  integer,
  number,
  text,
} from '../../../dist/src/index.js';

const settings = defineSettings({
  HOUSE_GREETING: text({ description: 'Greeting', example: 'Hello' }),
  HOUSE_LIMIT: integer({ description: 'Limit', example: 3 }),
});

const hoarded = [];
const found = (heading, more = {}) => ({
  mimeType: 'text/plain',
  facts: { heading, process: process.pid, ...more },
});

const behaviours = {
  abort: () => process.abort(),
  exit: () => process.exit(0),
  reject: () => {
    void Promise.reject(new Error('nobody waits for this'));
    return new Promise(() => undefined);
  },
  loop: () => {
    for (;;);
  },
  hoard: () => {
    for (;;) hoarded.push({ at: hoarded.length });
  },
  'hoard bytes': () => {
    for (;;) hoarded.push(Buffer.alloc(2 ** 20, 1));
  },
  'never end': () => new Promise(() => setInterval(() => undefined, 1_000)),
  refuse: (_, { fail }) => {
    throw fail('NOT_A_NOTE', { clause: 'it is a poem', cause: new Error('rhymes') });
  },
  'refuse for now': (_, { fail }) => {
    throw fail('NOT_A_NOTE', { retryable: true });
  },
  'refuse otherwise': (_, { fail }) => {
    throw fail('NOT_DECLARED');
  },
  'forget to throw': (_, { fail }) => {
    fail('NOT_A_NOTE');
    return found('');
  },
  throw: () => {
    throw new Error('a bug of the house');
  },
  provide: (_, { get }) => found(String(get(Object))),
  mistype: () => ({ ...found(''), mimeType: 'text/html' }),
  misname: () => found('', { colour: 'red' }),
  'miss a number': () => found('', { weight: NaN }),
  log: (_, { logger }) => {
    logger.warn('a line\nof the house');
    logger.error('an error of the house', new Error('its cause'));
    return found('');
  },
  environment: () => found(Object.keys(process.env).sort().join()),
  settings: () => found(`${settings.values.HOUSE_GREETING} ${settings.values.HOUSE_LIMIT + 1}`),
  item: ({ size, sha256, lengthDeclared, source }, { item }) =>
    found(
      JSON.stringify([
        typeof source,
        size,
        sha256,
        lengthDeclared,
        { ...item, sequence: typeof item.sequence },
      ]),
    ),
};

const notes = defineMediaKind({
  name: 'notes',
  noun: 'note',
  maxBytes: 10_000_000,
  types: { 'text/plain': 'txt' },
  facts: {
    heading: text({ description: 'Heading', example: 'Notes' }),
    process: integer({ description: 'Process', example: 1 }),
    weight: number({ description: 'Weight', example: 1 }),
  },
  codes: { NOT_A_NOTE: { sentence: 'The file is not a note', retryable: false } },
  isolate: 'process',
  identify: async (file, tools) => {
    const words = (await buffer(file.stream())).toString().trim();
    const { facts, ...more } = await (
      behaviours[words.split(':')[0]] ?? (() => found(words.split(':')[0].slice(0, 10)))
    )(file, tools);
    return { ...more, facts: { weight: 1, ...facts } };
  },
});

await createReelport({ extensions: [defineExtension({ name: 'house', kinds: [notes], settings })] }).run();
