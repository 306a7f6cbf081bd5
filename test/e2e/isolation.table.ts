/** Ids of the things that a project owns. */
export interface Belongings {
  importId: string;
  /** An import that does not finish by itself. */
  importInFlight: string;
  /** A finished plan. */
  planId: string;
  mediaId: string;
  videoToRemove: string;
  mediumToRemove: string;
  /** The newest one; an older one follows it in the list. */
  deliveryId: string;
  deadLetterId: string;
  externalId: string;
  tokenToRevoke: string;
  tokenToRotate: string;
}

/**
 * Every parameter of the API that identifies something of a project, with the kind of id that it takes. A new endpoint
 * that takes an id gets its row here; the spec fails without it.
 */
export const TAKES_AN_ID: Readonly<Record<string, keyof Belongings>> = {
  'DELETE /api/v1/auth/tokens/{id} → id': 'tokenToRevoke',
  'POST /api/v1/auth/tokens/{id}/rotate → id': 'tokenToRotate',
  'GET /api/v1/auth/tokens → after': 'tokenToRevoke',
  'POST /api/v1/dead-letters/{id}/retry → id': 'deadLetterId',
  'GET /api/v1/import/videos/status → id': 'importId',
  'GET /api/v1/imports → after': 'importId',
  'GET /api/v1/imports/{id} → id': 'importId',
  'GET /api/v1/imports/{id}/events → id': 'importId',
  'GET /api/v1/imports/{id}/items → id': 'importId',
  'GET /api/v1/imports/{id}/items/{position} → id': 'importId',
  'GET /api/v1/imports/{id}/failures → id': 'importId',
  'GET /api/v1/imports/{id}/hosts → id': 'importId',
  'GET /api/v1/imports/{id}/request → id': 'importId',
  'GET /api/v1/imports/{id}/receipt → id': 'importId',
  'GET /api/v1/imports/{id}/receipt/ledger → id': 'importId',
  'GET /api/v1/imports/{id}/report → id': 'importId',
  'POST /api/v1/imports/{id}/retry → id': 'importId',
  'POST /api/v1/imports/{id}/apply → id': 'planId',
  'POST /api/v1/imports/{id}/cancel → id': 'importInFlight',
  'GET /api/v1/media → externalId': 'externalId',
  'GET /api/v1/media → after': 'mediaId',
  'GET /api/v1/media/{mediaId} → mediaId': 'mediaId',
  'GET /api/v1/media/{mediaId}/versions → mediaId': 'mediaId',
  'DELETE /api/v1/media/{mediaId} → mediaId': 'mediumToRemove',
  'POST /api/v1/media/{mediaId}/restore → mediaId': 'mediumToRemove',
  'GET /api/v1/videos → externalId': 'externalId',
  'GET /api/v1/videos → after': 'mediaId',
  'GET /api/v1/videos/{mediaId} → mediaId': 'mediaId',
  'DELETE /api/v1/videos/{mediaId} → mediaId': 'videoToRemove',
  'POST /api/v1/videos/{mediaId}/restore → mediaId': 'videoToRemove',
  'GET /api/v1/webhooks/deliveries → importId': 'importId',
  'GET /api/v1/webhooks/deliveries → after': 'deliveryId',
  'GET /api/v1/webhooks/deliveries/{id} → id': 'deliveryId',
  'POST /api/v1/webhooks/deliveries/{id}/redeliver → id': 'deliveryId',
};

/** Well-formed ids that were never assigned. */
export const NEVER_EXISTED: Belongings = {
  importId: '1z1z1z1z1z',
  planId: '1z1z1z1z1z',
  importInFlight: '2z2z2z2z2z',
  mediaId: 'nosuchid1234',
  videoToRemove: 'nosuchid1234',
  mediumToRemove: 'nosuchid1234',
  deliveryId: 'msg_00000000000000000000000',
  deadLetterId: '00000000-0000-4000-8000-000000000000',
  externalId: 'no such video',
  tokenToRevoke: '00000000-0000-4000-8000-000000000000',
  tokenToRotate: '00000000-0000-4000-8000-000000000000',
};

/** Cursors that are positions within the parent or the project, not ids. */
export const PLACES: readonly string[] = [
  'GET /api/v1/imports/{id}/receipt → externalId',
  'GET /api/v1/imports/{id}/items → after',
  'GET /api/v1/imports/{id}/items/{position} → position',
  'GET /api/v1/dead-letters → after',
  'GET /api/v1/events → after',
  'GET /api/v1/imports/{id}/events → after',
];

/** Query parameters that are ids, including cursors. Path parameters always are. */
export const ID_IN_QUERY = /^(?:id|after|\w+Id)$/;
