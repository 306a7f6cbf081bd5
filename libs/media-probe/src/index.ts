export { CONTAINERS, MIME_TYPES, type ContainerFacts } from './containers.js';
export { NotAVideoError, ProbeFailedError, type NotAVideoKind, type ProbeFailure } from './errors.js';
export { createProber, type ProbeOptions, type Prober, type ProberOptions } from './prober.js';
export { sniffHead } from './sniff-head.js';
export type { Container, VideoProbe } from './video-probe.js';
