import { run } from './run.js';

/** The result of ffprobe. */
export interface Oracle {
  /** Codec of the video track that plays. */
  codec: string;
  audioCodec: string | null;
  /** Display size: after pixel aspect ratio and rotation. */
  width: number;
  height: number;
  /** Seconds; null if unknown. */
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

/** @returns null if ffprobe finds no video track or cannot read the file */
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
  // 0:1 or a missing ratio means unknown; players assume square pixels.
  const [num = 1, den = 1] = (sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const width = num > 0 ? Math.round((codedWidth * num) / den) : codedWidth;
  const rotation = side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  return Math.abs(rotation) % 180 === 90 ? { width: height, height: width } : { width, height };
}
