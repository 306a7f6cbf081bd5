import { run } from './run.js';

/** What ffprobe says about a file. */
export interface Oracle {
  /** Codec of the track of pictures that plays. */
  codec: string;
  audioCodec: string | null;
  /** As a player shows it: pixel aspect ratio and rotation applied. */
  width: number;
  height: number;
  /** Seconds; null where it finds none. */
  duration: number | null;
}

interface Stream {
  codec_type: string;
  codec_name?: string;
  width?: number;
  height?: number;
  sample_aspect_ratio?: string;
  disposition?: { attached_pic?: number };
  side_data_list?: { rotation?: number }[];
}

/** @returns null where ffprobe finds no track of pictures, or nothing that it can read */
export async function askFfprobe(path: string): Promise<Oracle | null> {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path];
  const answer = await run('ffprobe', args).catch(() => null);
  if (answer === null) return null;
  const { streams = [], format }: { streams?: Stream[]; format?: { duration?: string } } = JSON.parse(
    answer.toString(),
  );
  const video = streams.find(
    ({ codec_type, disposition }) => codec_type === 'video' && disposition?.attached_pic !== 1,
  );
  if (!video?.width || !video.height) return null;
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  return {
    codec: video.codec_name ?? 'unknown',
    audioCodec: audio ? (audio.codec_name ?? 'unknown') : null,
    ...shownSize(video, video.width, video.height),
    duration: format?.duration === undefined ? null : Number(format.duration),
  };
}

function shownSize({ sample_aspect_ratio, side_data_list }: Stream, codedWidth: number, height: number) {
  // A ratio of 0:1 or none means unknown, which players show as square pixels.
  const [num = 1, den = 1] = (sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const width = num > 0 ? Math.round((codedWidth * num) / den) : codedWidth;
  const rotation = side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  return Math.abs(rotation) % 180 === 90 ? { width: height, height: width } : { width, height };
}
