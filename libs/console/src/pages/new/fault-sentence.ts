import type { Fault } from '#libs/client/table';
import { language } from '../../lib/language.svelte.js';
import { texts } from '../../texts.js';

/** A fault in a sentence: in English that of the command line. */
export function sentenceOfFault({ code, values, sentence }: Fault): string {
  if (language.current === 'en') return sentence;
  return texts.faults[code](...values.map(String));
}
