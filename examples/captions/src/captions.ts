import { defineExtension, defineKind, integer, text } from 'reelport';
import { CreateTracks1795800000010 } from './create-tracks.migration.js';
import { CuesError, parseCues, type Cue } from './cues.js';

const MAX_BYTES = 4 * 1024 ** 2;

const kind = defineKind({
  name: 'captions',
  noun: 'caption',
  item: {
    url: text({ description: 'WebVTT or SRT file, in UTF-8', example: 'https://archive.example.com/1.vtt' }),
    videoId: text({ description: 'Your id of the video', example: 'interview-2019-11-21' }),
    language: text({ description: 'Language (BCP 47)', example: 'de-CH' }),
  },
  result: {
    language: text({ description: 'Language in canonical form (BCP 47)', example: 'de-CH' }),
    cues: integer({ description: 'Number of cues', example: 412 }),
    durationMs: integer({ description: 'End of the last cue, in milliseconds', example: 1_800_000 }),
  },
  report: ['language', 'cues', 'durationMs'],
  codes: {
    NO_LANGUAGE: { sentence: 'The language is not a BCP 47 tag', retryable: false },
    NOT_CAPTIONS: { sentence: 'The file is neither WebVTT nor SRT', retryable: false },
  },
  processMs: 60_000,
  // The throttle and the circuit breaker count the requests per host.
  host: ({ url }) => url,

  async process({ fields: { url, videoId, language: given } }, { download, fail }) {
    const language = canonical(given);
    if (language === undefined) throw fail('NO_LANGUAGE', { clause: given });
    // Refuses private addresses, ends at the limit, and throws the failures of downloads by itself.
    const { bytes } = await download(url, { maxBytes: MAX_BYTES });
    try {
      const cues = parseCues(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      return { videoId, language, cues };
    } catch (cause) {
      const clause = cause instanceof CuesError ? cause.message : 'it is not UTF-8 text';
      throw fail('NOT_CAPTIONS', { clause, cause });
    }
  },

  async record(tx, done) {
    const recorded = [];
    for (const { item, outcome } of done) {
      const { videoId, language, cues } = outcome;
      // Returns no row if a later import has recorded the track already.
      const [row]: Array<{ changed: boolean }> = await tx.query(
        `INSERT INTO captions_tracks AS track
           (project_id, system_name, external_id, video_id, language, cues, sequence, changed_in)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (project_id, system_name, external_id) DO UPDATE
           SET video_id = excluded.video_id, language = excluded.language, cues = excluded.cues,
             sequence = excluded.sequence,
             changed_in = CASE WHEN (track.video_id, track.language, track.cues)
                 IS DISTINCT FROM (excluded.video_id, excluded.language, excluded.cues)
               THEN excluded.sequence ELSE track.changed_in END
           WHERE track.sequence <= excluded.sequence
         RETURNING changed_in = sequence AS changed`,
        [
          item.projectId,
          item.systemName,
          item.externalId,
          videoId,
          language,
          JSON.stringify(cues),
          String(item.sequence),
        ],
      );
      const result = { language, cues: cues.length, durationMs: endOf(cues) };
      const reason = row === undefined ? 'replaced by a later import' : 'already exists';
      recorded.push(
        row?.changed === true
          ? { state: 'success' as const, result }
          : { state: 'skipped' as const, reason, result },
      );
    }
    return recorded;
  },
});

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** Cues may overlap: the last one to begin need not be the last one to end. */
function endOf(cues: readonly Cue[]): number {
  return cues.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
}

export const captions = defineExtension({
  name: 'captions',
  reelport: '^0.1.0',
  kinds: [kind],
  migrations: [CreateTracks1795800000010],
});
