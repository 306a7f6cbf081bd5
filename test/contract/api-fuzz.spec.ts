import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { newDeadLetter } from '../support/dead-letter.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { AnswerJudge, type FuzzAnswer } from './fuzz/answers.js';
import { requestsFor, type FuzzRequest, type RequestOptions } from './fuzz/requests.js';
import type { OpenApi, Operation } from './openapi.reading.js';

/** Repeats or extends a run: FUZZ_RUNS=5000 FUZZ_SEED=1 npx vitest run test/contract/api-fuzz.spec.ts */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 50);
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const ALL = ['public-api:write', 'public-api:read', 'public-api:admin'] as const;

const document: OpenApi = JSON.parse(readFileSync('test/contract/openapi.json', 'utf8'));
const judge = new AnswerJudge(document);
/** Reading first, as other operations remove what it reads. */
const operations = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  )
  .toSorted(([one], [other]) => Number(other === 'get') - Number(one === 'get'));
const agent = new Agent({ keepAlive: true });

let reelport: Reelport;
let origin: Origin;
let api: ApiClient;
let options: RequestOptions;

beforeAll(async () => {
  process.stdout.write(`api-fuzz: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}\n`);
  origin = await startOrigin();
  reelport = await startReelport({ MAX_BODY_BYTES: '64 KiB' });
  origin.serve('/a.mp4', 'test/fixtures/h264-faststart.mp4');
  options = await prepare();
});

afterAll(async () => {
  agent.destroy();
  await reelport?.remove();
  await origin?.close();
});

/** A project with resources of every kind, and tokens with all combinations of validity and scope. */
async function prepare(): Promise<RequestOptions> {
  const project = await reelport.createProject();
  const token = await reelport.createToken(project, ALL);
  api = new ApiClient(reelport.url, token);
  const video = { url: origin.url('/a.mp4'), id: 'a', fileName: 'a', metadata: {} };
  const importId = await api.importVideos('archive', [video], { webhook: origin.url('/hook') });
  await api.finished(importId);
  const firstOf = async (path: string) => {
    const { body } = await api.call<{ results: Array<{ id: string }> }>('GET', path);
    return body.results[0].id;
  };
  const mediaId = await firstOf('/api/v1/videos');
  const deliveryId = await firstOf('/api/v1/webhooks/deliveries');
  return {
    ids: {
      id: [importId, deliveryId, mediaId, await newToken()],
      importId: [importId],
      mediaId: [mediaId],
      after: [mediaId, deliveryId, await newToken()],
    },
    urls: [
      origin.url('/'),
      'http://10.0.0.1',
      'http://[::1]:1',
      'ftp://127.0.0.1',
      'data:',
      'http://a@127.0.0.1',
    ],
    authorizations: [
      ...Array.from({ length: 10 }, () => `Bearer ${token}`),
      `Bearer ${await reelport.createToken(project, ['public-api:read'])}`,
      `Bearer ${await reelport.createToken(project, ['public-api:write'])}`,
      `Bearer ${await reelport.createToken(project, ALL, -1_000)}`,
      `Bearer ${token}x`,
      'Bearer',
      'Basic dXNlcjpwYXNz',
      '',
    ],
  };
}

/** The id of a new token that a request may revoke. */
async function newToken(): Promise<string> {
  const body = { name: 'spare', scopes: ['public-api:read'] };
  return (await api.call<{ id: string }>('POST', '/api/v1/auth/tokens', { body })).body.id;
}

/** The id of a plan that has been made. */
async function newPlan(): Promise<string> {
  const video = { url: origin.url('/a.mp4'), id: 'planned', fileName: 'a', metadata: {} };
  const body = { systemName: 'archive', videos: [video] };
  const { id } = (await api.call<{ id: string }>('POST', '/api/v1/import/videos?mode=plan', { body })).body;
  await api.finished(id);
  return id;
}

/** Ids of resources that an operation consumes. */
async function ownIds(operationId: string): Promise<string[]> {
  if (operationId === 'retryDeadLetter') {
    const [importId = ''] = options.ids['importId'] ?? [];
    return [await newDeadLetter(reelport.database.dataSource, importId)];
  }
  if (operationId === 'applyImport') return [await newPlan()];
  if (operationId !== 'cancelImport') return [await newToken()];
  origin.script('/hangs.mp4', [{ hang: 'headers' }]);
  const video = { url: origin.url('/hangs.mp4'), id: 'hangs', fileName: 'a', metadata: {} };
  return [await api.importVideos('archive', [video])];
}

async function send({ method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
  const sent = request(reelport.url, { method, path, headers: { ...headers, ...length }, agent });
  sent.end(body ?? undefined);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  const { statusCode = 0, headers: answered } = response;
  const isStream = answered['content-type']?.startsWith('text/event-stream') === true;
  const said = isStream ? await beginOf(response) : await text(response);
  return { status: statusCode, headers: answered, body: said };
}

/** The first bytes of a stream of events, which goes on. */
async function beginOf(response: IncomingMessage): Promise<string> {
  const [chunk]: Buffer[] = await once(response, 'data');
  response.once('error', () => undefined).destroy();
  return chunk.toString();
}

/** A slow machine runs fewer cases, unless FUZZ_RUNS is set. */
const interruptAfterTimeLimit = process.env['FUZZ_RUNS'] === undefined ? 1_500 : undefined;

/** Contains everything that fast-check needs to print a reproduction. */
const parameters = { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit };

interface Body {
  type: string;
  text: string;
}

const json = (body: object): Body => ({ type: 'application/json', text: JSON.stringify(body) });

/** A valid body by operationId. */
function goodBody(operationId: string): Body | null {
  const video = { url: origin.url('/a.mp4'), id: 'b', fileName: 'b', metadata: {} };
  const bodies: Record<string, Body> = {
    issueToken: json({ name: 'x', scopes: ['public-api:read'] }),
    importVideos: json({ systemName: 'archive', videos: [video] }),
    reconcile: { type: 'text/csv', text: 'externalId\r\na\r\n' },
  };
  return bodies[operationId] ?? null;
}

/** Path and query of a valid request: required parameters have the id or the value of their example. */
function goodPath(path: string, { parameters = [] }: Operation, id: string): string {
  const filled = path.replace('{position}', '0').replaceAll(/\{\w+\}/g, id);
  const query = new URLSearchParams(
    parameters.flatMap(({ name, required, in: place, schema }): Array<[string, string]> =>
      required && place === 'query' ? [[name, name === 'id' ? id : String(schema['example'])]] : [],
    ),
  );
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

describe('a valid request', () => {
  it.each(operations)('reaches %s %s and gets a documented answer', async (method, path, operation) => {
    const [authorization] = options.authorizations;
    const body = goodBody(operation.operationId);
    const answers: FuzzAnswer[] = [];
    for (const id of [...options.ids['id'], ...(await ownIds(operation.operationId))]) {
      const answer = await send({
        method: method.toUpperCase(),
        path: goodPath(path, operation, id),
        headers: { authorization, ...(body !== null && { 'content-type': body.type }) },
        body: body?.text ?? null,
      });
      expect(judge.faultsOf(operation, answer)).toEqual([]);
      answers.push(answer);
    }
    expect(answers.map(({ status }) => status < 300)).toContain(true);
  });
});

describe('every request gets an answer that the document lists', () => {
  it.each(operations)('%s %s', async (...target) => {
    const [, , operation] = target;
    await fc.assert(
      fc.asyncProperty(requestsFor(document, target, options), async (sent) => {
        expect(judge.faultsOf(operation, await send(sent))).toEqual([]);
      }),
      parameters,
    );
  });

  it('any method at any URL', async () => {
    const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE');
    const paths = fc.oneof(
      fc.webPath(),
      fc.string({ unit: 'binary-ascii' }),
      fc.string().map((rest) => `api/v1/${rest}`),
      fc.constantFrom(
        'api/v1/videos/%ff',
        'api/v1/%00',
        '/',
        'media/../package.json',
        'media/%2e%2e/x',
        'media/',
        '*',
      ),
    );
    const address = paths.map((path) => `/nowhere/${path}`.replaceAll(/[^\u0021-\u00ff]/g, ''));
    const anywhere = paths.map((path) => `/${path}`.replaceAll(/[^\u0021-\u00ff]/g, ''));
    await fc.assert(
      fc.asyncProperty(methods, fc.oneof(address, anywhere), async (method, path) => {
        // Existing routes are tested above.
        fc.pre(!/^\/(?:health|docs)/.test(path));
        const answer = await send({ method, path, headers: {}, body: null });
        expect(judge.faultsOfError(answer)).toEqual([]);
      }),
      parameters,
    );
  });
});

it('the service is alive and has logged no error', async () => {
  expect((await fetch(`${reelport.url}/health/live`)).status).toBe(200);
  expect(reelport.output()).not.toMatch(/\bERROR\b/);
});
