import { basename } from 'node:path';
import type { Held } from './decide.js';

/** What is written beside a file that can be continued or used by a later attempt. */
export interface PartialNote extends Omit<Held, 'size'> {
  /** Name of the file in the folder. It never holds bytes of another version. */
  name: string;
  /** Process that may still be writing to the file; null where it is closed. */
  writer: string | null;
  url: string;
}

/** @returns null for half a note, as a crash may leave it, and for one that another release wrote */
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
