import type { Container } from './video-probe.js';

/** The start of a readable stream in a file. */
export interface SyncPoint {
  container: Container;
  /** Byte offset. */
  start: number;
}

/** Number of consecutive sync bytes that rule out a coincidence. */
const MIN_PACKETS = 5;
/** Packets of 188 bytes, alone, after a time code of 4 bytes (M2TS) or before 16 bytes of error correction (DVB). */
const PACKET_BYTES = [188, 192, 204];
const TS_SYNC = 0x47;
const PACK_START = Buffer.from('000001ba', 'hex');
const MXF_PARTITION = Buffer.from('060e2b34020501010d010201', 'hex');

/**
 * Searches these bytes for the start of a stream: broadcast recordings start in the middle of a packet, have leading
 * bytes or are damaged at the start.
 */
export function resynchronise(head: Uint8Array): SyncPoint | null {
  return transportStream(head) ?? programStream(head) ?? mxf(head);
}

function transportStream(head: Uint8Array): SyncPoint | null {
  for (let start = head.indexOf(TS_SYNC); start !== -1; start = head.indexOf(TS_SYNC, start + 1)) {
    for (const step of PACKET_BYTES) {
      if (start + (MIN_PACKETS - 1) * step >= head.length) continue;
      let packets = 1;
      while (packets < MIN_PACKETS && head[start + packets * step] === TS_SYNC) packets++;
      const front = step === 192 && start >= 4 ? 4 : 0;
      if (packets === MIN_PACKETS) return { container: 'mpeg-ts', start: start - front };
    }
  }
  return null;
}

/** ISO/IEC 13818-1, 2.5.3.3, and ISO/IEC 11172-1, 2.4.3.2: a pack header has marker bits. */
function programStream(head: Uint8Array): SyncPoint | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (let start = bytes.indexOf(PACK_START); start !== -1; start = bytes.indexOf(PACK_START, start + 1)) {
    const marker = bytes[start + 4] ?? 0;
    if (marker >> 6 === 0b01 || marker >> 4 === 0b0010) return { container: 'mpeg-ps', start };
  }
  return null;
}

/** SMPTE ST 377-1, 6.5: a run-in of up to 64 KiB may precede the header partition. */
function mxf(head: Uint8Array): SyncPoint | null {
  const start = Buffer.from(head.buffer, head.byteOffset, head.byteLength).indexOf(MXF_PARTITION);
  return start === -1 ? null : { container: 'mxf', start };
}
