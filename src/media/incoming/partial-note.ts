import { basename } from 'node:path';
import type { Held } from './decide.js';

/** Note beside a file that a later attempt can continue or use. */
export interface PartialNote extends Omit<Held, 'size'> {
  /** Name of the file in the folder. The file never holds bytes of another version. */
  name: string;
  /** Process that may still be writing the file; null if it is closed. */
  writer: string | null;
  url: string;
}

/** @returns null for a note that a crash cut off or that another release wrote */
export function parseNote(text: string): PartialNote | null {
  try {
    const note: PartialNote = JSON.parse(text);
    const isNote =
      basename(note.name) === note.name && typeof note.version === 'object' && 'servedFrom' in note;
    return isNote ? note : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
