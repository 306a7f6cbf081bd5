import type { Container } from './video-probe.js';

/** Either a container that may hold video, or what the file is instead ("a PNG image"). */
export type Sniffed = { container: Container; start?: number } | { notAVideo: string };
