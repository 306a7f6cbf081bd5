/** A check of the guard that a mutation removes. */
export interface Mutation {
  /** The removed check. */
  readonly name: string;
  /** Relative to the root of the tree. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Spec files for vitest, as parts of their path. At least one of them must fail. */
  readonly specs: readonly string[];
}

/** Name of the check, its text, and the replacement (default: none). */
type Row = readonly [name: string, find: string, replace?: string];

export function of(file: string, specs: readonly string[], ...rows: readonly Row[]): Mutation[] {
  return rows.map(([name, find, replace = '']) => ({ name, file, find, replace, specs }));
}

const lib = (name: string): string => `libs/outbound-http/src/${name}`;
const specsOf = (...names: readonly string[]): string[] => names.map((name) => lib(`${name}.spec.ts`));

const LOCAL_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'localdomain',
  'home.arpa',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'onion',
];

/** A connector without any check. */
const UNGUARDED = `(({ hostname, port }, done) => {
  const socket = process.getBuiltinModule('node:net').connect(Number(port) || 80, hostname);
  socket.once('connect', () => done(null, socket)).once('error', (error) => done(error, null));
})`;

/** Checks of the URL itself. */
const URLS: readonly Mutation[] = [
  ...of(
    lib('url.policy.ts'),
    specsOf('corpus.addresses', 'url.policy'),
    [
      'scheme',
      "if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw new OutboundError('scheme');",
    ],
    ['user name', "parsed.username !== '' || "],
    ['password', " || parsed.password !== ''"],
    [
      'address in the URL',
      'if (address) this.#checkAddress(address, portOf(parsed));\n    else ',
      'if (!address) ',
    ],
    ['name in the URL', "if (!isPublicHostName(name)) throw new OutboundError('host');"],
    ['port of an address', "if (!this.#ports.has(port)) throw new OutboundError('port');"],
    [
      'port of a name',
      "if (!this.#ports.has(portOf(parsed)) && !this.#trusted.hasNetworks) throw new OutboundError('port');",
    ],
    ['address that is not public', "if (!isPublicAddress(address)) throw new OutboundError('host');"],
    [
      'host before port',
      "if (!isPublicAddress(address)) throw new OutboundError('host');",
      "if (!this.#ports.has(port)) throw new OutboundError('port');\n    if (!isPublicAddress(address)) throw new OutboundError('host');",
    ],
    ['one trailing dot', "if (name !== parsed.hostname && name !== '') parsed.hostname = name;"],
  ),
  ...of(
    lib('host-name.ts'),
    specsOf('corpus.addresses', 'url.policy'),
    ...LOCAL_SUFFIXES.map((suffix): Row => [`names below .${suffix}`, `\n  '${suffix}',`]),
    ['names below all of these suffixes', ' || name.endsWith(`.${suffix}`)'],
    ['names with a single label', "    name.includes('.') &&\n"],
    ['labels that are valid in DNS', '    isHostName(name) &&\n'],
    ['length of a name', 'name.length <= 253 && '],
  ),
  ...of(lib('parse-url.ts'), specsOf('parse-url'), [
    'parsing without hidden state',
    'return new URL(text, base);',
    'return URL.canParse(String(text), base?.href) ? new URL(text, base) : undefined;',
  ]),
];

/** Checks for public addresses. */
const ADDRESSES: readonly Mutation[] = [
  ...of(
    lib('public-address.ts'),
    specsOf('public-address', 'corpus.addresses'),
    ['special ranges of IPv4', "address.range() === 'unicast' && address.toString()", 'address.toString()'],
    ['the platform of Azure', ' && address.toString() !== AZURE_PLATFORM'],
    ['IPv4-mapped, alone', 'address.match(IPV4_MAPPED) || address.match(NAT64)', 'address.match(NAT64)'],
    ['NAT64, alone', 'address.match(IPV4_MAPPED) || address.match(NAT64)', 'address.match(IPV4_MAPPED)'],
    [
      'IPv4 inside of IPv4-mapped and NAT64',
      'address.match(NAT64)) return isPublicAddress(ipv4At(address, 6));',
      'address.match(NAT64)) return true;',
    ],
    ['IPv4 inside of ISATAP', 'if (isIsatap(address) && !isPublicAddress(ipv4At(address, 6))) return false;'],
    ['ISATAP with the u and g bits', ' & 0xfcff'],
    [
      'IPv4 inside of 6to4',
      'if (address.match(SIX_TO_FOUR)) return isPublicAddress(ipv4At(address, 1));',
      'if (address.match(SIX_TO_FOUR)) return true;',
    ],
    ['global unicast of IPv6', 'address.match(GLOBAL_UNICAST) && '],
    ['special ranges of IPv6', " && address.range() === 'unicast';", ';'],
  ),
  ...of(
    lib('trusted-networks.ts'),
    specsOf('url.policy'),
    ['trusted addresses are inside of the network', ' && candidate.match(network, bits)'],
    [
      'a mapped address is the address it maps',
      'const candidate = unmapped(address);',
      'const candidate = address;',
    ],
    [
      'malformed trusted entries',
      'if (!isNameAlone || isIP(name) !== 0 || !isHostName(name)) throw unreadable(entry);',
    ],
  ),
  ...of(
    lib('trusted-origins.ts'),
    specsOf('trusted-origins'),
    ['trusted origins have addresses', ' || isIP(bareHost(url)) === 0'],
    ['trusted origins are origins', 'url?.origin !== entry || ', '!url || '],
    ['port of a trusted origin', '`${host} ${port}`', 'host'],
    [
      'a trusted origin as such',
      'this.#origins.has(url.origin)',
      'this.#endpoints.has(endpointOf(bareHost(url), portOf(url)))',
    ],
  ),
];

/** Checks of the connected address. */
const CONNECTIONS: readonly Mutation[] = [
  ...of(
    lib('url.policy.ts'),
    specsOf('corpus.names'),
    ['every address of a name, not the first', 'of addresses) {', 'of addresses.slice(0, 1)) {'],
    ['every address of a name, not the last', 'of addresses) {', 'of addresses.slice(-1)) {'],
  ),
  ...of(lib('url.policy.ts'), specsOf('url.policy'), [
    'invalid addresses',
    "if (!address) throw new OutboundError('host');",
    'if (!address) continue;',
  ]),
  ...of(
    lib('name-lookup.ts'),
    specsOf('corpus.names', 'name-lookup'),
    ['both families', ', resolver.resolve6(hostname)'],
    ['the hosts file first', 'if (listed.length > 0) return listed;'],
  ),
  ...of(
    lib('guarded-connector.ts'),
    specsOf('guarded-connector', 'corpus.names'),
    ['address, when connecting', 'if (isIP(host) !== 0) {', "if (host === '') {"],
    ['addresses of a name, when connecting', 'policy.checkResolved(hostname, port, addresses);'],
    ['guarded lookup', '    lookup: guardedLookup(policy, lookup, port),\n'],
    [
      'no second lookup',
      'const [first, ...rest] = addresses.map(',
      'const [first, ...rest] = (await lookup(hostname)).map(',
    ],
    ['connect timeout', 'timeout: connectMs,', 'timeout: 0,'],
  ),
  ...of(lib('guarded-connector.ts'), specsOf('outbound.client'), [
    'no proxy from the environment',
    'connect(options, callback);',
    "const proxy = new URL(process.env['http_proxy'] ?? 'none:');\n    connect(proxy.hostname ? { ...options, hostname: proxy.hostname, port: proxy.port } : options, callback);",
  ]),
  ...of(
    lib('guarded-agent.ts'),
    specsOf('outbound.client', 'guarded-connector'),
    ['guarded connector', 'guardedConnector(new URL(origin), { ...options, secureContext })', UNGUARDED],
    ['connections per origin', '        connections: options.connectionsPerOrigin,\n'],
  ),
];

/** Checks at each hop. */
const HOPS: readonly Mutation[] = [
  ...of(lib('outbound.client.ts'), specsOf('corpus.addresses'), [
    'first address',
    'url: this.policy.check(url),',
    'url: new URL(url),',
  ]),
  ...of(
    lib('outbound.client.ts'),
    specsOf('redirect'),
    ['target of a redirect', 'url = this.policy.check(target);', 'url = target;'],
    [
      'https never to http',
      "if (hop.url.protocol === 'https:' && url.protocol === 'http:') throw new OutboundError('downgrade');",
    ],
    [
      'number of redirects',
      "if (redirects >= limits.maxRedirects) throw new OutboundError('tooManyRedirects');",
    ],
    ['credentials stay within their origin', 'headersFor(url, hop.url, hop.headers)', 'hop.headers'],
    ['POST is not redirected', "const follow = method !== 'POST' && ", 'const follow = '],
    ['disabled redirects', ' && request.followRedirects !== false'],
    ['error of a redirect', 'throw redirects > 0 ? asRedirectError(error) : error;', 'throw error;'],
  ),
  ...of(
    lib('outbound.client.ts'),
    specsOf('outbound.client'),
    [
      'Host header',
      "if ('host' in result) throw new TypeError('The Host header cannot be set: it follows from the URL');",
    ],
    ['uncompressed bytes requested', "result['accept-encoding'] = 'identity';"],
  ),
  ...of(
    lib('outbound.client.ts'),
    specsOf('hostile-answers'),
    ['body of a redirect', 'void response.discard();'],
    ['total time limit', 'deadline: performance.now() + limits.totalMs,', 'deadline: Infinity,'],
  ),
  ...of(
    lib('redirect.ts'),
    specsOf('redirect'),
    ['origin includes the port', 'if (to.origin === from.origin)', 'if (to.hostname === from.hostname)'],
    ['Authorization is a credential', "  'accept',\n", "  'accept',\n  'authorization',\n"],
  ),
];

/** Limits of a body. */
const BODIES: readonly Mutation[] = [
  ...of(
    lib('exchange.ts'),
    specsOf('response-body'),
    [
      'compressed body',
      "if (this.#compression?.isFoundIn(chunk)) return this.#fail(new OutboundError('encoded'));",
    ],
    [
      'short compressed body',
      "if (this.#compression?.isFoundIn()) return this.#fail(new OutboundError('encoded'));",
    ],
    [
      'declared size',
      "if (declaredLength(headers) > this.#maxBytes) return this.#fail(new OutboundError('tooLarge'));",
    ],
    [
      'received size',
      "if (this.#watchdog.bytes > this.#maxBytes) return this.#fail(new OutboundError('tooLarge'));",
    ],
    ['interim answers are skipped', 'if (status < 200) return;'],
  ),
  ...of(lib('exchange.ts'), specsOf('read-gate', 'response-body'), [
    'reset that looks like the end of a body',
    "if (this.#gate?.broken) return this.#fail(new OutboundError('truncated'));",
  ]),
  ...of(
    lib('read-gate.ts'),
    specsOf('read-gate', 'response-body'),
    ['reset reported as an error', ' || (this.#socket?.errored ?? null) !== null'],
    ['reset together with bytes', 'this.#reset || '],
  ),
  ...of(lib('exchange.ts'), specsOf('hostile-answers'), ['slow reader', '      this.#gate?.close();\n']),
  ...of(lib('exchange.ts'), specsOf('response-body', 'outbound.client'), [
    'connection of a failed body',
    'if (!this.#complete) this.#controller?.abort(error);',
  ]),
  ...of(
    lib('compression.ts'),
    specsOf('compression'),
    ['Content-Encoding', "headers['content-encoding'] ?? '', "],
    ['Transfer-Encoding', ", headers['transfer-encoding'] ?? ''"],
    ['the bytes decide', 'beginning.length > 0 && this.#isCompressed(beginning)', 'true'],
    ['RFC 1950', 'hasZlibHeader(bytes) || '],
    ['raw deflate', ' || canInflate(bytes)'],
  ),
  ...of(
    lib('watchdog.ts'),
    specsOf('watchdog'),
    ['deadline', 'now >= this.#deadline || '],
    ['headers timeout', 'return this.#quietMs >= this.#limits.headersMs;', 'return false;'],
    ['idle timeout', 'this.#quietMs >= this.#limits.idleMs || '],
    ['minimum speed', ' || this.#isBelowMinimumSpeed()'],
    ['pauses of the reader', '    this.#pausedSinceTick = true;\n'],
  ),
  ...of(lib('guarded-agent.ts'), specsOf('hostile-answers'), [
    'size of the headers',
    '        maxHeaderSize: options.maxHeaderBytes,\n',
  ]),
  ...of(
    lib('transport-error.mapping.ts'),
    specsOf('transport-error.mapping'),
    ['short bodies', "  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',\n"],
    [
      'interrupted bodies',
      "['connection', 'unreachable', 'notHttp'].includes(fault) ? 'truncated' : fault",
      'fault',
    ],
    ['answers that are not HTTP', "if (error instanceof errors.HTTPParserError) return 'notHttp';"],
    [
      'bytes in an error',
      'if (error instanceof errors.HTTPParserError) Object.assign(error, { data: null });',
    ],
  ),
  ...of(
    lib('response-body.ts'),
    specsOf('outbound.client', 'response-body'),
    [
      'long discarded body',
      '    if (declaredBytes > WORTH_DRAINING_BYTES) {\n      body.destroy();\n      return;\n    }\n',
    ],
    ['endless discarded body', 'if (bytes > WORTH_DRAINING_BYTES) body.destroy();'],
    [
      'slow discarded body',
      'setTimeout(() => body.destroy(), WORTH_DRAINING_MS)',
      'setTimeout(() => undefined, WORTH_DRAINING_MS)',
    ],
    ['unobserved failure', "    this.on('error', () => undefined);\n"],
  ),
  ...of(
    'libs/media-probe/src/sniff.ts',
    ['libs/media-probe/src/hostile-files.spec.ts'],
    [
      'text that refers to other files',
      'if (text) return { notAVideo: text };',
      "if (text) return { container: 'mp4' };",
    ],
  ),
];

/** Every check of the guard, with a mutation that removes it. */
export const MUTATIONS: readonly Mutation[] = [...URLS, ...ADDRESSES, ...CONNECTIONS, ...HOPS, ...BODIES];
