import type { OpenAPIObject } from '@nestjs/swagger';

const BATCHES = '/api/v1/import/videos';
const JSON_TYPE = 'application/json';

/** Returns a batch that imports the video of the sample archive. */
export function sampleBatch(videoUrl: string): object {
  return {
    systemName: 'sample-archive',
    videos: [
      { url: videoUrl, id: 'test-pattern', fileName: 'Test pattern', metadata: { credit: 'Reelport' } },
    ],
  };
}

/** Adds a working first example to the document; Swagger UI prefills it. */
export function withSampleBatch(document: OpenAPIObject, videoUrl: string): OpenAPIObject {
  const body = document.paths[BATCHES]?.post?.requestBody;
  const content = body !== undefined && 'content' in body ? body.content[JSON_TYPE] : undefined;
  if (content === undefined) throw new Error(`POST ${BATCHES} accepts no JSON`);
  content.examples = {
    sample: { summary: 'Sample video of this installation', value: sampleBatch(videoUrl) },
    ...content.examples,
  };
  return document;
}
