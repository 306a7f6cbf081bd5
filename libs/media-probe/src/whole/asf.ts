import { viewOf } from '../iso-boxes.js';
import type { ReadableFile } from '../readable-file.js';

const FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
const DATA = '3626b2758e66cf11a6d900aa0062ce6c';
/** Offset of the flags in the File Properties Object. */
const FLAGS_OFFSET = 88;
const BROADCAST = 1;
const OBJECT_HEADER_BYTES = 24;
/** Markers or a licence may follow in the header; the flags are near its start. */
const HEADER_BYTES = 64 * 1024;

/**
 * Whether the Data Object ends past the end of the file: Advanced Systems Format, 3.1, 3.2 and 5.1. A broadcast does
 * not declare its size.
 */
export function isAsfCut(file: ReadableFile): boolean {
  const header = file.read(0, OBJECT_HEADER_BYTES);
  if (header.length < OBJECT_HEADER_BYTES) return true;
  const dataStart = sizeAt(header);
  if (dataStart + OBJECT_HEADER_BYTES > file.size) return true;
  const data = file.read(dataStart, dataStart + OBJECT_HEADER_BYTES);
  if (Buffer.from(data.subarray(0, 16)).toString('hex') !== DATA || isBroadcast(file)) return false;
  return dataStart + sizeAt(data) > file.size;
}

function sizeAt(object: Uint8Array): number {
  return Number(viewOf(object).getBigUint64(16, true));
}

function isBroadcast(file: ReadableFile): boolean {
  const head = file.read(0, HEADER_BYTES);
  const properties = Buffer.from(head.buffer, head.byteOffset, head.length).indexOf(FILE_PROPERTIES);
  return properties !== -1 && ((head[properties + FLAGS_OFFSET] ?? 0) & BROADCAST) === BROADCAST;
}
