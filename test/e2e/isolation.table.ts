/** What a project has, by id. */
export interface Belongings {
  importId: string;
  /** One that does not end by itself. */
  importUnderWay: string;
  mediaId: string;
  /** The newest one, with an older one behind it. */
  deliveryId: string;
  externalId: string;
  tokenToRevoke: string;
  tokenToRotate: string;
}

/**
 * Every parameter of the API that names something which belongs to a project, and what it names. An endpoint that takes
 * an id gets its row here; the spec fails for one that has none.
 */
export const TAKES_AN_ID: Readonly<Record<string, keyof Belongings>> = {
  'DELETE /api/v1/auth/tokens/{id} → id': 'tokenToRevoke',
  'POST /api/v1/auth/tokens/{id}/rotate → id': 'tokenToRotate',
  'GET /api/v1/auth/tokens → after': 'tokenToRevoke',
  'GET /api/v1/import/videos/status → id': 'importId',
  'GET /api/v1/imports → after': 'importId',
  'GET /api/v1/imports/{id} → id': 'importId',
  'GET /api/v1/imports/{id}/items → id': 'importId',
  'GET /api/v1/imports/{id}/report → id': 'importId',
  'POST /api/v1/imports/{id}/retry → id': 'importId',
  'POST /api/v1/imports/{id}/cancel → id': 'importUnderWay',
  'GET /api/v1/videos → externalId': 'externalId',
  'GET /api/v1/videos → after': 'mediaId',
  'GET /api/v1/videos/{mediaId} → mediaId': 'mediaId',
  'GET /api/v1/webhooks/deliveries → importId': 'importId',
  'GET /api/v1/webhooks/deliveries → after': 'deliveryId',
  'POST /api/v1/webhooks/deliveries/{id}/redeliver → id': 'deliveryId',
};

/** Ids in the same form that have never been given to anything. */
export const NEVER_EXISTED: Belongings = {
  importId: '1z1z1z1z1z',
  importUnderWay: '2z2z2z2z2z',
  mediaId: 'nosuchid1234',
  deliveryId: 'msg_00000000000000000000000',
  externalId: 'no such video',
  tokenToRevoke: '00000000-0000-4000-8000-000000000000',
  tokenToRotate: '00000000-0000-4000-8000-000000000000',
};

/** Cursors that are places within what the path names, and no ids. */
export const PLACES: readonly string[] = ['GET /api/v1/imports/{id}/items → after'];

/** Parameters of a query that are ids: a cursor is one, too. Those of a path all are. */
export const ID_IN_QUERY = /^(?:id|after|\w+Id)$/;
