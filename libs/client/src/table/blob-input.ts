import { chunksOf } from '../lines.js';
import { decoded, EncodingSurvey } from './encoding.js';
import type { TableInput } from './input.js';

/** Opens a file of a browser, and reads it once for its encoding. */
export async function openBlob(name: string, blob: Blob): Promise<TableInput> {
  const survey = new EncodingSurvey();
  for await (const chunk of chunksOf(blob.stream())) survey.add(chunk);
  const { encoding, hasBom } = survey.end();
  return { name, encoding, hasBom, text: () => decoded(chunksOf(blob.stream()), encoding) };
}
