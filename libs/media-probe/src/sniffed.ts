import type { Container } from './video-probe.js';

/** A container that may contain video, or the other kind of file ("a PNG image"). */
export type Sniffed = { container: Container; start?: number } | { notAVideo: string };
