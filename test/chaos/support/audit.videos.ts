import type { AuditOptions } from './audit.js';
import type { ChaosInstallation } from './chaos-installation.js';

interface DoneItem {
  identity: string;
  url: string;
  state: string;
  reason: string | null;
  mediaId: string | null;
}

interface VideoRow {
  identity: string;
  id: string;
  sourceUrl: string;
  sha256: string;
}

const IDENTITY = (video: string, item: string): string =>
  `json_build_array(${video}.project_id, ${video}.system_name, ${item}.external_id)::text`;

/** Checks the library: one video for each imported identity, in the version of the last accepted import. */
export async function faultsOfVideos(
  installation: ChaosInstallation,
  { expectedSha256 }: AuditOptions,
): Promise<string[]> {
  const items = await installation.query<DoneItem[]>(
    `SELECT ${IDENTITY('import', 'item')} AS identity, item.payload ->> 'url' AS url, item.state, item.reason,
       item.result ->> 'mediaId' AS "mediaId"
     FROM import_items item JOIN imports import ON import.id = item.import_id
     WHERE item.state IN ('success', 'skipped') ORDER BY import.sequence`,
  );
  const videos = await installation.query<VideoRow[]>(
    `SELECT ${IDENTITY('video', 'video')} AS identity, video.id, video.source_url AS "sourceUrl", asset.sha256
     FROM media video JOIN assets asset ON asset.id = video.asset_id`,
  );
  const library = new Map(videos.map((video) => [video.identity, video]));
  // The latest successful or skipped item decides.
  const latest = new Map(items.map((item) => [item.identity, item]));
  return [
    ...(library.size === videos.length ? [] : ['Several videos share one identity']),
    ...[...library.keys()]
      .filter((identity) => !latest.has(identity))
      .map((identity) => `No import created ${identity}`),
    ...items.flatMap(({ identity, mediaId }) =>
      library.get(identity)?.id === mediaId
        ? []
        : [`An item of ${identity} names ${mediaId}, which is not its video`],
    ),
    ...[...latest].flatMap(([identity, { url, state, reason }]) => {
      const video = library.get(identity);
      if (video === undefined) return [`${identity} is ${state} and not in the library`];
      if (reason === 'replaced by a later import')
        return [`The last import of ${identity} was replaced by a later one`];
      if (video.sourceUrl !== url)
        return [`${identity} is from ${video.sourceUrl}, but the last import has ${url}`];
      const sha256 = expectedSha256(url) ?? video.sha256;
      return video.sha256 === sha256 ? [] : [`${identity} does not have the bytes of ${url}`];
    }),
  ];
}
