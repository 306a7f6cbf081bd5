import type { MediaKindPart } from '../extension/define-media-kind.js';
import { faultyFields } from '../extension/shape.js';
import type { IdentifiedFile } from './media-kind.js';

/**
 * Checks what `identify` returned: a kind may be written in JavaScript, or read facts from files without checking them.
 *
 * @returns the file, or how it breaks the contract, such as `returned an undeclared type mimeType=text/html`
 */
export function checkedFile(
  { types, facts: shape }: Pick<MediaKindPart, 'types' | 'facts'>,
  identified: unknown,
): IdentifiedFile | { fault: string } {
  const { mimeType, facts } = Object(identified);
  const extension: unknown = Object.hasOwn(types, mimeType) ? types[mimeType] : undefined;
  if (typeof mimeType !== 'string' || extension === undefined)
    return { fault: `returned an undeclared type mimeType=${String(mimeType)}` };
  const own = { ...Object(facts) };
  const faulty = faultyFields(shape, own);
  if (faulty.length > 0)
    return { fault: `returned facts that do not match its shape fields=${faulty.join()}` };
  return { mimeType, extension: types[mimeType] ?? '', facts: own };
}
