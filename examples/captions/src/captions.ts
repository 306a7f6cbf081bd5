import { choice, defineExtension, defineKind, integer, text } from 'reelport';
import { CreateCaptions1795900000000 } from './create-captions.migration.js';
import { parseCaptions } from './parse-captions.js';

const FORMATS = ['vtt', 'srt'] as const;

/** Writes a caption unless it is stored already; returns a row if it did. */
const UPSERT = `
  INSERT INTO captions_captions AS stored
    (project_id, system_name, external_id, video, language, format, cues, content)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (project_id, system_name, external_id) DO UPDATE
    SET video = $4, language = $5, format = $6, cues = $7, content = $8
    WHERE (stored.video, stored.language, stored.content) IS DISTINCT FROM ($4, $5, $8)
  RETURNING 1`;

export const kind = defineKind({
  name: 'captions',
  noun: 'caption',
  item: {
    video: text({
      description: 'Your id of the video, from the same system',
      example: 'interview-2019-11-21',
    }),
    language: text({ description: 'BCP 47 language tag', example: 'en' }),
    content: text({
      description: 'The WebVTT or SRT file',
      example: 'WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n',
    }),
  },
  result: {
    format: choice(FORMATS, { description: 'Detected format', example: 'vtt' }),
    cues: integer({ description: 'Number of cues', example: 1 }),
  },
  report: ['format', 'cues'],
  codes: {
    NOT_CAPTIONS: { sentence: 'The content is neither WebVTT nor SRT', retryable: false },
    WRONG_ORDER: { sentence: 'A cue ends before it begins', retryable: false },
    BAD_LANGUAGE: { sentence: 'The language is not a BCP 47 tag', retryable: false },
  },
  processMs: 10_000,
  // Nothing is downloaded: the content is in the batch.
  host: () => null,
  async process({ fields: { content, language } }, { fail }) {
    if (!isLanguage(language)) throw fail('BAD_LANGUAGE');
    const captions = parseCaptions(content);
    if (captions === undefined) throw fail('NOT_CAPTIONS');
    const faulty = captions.cues.findIndex(({ start, end }) => end < start);
    if (faulty >= 0) throw fail('WRONG_ORDER', { clause: `cue ${faulty + 1}` });
    return { format: captions.format, cues: captions.cues.length };
  },
  async record(tx, done) {
    const recorded = [];
    for (const { item, outcome } of done) {
      const { projectId, systemName, externalId, fields } = item;
      const rows: unknown[] = await tx.query(UPSERT, [
        projectId,
        systemName,
        externalId,
        fields.video,
        fields.language,
        outcome.format,
        outcome.cues,
        fields.content,
      ]);
      recorded.push(
        rows.length > 0
          ? { state: 'success' as const, result: outcome }
          : { state: 'skipped' as const, reason: 'already exists', result: outcome },
      );
    }
    return recorded;
  },
});

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

export const captions = defineExtension({
  name: 'captions',
  reelport: '^0.1.0',
  kinds: [kind],
  migrations: [CreateCaptions1795900000000],
});
