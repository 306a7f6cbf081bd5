import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSource, type Reading, type Taken } from './ways-out.reading.js';
import { HARMLESS_MODULES, HARMLESS_NAMES, WAYS_OUT, type WayOut } from './ways-out.js';

/**
 * Run on the machines of partners and in browsers; no module of the server imports them
 * (test/contract/import-directions.spec.ts).
 */
const IS_CLIENT = /^libs\/(client|console)\//;
const IS_TEST = /\.spec\.ts$|\/testing\/|\/support\/|\/test-threads\//;

let readings: Map<string, Reading>;

beforeAll(async () => {
  readings = new Map();
  for (const folder of ['src', 'libs']) {
    for (const name of await readdir(folder, { recursive: true })) {
      const file = join(folder, name);
      if (!/\.[cm]?[jt]s$/.test(file) || IS_TEST.test(file) || IS_CLIENT.test(file)) continue;
      readings.set(file, readSource(file, await readFile(file, 'utf8')));
    }
  }
});

const permits = ({ module, names, files }: WayOut, file: string, taken: Taken): boolean =>
  module === taken.module && (!names || names.includes(taken.name)) && (!files || files.includes(file));

function isHarmless({ module, name }: Taken): boolean {
  return HARMLESS_MODULES.has(module) || (HARMLESS_NAMES[module] ?? []).includes(name);
}

/** `file: module → name` of every import without a permission. */
function unexplained(file: string, { taken }: Reading): string[] {
  return taken
    .filter((one) => !isHarmless(one) && !WAYS_OUT.some((way) => permits(way, file, one)))
    .map(({ module, name }) => `${file}: ${module} → ${name}`);
}

describe('the imports of src and libs', () => {
  it('cannot connect, or are listed with a reason in ways-out.ts', () => {
    expect(readings.size).toBeGreaterThan(200);
    expect([...readings].flatMap(([file, reading]) => unexplained(file, reading))).toEqual([]);
  });

  it('are complete: no global that connects, and no module with a computed name', () => {
    expect(
      [...readings].flatMap(([file, { suspicious }]) => suspicious.map((what) => `${file}: ${what}`)),
    ).toEqual([]);
  });

  it('create one guarded client in one place', () => {
    const places = [...readings].filter(([, { made }]) => made.includes('OutboundClient'));
    expect(places.map(([file]) => file)).toEqual(['src/outbound/outbound.module.ts']);
  });
});

describe('the list of permitted connections', () => {
  it('contains no unused entry', () => {
    const everything = [...readings].flatMap(([file, { taken }]) => taken.map((one) => ({ file, one })));
    const unused = WAYS_OUT.flatMap((way) =>
      (way.files ?? [undefined])
        .filter(
          (place) =>
            !everything.some(({ file, one }) => (!place || place === file) && permits(way, file, one)),
        )
        .map((place) => `${way.module} in ${place}`),
    );
    expect(unused).toEqual([]);
  });

  it('names the peer of each entry', () => {
    expect(WAYS_OUT.filter(({ why }) => why.length < 10)).toEqual([]);
  });
});

describe('a new connection is detected', () => {
  it.each([
    ["import { get } from 'node:https';", 'node:https → get'],
    ["import { request as ask } from 'node:http';", 'node:http → request'],
    ["import * as net from 'node:net';", 'node:net → *'],
    ["import net from 'node:net';", 'node:net → *'],
    ["import { connect } from 'node:tls';", 'node:tls → connect'],
    ["import { createSocket } from 'node:dgram';", 'node:dgram → createSocket'],
    ["import { connect } from 'node:http2';", 'node:http2 → connect'],
    ["import http from 'http';", 'http → *'],
    ["import axios from 'axios';", 'axios → *'],
    ["import { fetch as f } from 'undici';", 'undici → fetch'],
    ["import { Agent } from 'undici';", 'undici → Agent'],
    ["import { Client } from 'pg';", 'pg → Client'],
    ["import { createRemoteJWKSet } from 'jose';", 'jose → createRemoteJWKSet'],
    ["import { HttpHealthIndicator } from '@nestjs/terminus';", '@nestjs/terminus → HttpHealthIndicator'],
    ["import { exec } from 'node:child_process';", 'node:child_process → exec'],
    ["import 'some-telemetry';", 'some-telemetry → (side effects)'],
    ["export * from 'undici';", 'undici → *'],
    ["const { request } = await import('undici');", 'undici → *'],
    ["const { request } = require('undici');", 'undici → *'],
    ["const got = createRequire(import.meta.url)('got');", 'got → *'],
    ["import got = require('got');", 'got → *'],
  ])('%s', (source, expected) => {
    expect(unexplained('src/videos/stranger.ts', readSource('stranger.ts', source))).toEqual([
      `src/videos/stranger.ts: ${expected}`,
    ]);
  });

  it.each([
    'await fetch(url);',
    'await globalThis.fetch(url);',
    "await globalThis['fetch'](url);",
    'new WebSocket(url);',
    'new EventSource(url);',
    "process.getBuiltinModule('node:http');",
    "await import('node:' + name);",
    'require(name);',
    "eval('fetch(url)');",
    "new Function('return fetch')();",
    'new mediabunny.UrlSource(url);',
  ])('%s', (source) => {
    expect(readSource('stranger.ts', source).suspicious).not.toEqual([]);
  });

  it.each([
    "import type { Agent } from 'undici';",
    "import { type Agent, errors } from 'undici';",
    'let f: Function;',
    'class A { private fetch() { return this.fetch(); } }',
  ])('except for %s', (source) => {
    const reading = readSource('stranger.ts', source);
    expect([...unexplained('src/videos/stranger.ts', reading), ...reading.suspicious]).toEqual([]);
  });
});
