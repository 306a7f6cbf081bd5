/** Generated from test/contract/openapi.json by `npm run openapi`. */
export interface paths {
  '/api/v1/import/videos': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import a batch of videos
     * @description Responds as soon as the batch is stored durably. Every video is then downloaded, checked, stored and registered; `GET /api/v1/import/videos/status` and the webhook report the outcome. The systemName and id together identify each video: new ones are created, changed ones updated, unchanged ones skipped.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['importVideos'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/import/videos/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the status of a batch of videos
     * @description Returns the progress while the import runs, then every video in request order. A plan is `planned` until it is applied; then it has the state of any other import.
     *
     *     Codes of failed videos:
     *
     *     | code | meaning | retry can help |
     *     | --- | --- | --- |
     *     | `URL_BLOCKED` | The URL of the video is not allowed | no |
     *     | `HOST_NOT_FOUND` | The host name of the video does not resolve | yes |
     *     | `CONNECTION_FAILED` | Could not connect to the server of the video | yes |
     *     | `TLS_FAILED` | Could not establish a TLS connection to the server of the video | no |
     *     | `TIMED_OUT` | The server of the video timed out | yes |
     *     | `TOO_MANY_REDIRECTS` | Too many redirects | no |
     *     | `HTTP_STATUS` | Could not download the video | no |
     *     | `TRUNCATED` | The download is incomplete | yes |
     *     | `TOO_LARGE` | The file exceeds the size limit | no |
     *     | `EMPTY` | The file is empty | no |
     *     | `CHECKSUM_MISMATCH` | The video is not the expected file (damaged in transit, or another at the source) | no |
     *     | `METADATA_INVALID` | The metadata does not match the schema of the project | no |
     *     | `STORAGE_FAILED` | Could not store the video | yes |
     *     | `CANCELLED` | The import was cancelled | yes |
     *     | `PLAN_EXPIRED` | The plan was not applied in time | yes |
     *     | `PROCESSING_TIMED_OUT` | Processing took too long | yes |
     *     | `INTERNAL` | Internal error | yes |
     *     | `NOT_A_VIDEO` | The file is not a video | no |
     *     | `UNREADABLE` | Reading the file exceeded the resource limits | no |
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImportVideosStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/media': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List media of every kind, newest first
     * @description List media of every kind, newest first.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['listMedia'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/media/{mediaId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a medium of any kind
     * @description Get a medium of any kind.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['getMedium'];
    put?: never;
    post?: never;
    /**
     * Remove a medium of any kind
     * @description The medium leaves every list, and its files, replaced versions included, are no longer served by this service as soon as the response arrives; a file that other media have as well stays. Within `ORPHAN_GRACE_MS` (24 hours by default) the medium can be restored; then it is erased. An import that is accepted later brings the medium back under the same mediaId, with the next version; one that was accepted earlier does not. Repeating the request changes nothing
     *
     *     Required scope: `public-api:write`.
     */
    delete: operations['removeMedium'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/media/{mediaId}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the versions of a medium: source, file, time and import of each
     * @description List the versions of a medium: source, file, time and import of each.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['listMediumVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/media/{mediaId}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Restore a removed medium
     * @description Brings a medium back as it was, with its version and files, within `ORPHAN_GRACE_MS` after its removal. A medium that is not removed stays as it is
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['restoreMedium'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/reconcile': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Compare a manifest with the library
     * @description The body is your manifest, of any length: CSV with a header line, or one JSON object per line. Fields: `externalId`, and optionally `sha256` and `size` (bytes; in CSV also `bytes`); others are ignored. The encoding (UTF-8, UTF-16 with byte order mark, or Windows-1252) and the delimiter are detected. `Content-Encoding: gzip` is accepted. Nothing is changed.
     *
     *     The response follows when the manifest has arrived: one JSON object per line, whose `type` is `manifest` (how the manifest was read), then `missing` (in the manifest, not in the library), `extra` (in the library, not in the manifest), `different` (another hash or size), `fault` (a line that cannot be read, or repeats an `externalId`; it counts as neither), and at the end `summary`. `rows` is the sum of `matched`, `missing`, `different` and `faults`. A response without `summary` was interrupted and proves nothing.
     *
     *     Required scope: `public-api:read`.
     */
    post: operations['reconcile'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/videos': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List videos, newest first
     * @description List videos, newest first.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['listVideos'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/videos/{mediaId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a video
     * @description Get a video.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['getVideo'];
    put?: never;
    post?: never;
    /**
     * Remove a video
     * @description The video leaves every list, and its files, replaced versions included, are no longer served by this service as soon as the response arrives; a file that other media have as well stays. Within `ORPHAN_GRACE_MS` (24 hours by default) the video can be restored; then it is erased. An import that is accepted later brings the video back under the same mediaId, with the next version; one that was accepted earlier does not. Repeating the request changes nothing
     *
     *     Required scope: `public-api:write`.
     */
    delete: operations['removeVideo'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/videos/{mediaId}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Restore a removed video
     * @description Brings a video back as it was, with its version and files, within `ORPHAN_GRACE_MS` after its removal. A video that is not removed stays as it is
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['restoreVideo'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List access tokens, newest first
     * @description Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.
     *
     *     Required scope: `public-api:admin`.
     */
    get: operations['listTokens'];
    put?: never;
    /**
     * Issue an access token (shown only once)
     * @description Issue an access token (shown only once).
     *
     *     Required scope: `public-api:admin`.
     */
    post: operations['issueToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/tokens/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke an access token; takes effect everywhere within 5 seconds
     * @description Revoke an access token; takes effect everywhere within 5 seconds.
     *
     *     Required scope: `public-api:admin`.
     */
    delete: operations['revokeToken'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/tokens/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replace an access token with a new one of the same name, scopes and lifetime
     * @description Replace an access token with a new one of the same name, scopes and lifetime.
     *
     *     Required scope: `public-api:admin`.
     */
    post: operations['rotateToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/auth/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Project, name and scopes of the calling token
     * @description Project, name and scopes of the calling token.
     *
     *     No token required.
     */
    get: operations['whoAmI'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List imports, newest first
     * @description Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['listImports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an import with its item counts
     * @description Get an import with its item counts.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/items': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Items of the import, in request order
     * @description An item that waits for a retry shows its last failure, its attempts so far and the time of the next attempt. Successful and skipped items include their result in the same form as the status of the import.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['listImportItems'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/items/{position}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get an item with its failed attempts, and why it waits
     * @description A list of items shows the position of each; `q` finds an item by its `externalId`.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImportItem'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/failures': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Failures of an import in groups, with their cures
     * @description Items with the same code, host and HTTP status form a group. Groups of items that Reelport tries again by itself are `waiting`; the other items are failed, and `POST …/retry` with the `code` and `host` of their group runs them again.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['listImportFailures'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/hosts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Progress of an import by host, with bytes, rates, and the throttle of each host
     * @description Progress of an import by host, with bytes, rates, and the throttle of each host.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['listImportHosts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Retry the failed items, or a subset of them
     * @description Retries within the same import, including failures that are not `retryable`; every item gets its full number of attempts again. The import is `started` until they have finished; then its webhook is sent again with a new `webhook-id`. Without failed items nothing changes. With a body, only the failed items that satisfy all of its fields run again; the others stay failed. `dryRun` only counts them.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['retryImport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel pending items and abort running ones
     * @description Cancelled items are `failed` with the code `CANCELLED`; finished items keep their outcome. The import finishes, and its webhook is sent. With a body, only the unfinished items that satisfy all of its fields are cancelled, and the import goes on with the others; `code` is that of the last failure. `dryRun` only counts them.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['cancelImport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/apply': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run a plan
     * @description Imports the planned items. They keep their prediction next to the outcome. The import counts as accepted now: of two imports of the same id, the one accepted later wins. With an `Idempotency-Key`, a repeated request gets the same response.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['applyImport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/report': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download the report: one line per item
     * @description Items are in request order; the report is available while the import runs. `mediaId`, `sha256`, `bytes` and `url` describe the stored file at the time the item finished. In CSV, a value that a spreadsheet would take for a formula is prefixed with an apostrophe; NDJSON contains it unchanged. Reports of plans end with the columns `predicted` (the action) and `predictedCode`.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImportReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/request': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download the batch of the import, as you posted it
     * @description Rebuilt from what is stored: fields that equal their default are left out, and URLs lack their queries, which may contain signatures. Numbers of `metadata` and `context` keep every digit.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImportRequest'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/receipt': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Signed receipt of a finished import
     * @description Anyone can verify the receipt offline with the public keys at `/.well-known/jwks.json`. It stays the same until failed items are retried; afterwards there is a new one.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImportReceipt'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/receipt/ledger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lines that the receipt covers: one per item, in request order
     * @description Each line is the canonical JSON (RFC 8785) of `externalId` and `state`, with `mediaId`, `sha256` and `size` of the stored file, or the `code` of the failure. The lines, without their line feeds, are the leaves of the Merkle tree.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getImportLedger'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/.well-known/jwks.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Public keys of receipts, as a JSON Web Key Set (RFC 7517)
     * @description Public keys of receipts, as a JSON Web Key Set (RFC 7517).
     *
     *     No token required.
     */
    get: operations['getReceiptKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/waiting': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Why items of the project wait: workers, disk, Redis, and the throttle of each host
     * @description Why items of the project wait: workers, disk, Redis, and the throttle of each host.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['explainWaiting'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/kinds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the kinds of import, and the limits of a batch
     * @description List the kinds of import, and the limits of a batch.
     *
     *     No token required.
     */
    get: operations['listKinds'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/imports/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Watch an import by server-sent events
     * @description Begins with the first event of the import that is kept, so that a new client sees every item, and ends after `import.finished` while the import is not retried. A client that resumes after the last event of a finished import gets 204, which ends the reconnects of an EventSource. `items.finished` bundles up to 100 items and comes at most a second or two after they finish; `import.progress` comes at most once a second and has no id. To resume without a gap or a double, send the id of the last event as `Last-Event-ID`. A comment comes every 15 s; without one the connection is lost. The server ends a stream when it shuts down, when the token ends, and when the client is too slow; reconnect and resume. With `Accept-Encoding: gzip` a stream has about an eighth of the size.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['watchImport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Watch all imports of the project by server-sent events
     * @description Begins with the events from now on; the stream does not end by itself. `items.finished` bundles up to 100 items and comes at most a second or two after they finish; `import.progress` comes at most once a second and has no id. To resume without a gap or a double, send the id of the last event as `Last-Event-ID`. A comment comes every 15 s; without one the connection is lost. The server ends a stream when it shuts down, when the token ends, and when the client is too slow; reconnect and resume. With `Accept-Encoding: gzip` a stream has about an eighth of the size.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['watchImports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhook deliveries, newest first
     * @description One delivery per message, with all of its attempts. Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/deliveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a webhook delivery with its attempts and its body
     * @description Get a webhook delivery with its attempts and its body.
     *
     *     Required scope: `public-api:write`.
     */
    get: operations['getWebhookDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/deliveries/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Redeliver all failed messages, or those since a time
     * @description For a receiver that was down. Each message is redelivered as by its own `redeliver`; messages in other states stay as they are. `dryRun` only counts them.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['redeliverFailedWebhooks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/deliveries/{id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Redeliver a message with the same webhook-id
     * @description The next attempt starts at once; if it fails, the schedule starts over. Earlier attempts stay on record. Allowed in every state: receivers deduplicate on `webhook-id`.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['redeliverWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List events that could not be delivered to a listener, latest failure first
     * @description Listeners belong to the extensions of this installation. An event becomes a dead letter of a listener when all attempts to deliver it have failed. Pass the `cursor` of a page as `after` to get the next one. Without a `cursor` there are no more results.
     *
     *     Required scope: `public-api:read`.
     */
    get: operations['listDeadLetters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/dead-letters/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Deliver the event to the listener again
     * @description The next attempt starts at once; if it fails, the schedule starts over.
     *
     *     Required scope: `public-api:write`.
     */
    post: operations['retryDeadLetter'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether the process answers
     * @description Whether the process answers.
     *
     *     No token required.
     */
    get: operations['isLive'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether requests can be served
     * @description Whether requests can be served.
     *
     *     No token required.
     */
    get: operations['isReady'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The state of the installation, for Prometheus
     * @description What there is to do, what does it, and why something waits (`reelport_waiting`): over all projects and processes; beside it, the figures of this process.
     *
     *     Required scope: `public-api:admin`.
     */
    get: operations['getMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface webhooks {
  'import.finished': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * An import has finished
     * @description Sent to the `webhook` of a batch by default.
     */
    post: operations['onImportFinished'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'items.finished': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Items have finished
     * @description Sent if the `webhookEvents` of the batch contain it: up to 100 items in one message.
     */
    post: operations['onItemsFinished'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface components {
  schemas: {
    VideoFileDto: {
      /**
       * Format: uri
       * @description The stored file
       * @example https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4
       */
      url: string;
      /**
       * @description Detected from the bytes
       * @example video/mp4
       */
      mimeType: string;
      /**
       * @description Displayed width in pixels, with rotation and pixel aspect ratio applied
       * @example 320
       */
      width: number;
      /**
       * @description Displayed height in pixels
       * @example 180
       */
      height: number;
      /**
       * @description Seconds; null if the file does not declare it
       * @example 12.48
       */
      duration: number | null;
      /**
       * @description File format
       * @example mp4
       */
      container: string;
      /**
       * @description Video codec by FFmpeg's name; null if the file does not declare it
       * @example h264
       */
      videoCodec: string | null;
      /**
       * @description Codec of the first audio track by FFmpeg's name; null if there is none
       * @example aac
       */
      audioCodec: string | null;
      /**
       * @description Bytes
       * @example 28672
       */
      size: number;
      /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
      sha256: string;
    };
    MediaAssetDto: {
      /**
       * Format: uri
       * @description The stored file
       * @example https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.bin
       */
      url: string;
      /**
       * @description Detected from the bytes
       * @example application/octet-stream
       */
      mimeType: string;
      /**
       * @description Bytes
       * @example 28672
       */
      size: number;
      /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
      sha256: string;
    };
    MediumDto: {
      /**
       * @description The mediaId
       * @example jjiwhsf23kdk
       */
      id: string;
      /** @description Name of the kind: the last segment of the path that imports it */
      kind: string;
      /**
       * @description 1 at creation; incremented with every change
       * @example 1
       */
      version: number;
      /** @example identity-of-the-archive */
      systemName: string;
      /** @example interview-2019-11-21 */
      externalId: string;
      /** @example my interview */
      title: string;
      /**
       * @description The metadata sent last. Numbers keep every digit as sent, which may exceed the precision of a double
       * @example {
       *       "credit": "Jane Doe"
       *     }
       */
      metadata: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      updatedAt: string;
      /** @description The file, with the facts of its kind */
      asset:
        | {
            [key: string]: unknown;
          }
        | components['schemas']['VideoFileDto']
        | components['schemas']['MediaAssetDto'];
    };
    MediaPageDto: {
      /** @description Newest first */
      results: components['schemas']['MediumDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example jjiwhsf23kdk
       */
      cursor?: string;
    };
    MediaVersionDto: {
      /** @example 2 */
      version: number;
      /** @example my interview */
      title: string;
      /**
       * @description URL from which the file was imported, without its query
       * @example https://archive.example.com/interview.mp4
       */
      sourceUrl: string | null;
      /**
       * @description The import that created the version; null if it does not exist any more
       * @example k3l9s0d2fj
       */
      importId: string | null;
      /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
      sha256: string;
      /**
       * @description Bytes
       * @example 28672
       */
      size: number;
      /**
       * Format: date-time
       * @description When the version was recorded
       * @example 2020-01-01T13:45:12.000Z
       */
      createdAt: string;
    };
    MediaVersionsDto: {
      /** @description Newest first: the current one, and up to 100 before it */
      results: components['schemas']['MediaVersionDto'][];
    };
    VideoAssetDto: {
      /**
       * Format: uri
       * @example https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4
       */
      url: string;
      /** @example video/mp4 */
      mimeType: string;
      /**
       * @description Displayed width in pixels
       * @example 320
       */
      width: number;
      /**
       * @description Displayed height in pixels
       * @example 180
       */
      height: number;
      /**
       * @description Seconds; null if the file does not declare it
       * @example 12.48
       */
      duration: number | null;
      /**
       * @description Bytes
       * @example 28672
       */
      size: number;
      /** @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 */
      sha256: string;
    };
    VideoDto: {
      /**
       * @description The mediaId
       * @example jjiwhsf23kdk
       */
      id: string;
      /**
       * @description 1 at creation; incremented with every change
       * @example 1
       */
      version: number;
      /**
       * @example video
       * @enum {string}
       */
      mediaType: 'video';
      /** @example identity-of-the-archive */
      systemName: string;
      /** @example interview-2019-11-21 */
      externalId: string;
      /** @example my video */
      title: string;
      asset: components['schemas']['VideoAssetDto'];
      /**
       * @description The metadata sent last. Numbers keep every digit as sent, which may exceed the precision of a double
       * @example {
       *       "credit": "Jane Doe"
       *     }
       */
      metadata: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      updatedAt: string;
    };
    VideosPageDto: {
      results: components['schemas']['VideoDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example jjiwhsf23kdk
       */
      cursor?: string;
    };
    ImportVideoDto: {
      /**
       * Format: uri
       * @description Download URL of the video: http or https, without user and password
       * @example https://archive.example.com/videos/2019/interview.mp4
       */
      url: string;
      /**
       * @description Your id of the video, unique within the batch; systemName and id together identify the video
       * @example interview-2019-11-21
       */
      id: string;
      /**
       * @description Title of the video
       * @example my video
       */
      fileName: string;
      /**
       * @description Metadata of the video, up to 64 KiB; validated against the schema of the project for videos if it has one. Numbers keep every digit and may have up to 1000 digits before and 1000 after the decimal point; `GET /media` returns them as sent. Metadata is compared by value: a different order of members is no change, nor is `1.0` for `1`. The schema sees each number as the nearest double
       * @example {
       *       "title": "my video",
       *       "credit": "Jane Doe"
       *     }
       */
      metadata: {
        [key: string]: unknown;
      };
      /**
       * @description Expected SHA-256 of the video. Other bytes fail with `CHECKSUM_MISMATCH`, after one more attempt. If the project has stored these bytes already, the video is registered without a download
       * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
       */
      sha256?: string;
      /**
       * @description Expected size of the video in bytes. Another size fails with `CHECKSUM_MISMATCH`, after one more attempt; one above the limit of videos fails at once with `TOO_LARGE`
       * @example 28672
       */
      size?: number;
    };
    ImportVideosDto: {
      /**
       * @description Source system of the videos
       * @example identity-of-the-archive
       */
      systemName: string;
      /**
       * Format: uri
       * @description Receives a signed POST when the import is finished
       * @example https://partner.example.com/hooks/reelport
       */
      webhook?: string;
      /**
       * @description Events that the webhook receives. `items.finished` has up to 100 finished items (schema `ItemsFinishedEventDto`), `import.finished` the counts (schema `ImportFinishedEventDto`). Deliveries can arrive in any order
       * @default [
       *       "import.finished"
       *     ]
       */
      webhookEvents: ('import.finished' | 'items.finished')[];
      /**
       * @description Returned byte for byte in the webhook, up to 8 KiB. White space between tokens is removed if the object would exceed 8 KiB with it. Numbers may have up to 1000 digits before and 1000 after the decimal point
       * @example {
       *       "batch": 17
       *     }
       */
      context?: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @description Earliest time of the first attempts, at most 30 days ahead; default: at once
       * @example 2020-01-02T02:00:00Z
       */
      notBefore?: string;
      /**
       * @description Order among the imports of your project: while items of a higher one can run, those of a lower one wait. It takes nothing from other projects
       * @default normal
       * @enum {string}
       */
      priority: 'low' | 'normal' | 'high';
      /** @description The videos, from 1 to MAX_BATCH_ITEMS */
      videos: components['schemas']['ImportVideoDto'][];
    };
    ImportAcceptedDto: {
      /**
       * @description Id of the import, lower-case base 36
       * @example 25bzj8j
       */
      id: string;
    };
    ImportProgressDto: {
      /**
       * @description Items in the batch
       * @example 3
       */
      total: number;
      /**
       * @description Created or updated
       * @example 1
       */
      success: number;
      /**
       * @description Already imported and unchanged
       * @example 0
       */
      skipped: number;
      /**
       * @description Not imported
       * @example 0
       */
      failed: number;
      /**
       * @description Pending or running
       * @example 2
       */
      pending: number;
    };
    RunningImportDto: {
      /**
       * @example false
       * @enum {boolean}
       */
      finished: false;
      /**
       * @example started
       * @enum {string}
       */
      state: 'started';
      /**
       * @description Id of the import
       * @example 243kdc
       */
      id: string;
      /**
       * @description When the batch was accepted: YYYY-MM-DD hh:mm:ss in UTC
       * @example 2020-01-01 13:45:12
       */
      startedAt: string;
      progress: components['schemas']['ImportProgressDto'];
    };
    ImportedVideoFactsDto: {
      /**
       * @description Permanent id of the video
       * @example jjiwhsf23kdk
       */
      mediaId: string;
      /**
       * Format: uri
       * @description The stored file
       * @example https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4
       */
      originalUrl: string;
      /**
       * Format: uri
       * @description For players and pages: `originalUrl` with the configured query, or of the configured service
       * @example https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4?auto=format
       */
      url: string;
      /**
       * @description Displayed width in pixels, with rotation and pixel aspect ratio applied
       * @example 320
       */
      width: number;
      /**
       * @description Displayed height in pixels
       * @example 180
       */
      height: number;
      /**
       * @description Detected from the bytes, not taken from the source
       * @example video/mp4
       */
      mimeType: string;
      /**
       * @description Service whose query parameters `url` accepts
       * @example imgix
       */
      videoService: string;
    };
    PredictionDto: {
      /**
       * @description `create`, `update`: new to the library, or changed. `skip`: already imported and unchanged. `fail`: see `code`
       * @example create
       * @enum {string}
       */
      action: 'create' | 'update' | 'skip' | 'fail';
      /**
       * @description Code of the failure, from the list of the status of the kind; only for `fail`
       * @example HTTP_STATUS
       */
      code?: string;
      /**
       * @description Why the item will be skipped or fail, in one sentence
       * @example Could not download the file: the server answered 404
       */
      reason?: string;
      /**
       * @description Whether a retry can help, or the run itself, because the failure is transient; only for `fail`
       * @example false
       */
      retryable?: boolean;
      /**
       * @description Size of the file in bytes, if the source declares it
       * @example 104857600
       */
      bytes?: number;
      /**
       * @description MIME type of the file, if its first bytes show it
       * @example image/jpeg
       */
      mimeType?: string;
    };
    ImportedVideoDto: {
      /**
       * @description Former name of `state`
       * @example success
       * @enum {string}
       */
      status: 'success' | 'skipped' | 'failed';
      /**
       * @example success
       * @enum {string}
       */
      state: 'success' | 'skipped' | 'failed';
      /**
       * @description Why the video was skipped or failed, in one sentence
       * @example already exists
       */
      reason?: string;
      /**
       * @description Failure code, from the list above; only for failed videos
       * @example INTERNAL
       */
      code?: string;
      /**
       * @description Whether a retry can help; only for failed videos
       * @example false
       */
      retryable?: boolean;
      /** @example identity-of-the-archive */
      systemName: string;
      /**
       * @description The `id` from your request
       * @example interview-2019-11-21
       */
      externalId: string;
      /**
       * @description The `fileName` from your request
       * @example my video
       */
      title: string;
      /** @description Only for successful and skipped videos */
      video?: components['schemas']['ImportedVideoFactsDto'];
      /** @description Outcome that the plan predicted; only for planned videos */
      prediction?: components['schemas']['PredictionDto'];
    };
    ImportOverviewDto: {
      /**
       * @description Items in the batch
       * @example 3
       */
      total: number;
      /**
       * @description Created or updated
       * @example 1
       */
      success: number;
      /**
       * @description Already imported and unchanged
       * @example 1
       */
      skipped: number;
      /**
       * @description Not imported
       * @example 1
       */
      failed: number;
    };
    FinishedImportDto: {
      /**
       * @example true
       * @enum {boolean}
       */
      finished: true;
      /**
       * @description `success` if at least one video is success or skipped
       * @example success
       * @enum {string}
       */
      state: 'success' | 'failed';
      /** @example 25bzj8j */
      id: string;
      /** @description In request order */
      videos: components['schemas']['ImportedVideoDto'][];
      overview: components['schemas']['ImportOverviewDto'];
    };
    PlanningProgressDto: {
      /**
       * @description Items in the batch
       * @example 3
       */
      total: number;
      /**
       * @description Created or updated
       * @example 1
       */
      success: number;
      /**
       * @description Already imported and unchanged
       * @example 0
       */
      skipped: number;
      /**
       * @description Not imported
       * @example 0
       */
      failed: number;
      /**
       * @description Pending or running
       * @example 2
       */
      pending: number;
      /**
       * @description Predicted
       * @example 1
       */
      planned: number;
    };
    PlanningImportDto: {
      /**
       * @example false
       * @enum {boolean}
       */
      finished: false;
      /**
       * @example planned
       * @enum {string}
       */
      state: 'planned';
      /**
       * @description Id of the import
       * @example 243kdc
       */
      id: string;
      /**
       * @description When the batch was accepted: YYYY-MM-DD hh:mm:ss in UTC
       * @example 2020-01-01 13:45:12
       */
      startedAt: string;
      progress: components['schemas']['PlanningProgressDto'];
    };
    PlannedItemDto: {
      /**
       * @description Former name of `state`
       * @example planned
       * @enum {string}
       */
      status: 'planned' | 'failed';
      /**
       * @description `failed`: cancelled, or the plan has expired
       * @example planned
       * @enum {string}
       */
      state: 'planned' | 'failed';
      /**
       * @description Why it failed
       * @example The import was cancelled
       */
      reason?: string;
      /**
       * @description Failure code
       * @example CANCELLED
       */
      code?: string;
      /**
       * @description Whether a retry can help
       * @example true
       */
      retryable?: boolean;
      /** @example identity-of-the-archive */
      systemName: string;
      /**
       * @description The `id` from your request
       * @example interview-2019-11-21
       */
      externalId: string;
      /**
       * @description Title from your request
       * @example my interview
       */
      title: string;
      prediction?: components['schemas']['PredictionDto'];
    };
    PlannedOverviewDto: {
      /**
       * @description Items in the batch
       * @example 3
       */
      total: number;
      /**
       * @description Created or updated
       * @example 1
       */
      success: number;
      /**
       * @description Already imported and unchanged
       * @example 1
       */
      skipped: number;
      /**
       * @description Not imported
       * @example 1
       */
      failed: number;
      /**
       * @description Predicted
       * @example 3
       */
      planned: number;
    };
    PlannedVideosImportDto: {
      /**
       * @description Planning has finished
       * @example true
       * @enum {boolean}
       */
      finished: true;
      /**
       * @example planned
       * @enum {string}
       */
      state: 'planned';
      /** @example 25bzj8j */
      id: string;
      /** @description In request order */
      videos: components['schemas']['PlannedItemDto'][];
      overview: components['schemas']['PlannedOverviewDto'];
    };
    NewAccessTokenDto: {
      /**
       * @description Name that identifies the user of the token
       * @example archive of the newsroom
       */
      name: string;
      /**
       * @description Scopes of the token; the calling token must have all of them
       * @example [
       *       "public-api:write"
       *     ]
       */
      scopes: ('public-api:read' | 'public-api:write' | 'public-api:admin')[];
      /**
       * @description Lifetime, as a number with the unit s, m, h or d
       * @default 90d
       * @example 90d
       */
      expiresIn: string;
    };
    IssuedTokenDto: {
      /**
       * Format: uuid
       * @example 7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa
       */
      id: string;
      /** @example archive of the newsroom */
      name: string;
      /**
       * @example [
       *       "public-api:write"
       *     ]
       */
      scopes: ('public-api:read' | 'public-api:write' | 'public-api:admin')[];
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2020-03-31T13:45:12.000Z
       */
      expiresAt: string | null;
      /**
       * Format: date-time
       * @description Time of revocation; in the future if the token was rotated with an overlap
       * @example null
       */
      revokedAt: string | null;
      /**
       * Format: date-time
       * @description Time of last use, accurate to the minute
       * @example null
       */
      lastUsedAt: string | null;
      /**
       * @description The token itself; shown only once
       * @example eyJhbGciOiJIUzI1NiJ9…
       */
      token: string;
    };
    AccessTokenDto: {
      /**
       * Format: uuid
       * @example 7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa
       */
      id: string;
      /** @example archive of the newsroom */
      name: string;
      /**
       * @example [
       *       "public-api:write"
       *     ]
       */
      scopes: ('public-api:read' | 'public-api:write' | 'public-api:admin')[];
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2020-03-31T13:45:12.000Z
       */
      expiresAt: string | null;
      /**
       * Format: date-time
       * @description Time of revocation; in the future if the token was rotated with an overlap
       * @example null
       */
      revokedAt: string | null;
      /**
       * Format: date-time
       * @description Time of last use, accurate to the minute
       * @example null
       */
      lastUsedAt: string | null;
    };
    AccessTokensPageDto: {
      results: components['schemas']['AccessTokenDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example 7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa
       */
      cursor?: string;
    };
    MeDto: {
      /**
       * @description Id of the access token; for an identity provider, an id derived from the subject
       * @example 7d9f3a52-3c6e-4f0e-9a59-6cf1f0d1c0aa
       */
      id: string;
      /**
       * @description Name of the access token; null for a token of an identity provider
       * @example archive of the newsroom
       */
      name: string | null;
      /**
       * @description Name of the project
       * @example newsroom
       */
      project: string;
      /**
       * @description Scopes that the token grants here, including those of extensions
       * @example [
       *       "public-api:write"
       *     ]
       */
      scopes: string[];
      /**
       * Format: date-time
       * @description When the access token expires; null for a token of an identity provider
       * @example 2020-03-31T13:45:12.000Z
       */
      expiresAt: string | null;
    };
    CreatedByDto: {
      /**
       * @description Id of the access token; for an identity provider, an id derived from the subject
       * @example 0f8fad5b-d9cb-469f-a165-70867728950e
       */
      id: string;
      /**
       * @description Name of the access token at that time; for an identity provider, its name of the caller
       * @example archive-sync
       */
      name: string;
    };
    ImportCountsDto: {
      /**
       * @description Items in the batch
       * @example 3
       */
      total: number;
      /**
       * @description Created or updated
       * @example 1
       */
      success: number;
      /**
       * @description Already imported and unchanged
       * @example 1
       */
      skipped: number;
      /**
       * @description Not imported
       * @example 1
       */
      failed: number;
      /**
       * @description Pending or running
       * @example 0
       */
      pending: number;
      /**
       * @description Predicted, and not imported before the plan is applied; only for plans
       * @example 0
       */
      planned?: number;
    };
    PlanTotalsDto: {
      /**
       * @description Items that are new to the library
       * @example 7
       */
      create: number;
      /**
       * @description Items that have changed
       * @example 1
       */
      update: number;
      /**
       * @description Items without a change
       * @example 1
       */
      skip: number;
      /**
       * @description Items that will fail
       * @example 1
       */
      fail: number;
    };
    PlanOutcomeDto: {
      /**
       * @description The predicted action
       * @example create
       * @enum {string}
       */
      predicted: 'create' | 'update' | 'skip' | 'fail';
      /**
       * @description The action of the outcome; null until it is known
       * @example create
       * @enum {string|null}
       */
      actual: 'create' | 'update' | 'skip' | 'fail' | null;
      /**
       * @description Number of items
       * @example 7
       */
      items: number;
      /**
       * @description Of these, items whose outcome differs from the prediction: all, or failures of another code
       * @example 0
       */
      drift: number;
    };
    PlanDto: {
      /**
       * @description Whether planning has finished, so that the plan can be applied
       * @example true
       */
      finished: boolean;
      /**
       * Format: date-time
       * @description When the plan can no longer be applied; null while it is made, and once it was applied
       * @example 2020-01-08T13:46:03.000Z
       */
      expiresAt: string | null;
      /**
       * Format: date-time
       * @description When the plan was applied; null until then
       * @example null
       */
      appliedAt: string | null;
      /** @description Predicted items by action */
      totals: components['schemas']['PlanTotalsDto'];
      /**
       * @description Bytes of the files to create and update, as far as their sources declare sizes
       * @example 734003200
       */
      bytes: number;
      /**
       * @description Seconds that the run will take, by the throughput of recent imports from the same hosts; null if it is unknown
       * @example 42
       */
      estimatedSeconds: number | null;
      /**
       * @description Finished items whose outcome differs from the prediction, in action or code; 0 until applied
       * @example 0
       */
      drift: number;
      /** @description Predicted and actual actions of all items; empty until applied */
      outcomes: components['schemas']['PlanOutcomeDto'][];
    };
    ImportDto: {
      /**
       * @description Lower-case base 36
       * @example 25bzj8jk
       */
      id: string;
      /** @description Kind of the items, the last segment of the path that accepted the batch */
      kind: string;
      /** @example identity-of-the-archive */
      systemName: string;
      /**
       * @description `started` until every item has finished; then `success` if at least one item is success or skipped, else `failed`. `planned`: a plan that has not been applied
       * @example success
       * @enum {string}
       */
      state: 'started' | 'planned' | 'success' | 'failed';
      /**
       * @description `plan`: the outcomes were predicted first; also after the plan was applied
       * @example run
       * @enum {string}
       */
      mode: 'run' | 'plan';
      /** @description Who posted the batch; null for imports of earlier releases */
      createdBy: components['schemas']['CreatedByDto'] | null;
      progress: components['schemas']['ImportCountsDto'];
      /**
       * Format: date-time
       * @description When the batch was accepted
       * @example 2020-01-01T13:45:12.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When the batch was accepted, its `notBefore` if that is later, its plan was applied, or its failed items were last retried
       * @example 2020-01-01T13:45:12.000Z
       */
      startedAt: string;
      /**
       * Format: date-time
       * @description Earliest time of the first attempts, from your request; null without one
       * @example null
       */
      notBefore: string | null;
      /**
       * @description Order among the imports of the project, from your request
       * @example normal
       * @enum {string}
       */
      priority: 'low' | 'normal' | 'high';
      /**
       * Format: date-time
       * @description When the last item finished, or was planned; null until then
       * @example 2020-01-01T13:46:03.000Z
       */
      finishedAt: string | null;
      /** @description Only for plans, and not in lists */
      plan?: components['schemas']['PlanDto'];
    };
    ImportsPageDto: {
      /** @description Newest first */
      results: components['schemas']['ImportDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example 25bzj8jk
       */
      cursor?: string;
    };
    ImportItemDto: {
      /**
       * @description Position in the batch, starting at 0
       * @example 0
       */
      position: number;
      /**
       * @description The `id` from your request
       * @example interview-2019-11-21
       */
      externalId: string;
      /**
       * @description The `fileName` from your request
       * @example my interview
       */
      title: string;
      /**
       * @description `pending`: waits for its first attempt or a retry. `running`: an attempt is in flight. `planned`: its outcome is predicted, and it waits until the plan is applied
       * @example pending
       * @enum {string}
       */
      state: 'pending' | 'running' | 'planned' | 'success' | 'skipped' | 'failed';
      /**
       * @description Code of the last failure, from a closed list; also set while the item waits for a retry. Null without a failure
       * @example HTTP_STATUS
       */
      code: string | null;
      /**
       * @description Why the item was skipped, or its last failure, in one sentence
       * @example Could not download it: the server answered 503
       */
      reason: string | null;
      /**
       * @description Whether a retry can help; null without a failure
       * @example true
       */
      retryable: boolean | null;
      /**
       * @description HTTP status that the last failure consists in; null without one
       * @example 503
       */
      httpStatus: number | null;
      /**
       * @description Host that the item comes from, with its port unless it is the default one; null if it comes from none
       * @example archive.example.com
       */
      host: string | null;
      /**
       * @description Finished attempts; attempts at an unreachable host do not count
       * @example 1
       */
      tries: number;
      /**
       * Format: date-time
       * @description Earliest time of the next attempt; null unless the item waits for a retry. The attempt may start later while the circuit of its host is open
       * @example 2020-01-01T13:45:22.000Z
       */
      nextTryAt: string | null;
      /** @description The outcome that the plan predicted; kept when the plan is applied. Only for planned items */
      prediction?: components['schemas']['PredictionDto'];
    };
    ImportItemsPageDto: {
      /** @description In request order */
      results: components['schemas']['ImportItemDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example p49
       */
      cursor?: string;
    };
    ItemWaitDto: {
      /**
       * @description `not_before`: its import starts later. `retry`: the backoff after a failure. `host_asked`: the host asked for a pause. `host_failing`: the circuit of the host is open. `no_worker`, `kind_missing`: no worker is alive, or none has this kind. `disk`, `redis…`: no worker can take items for this reason. `turn`: others are in front of it
       * @example retry
       * @enum {string}
       */
      reason:
        | 'not_before'
        | 'retry'
        | 'host_asked'
        | 'host_failing'
        | 'no_worker'
        | 'kind_missing'
        | 'disk'
        | 'redis'
        | 'redis_read_only'
        | 'redis_memory'
        | 'redis_disk'
        | 'redis_refused'
        | 'turn';
      /**
       * Format: date-time
       * @description Until when; null if that is not known
       * @example 2020-01-01T13:45:22.000Z
       */
      until: string | null;
    };
    ItemAttemptDto: {
      /**
       * Format: date-time
       * @example 2020-01-01T13:45:12.000Z
       */
      startedAt: string;
      /**
       * @description Duration in milliseconds
       * @example 212
       */
      durationMs: number;
      /**
       * @description Failure code
       * @example HTTP_STATUS
       */
      code: string;
      /** @example Could not download it: the server answered 503 */
      reason: string;
      /**
       * @description Whether a retry could help
       * @example true
       */
      retryable: boolean;
      /**
       * @description HTTP status of the response
       * @example 503
       */
      httpStatus: number | null;
      /**
       * @description Bytes of the file that had been received; null if unknown
       * @example null
       */
      bytes: number | null;
    };
    ItemDetailDto: {
      /**
       * @description Position in the batch, starting at 0
       * @example 0
       */
      position: number;
      /**
       * @description The `id` from your request
       * @example interview-2019-11-21
       */
      externalId: string;
      /**
       * @description The `fileName` from your request
       * @example my interview
       */
      title: string;
      /**
       * @description `pending`: waits for its first attempt or a retry. `running`: an attempt is in flight. `planned`: its outcome is predicted, and it waits until the plan is applied
       * @example pending
       * @enum {string}
       */
      state: 'pending' | 'running' | 'planned' | 'success' | 'skipped' | 'failed';
      /**
       * @description Code of the last failure, from a closed list; also set while the item waits for a retry. Null without a failure
       * @example HTTP_STATUS
       */
      code: string | null;
      /**
       * @description Why the item was skipped, or its last failure, in one sentence
       * @example Could not download it: the server answered 503
       */
      reason: string | null;
      /**
       * @description Whether a retry can help; null without a failure
       * @example true
       */
      retryable: boolean | null;
      /**
       * @description HTTP status that the last failure consists in; null without one
       * @example 503
       */
      httpStatus: number | null;
      /**
       * @description Host that the item comes from, with its port unless it is the default one; null if it comes from none
       * @example archive.example.com
       */
      host: string | null;
      /**
       * @description Finished attempts; attempts at an unreachable host do not count
       * @example 1
       */
      tries: number;
      /**
       * Format: date-time
       * @description Earliest time of the next attempt; null unless the item waits for a retry. The attempt may start later while the circuit of its host is open
       * @example 2020-01-01T13:45:22.000Z
       */
      nextTryAt: string | null;
      /** @description The outcome that the plan predicted; kept when the plan is applied. Only for planned items */
      prediction?: components['schemas']['PredictionDto'];
      /**
       * @description URL from your request without the query, which may contain a signature; null if it has none
       * @example https://archive.example.com/2019/interview.mp4
       */
      url: string | null;
      /**
       * @description The entry of your request; URLs lack their queries, which may contain signatures
       * @example {
       *       "id": "interview-2019-11-21",
       *       "fileName": "my interview"
       *     }
       */
      request: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @description When it finished; null until then
       * @example 2020-01-01T13:45:22.000Z
       */
      finishedAt: string | null;
      /** @description Why it waits; every reason has to end. Empty unless the item is pending */
      waiting: components['schemas']['ItemWaitDto'][];
      /** @description Failed attempts, newest first; at most 100 */
      attempts: components['schemas']['ItemAttemptDto'][];
    };
    FailureSampleDto: {
      /**
       * @description Position in the batch
       * @example 0
       */
      position: number;
      /**
       * @description The `id` from your request
       * @example interview-2019-11-21
       */
      externalId: string;
      /**
       * @description Its URL without the query, which may contain a signature; null if it has none
       * @example https://archive.example.com/2019/interview.mp4
       */
      url: string | null;
      /**
       * @description Its last failure in one sentence
       * @example Could not download it: the server answered 403
       */
      reason: string | null;
    };
    FailureGroupDto: {
      /**
       * @description Failure code; pass it as `code` to retry or cancel
       * @example HTTP_STATUS
       */
      code: string;
      /**
       * @description Host of the items; pass it as `host` to retry or cancel. Null if they come from none
       * @example archive.example.com
       */
      host: string | null;
      /**
       * @description HTTP status that the failure consists in; pass it as `httpStatus` to retry or cancel. Null without one: pass `none`
       * @example 403
       */
      httpStatus: number | null;
      /**
       * @description Whether the items are not failed for good: another attempt follows by itself
       * @example false
       */
      waiting: boolean;
      /**
       * @description Number of items
       * @example 17
       */
      count: number;
      /**
       * Format: date-time
       * @description First failure of this kind
       * @example 2020-01-01T13:45:22.000Z
       */
      firstSeen: string;
      /**
       * Format: date-time
       * @description Latest failure of this kind
       * @example 2020-01-01T13:45:22.000Z
       */
      lastSeen: string;
      /** @description The first of these items, in request order */
      sample: components['schemas']['FailureSampleDto'];
      /**
       * @description What the code means; null if the kind no longer has it
       * @example Could not download it
       */
      cause: string | null;
      /**
       * @description What to do, in a sentence or two
       * @example Ask the archive's owner for access, or for URLs that carry it, then retry
       */
      cure: string;
      /**
       * @description Whether a retry can help without any other change
       * @example false
       */
      retry: boolean;
      /**
       * Format: date-time
       * @description When the host may be contacted again, because it asked for a pause or kept failing; null if it may be now
       * @example null
       */
      retryAfter: string | null;
      /**
       * Format: date-time
       * @description Earliest next attempt at one of the items; null unless they are `waiting`
       * @example null
       */
      nextTryAt: string | null;
    };
    FailuresDto: {
      /** @description Largest group first */
      results: components['schemas']['FailureGroupDto'][];
      /**
       * @description Number of groups, including those beyond the limit
       * @example 1
       */
      total: number;
    };
    ImportHostDto: {
      /**
       * @description `closed`: it answers. `open`: it is not contacted until `until`, because it failed repeatedly or asked for a pause. `half-open`: the next attempt decides
       * @example closed
       * @enum {string}
       */
      circuit: 'closed' | 'open' | 'half-open';
      /**
       * Format: date-time
       * @description When it may be contacted again; null unless the circuit is open
       * @example null
       */
      until: string | null;
      /**
       * @description Whether the host asked for the pause with Retry-After
       * @example false
       */
      askedForPause: boolean;
      /**
       * @description Consecutive failures
       * @example 0
       */
      failures: number;
      /**
       * @description Items that may be in flight from this host at once, over all projects; null: no limit yet
       * @example 4
       */
      concurrency: number | null;
      /**
       * @description Host with its port unless that is the default one; null for items that contact none
       * @example archive.example.com
       */
      host: string | null;
      /**
       * @description Items from this host
       * @example 5000
       */
      total: number;
      /**
       * @description Waiting for an attempt
       * @example 1000
       */
      pending: number;
      /**
       * @description Attempts in flight
       * @example 4
       */
      running: number;
      /**
       * @description Predicted, not applied
       * @example 0
       */
      planned: number;
      /**
       * @description Created or updated
       * @example 3896
       */
      success: number;
      /**
       * @description Already imported and unchanged
       * @example 80
       */
      skipped: number;
      /**
       * @description Not imported
       * @example 20
       */
      failed: number;
      /**
       * @description Size of the files of its successful items, in bytes
       * @example 734003200
       */
      bytes: number;
      /**
       * @description Items that finished per second, in the last 30 seconds of the run
       * @example 12.5
       */
      itemsPerSecond: number;
      /**
       * @description Bytes of files imported per second, in the last 30 seconds of the run
       * @example 26214400
       */
      bytesPerSecond: number;
    };
    ImportHostsDto: {
      /** @description Most items first */
      results: components['schemas']['ImportHostDto'][];
      /**
       * @description Number of hosts, including those beyond the limit
       * @example 1
       */
      total: number;
      /**
       * @description Size of the files of all successful items of the import, in bytes
       * @example 734003200
       */
      bytes: number;
      /**
       * @description Bytes of files imported per second from all hosts, in the last 30 seconds of the run
       * @example 26214400
       */
      bytesPerSecond: number;
    };
    ItemSubsetDto: {
      /**
       * @description Only items with this failure code
       * @example HTTP_STATUS
       */
      code?: string;
      /**
       * @description Only items from this host, as in `host` of an item: with the port unless it is the default one
       * @example archive.example.com
       */
      host?: string;
      /**
       * @description Only items whose last failure consists in this HTTP status, or with `none` in no status
       * @example 503
       */
      httpStatus?: number | 'none';
      /**
       * @description Only items with these ids from your request; ids that the import does not have are ignored
       * @example [
       *       "interview-2019-11-21"
       *     ]
       */
      externalIds?: string[];
      /**
       * @description Only items in this state
       * @example pending
       * @enum {string}
       */
      state?: 'pending' | 'running' | 'planned' | 'success' | 'skipped' | 'failed';
      /**
       * @description Only items whose `externalId` or `title` contains this text, in any case
       * @example interview
       */
      q?: string;
      /**
       * @description Only count the items: nothing changes
       * @default false
       */
      dryRun: boolean;
    };
    ImportRetriedDto: {
      /**
       * @description Id of the import, unchanged
       * @example 25bzj8jk
       */
      id: string;
      /**
       * @description Number of failed items that run again; with `dryRun`, that would
       * @example 1
       */
      retried: number;
    };
    ImportCancelledDto: {
      /**
       * @description Id of the import
       * @example 25bzj8jk
       */
      id: string;
      /**
       * @description Number of cancelled items; with `dryRun`, of those that would be. 0 only for a subset
       * @example 2
       */
      cancelled: number;
    };
    InclusionProofDto: {
      /**
       * @description The line of the ledger
       * @example {"code":"HTTP_STATUS","externalId":"interview-2019-11-21","state":"failed"}
       */
      line: string;
      /**
       * @description Position of the line
       * @example 0
       */
      index: number;
      /**
       * @description Hashes of the siblings from the leaf to the root, in hexadecimal
       * @example [
       *       "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
       *     ]
       */
      path: string[];
    };
    ImportReceiptDto: {
      /**
       * @description Compact JWS (RFC 7515), signed with Ed25519. Its payload has `iss`, `iat` (the time the import finished), `importId`, `project`, `kind`, `systemName`, `state`, `finishedAt`, `totals` and `ledger`: number of `leaves` and Merkle `root` (RFC 6962, SHA-256) over the lines of the ledger. Public keys: `/.well-known/jwks.json`
       * @example eyJhbGciOiJFZERTQSIsImtpZCI6Im9OZWV1bTlIIiwidHlwIjoicmVlbHBvcnQtcmVjZWlwdCtqd3QifQ.eyJpbXBvcnRJZCI6IjI1YnpqOGprIn0.c2lnbmF0dXJl
       */
      receipt: string;
      /** @description With `externalId` only */
      proof?: components['schemas']['InclusionProofDto'];
    };
    ReceiptKeyDto: {
      /**
       * @description Thumbprint of the key (RFC 7638)
       * @example kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
       */
      kid: string;
      /**
       * @example sig
       * @enum {string}
       */
      use: 'sig';
      /**
       * @example EdDSA
       * @enum {string}
       */
      alg: 'EdDSA';
      /**
       * @example OKP
       * @enum {string}
       */
      kty?: 'OKP';
      /**
       * @example Ed25519
       * @enum {string}
       */
      crv?: 'Ed25519';
      /** @example 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo */
      x?: string;
    };
    ReceiptKeysDto: {
      /** @description Oldest first; keys of old receipts stay in the list */
      keys: components['schemas']['ReceiptKeyDto'][];
    };
    WaitingHostDto: {
      /**
       * @description `closed`: it answers. `open`: it is not contacted until `until`, because it failed repeatedly or asked for a pause. `half-open`: the next attempt decides
       * @example closed
       * @enum {string}
       */
      circuit: 'closed' | 'open' | 'half-open';
      /**
       * Format: date-time
       * @description When it may be contacted again; null unless the circuit is open
       * @example null
       */
      until: string | null;
      /**
       * @description Whether the host asked for the pause with Retry-After
       * @example false
       */
      askedForPause: boolean;
      /**
       * @description Consecutive failures
       * @example 0
       */
      failures: number;
      /**
       * @description Items that may be in flight from this host at once, over all projects; null: no limit yet
       * @example 4
       */
      concurrency: number | null;
      /**
       * @description Host with its port unless that is the default one; null for items that contact none
       * @example archive.example.com
       */
      host: string | null;
      /**
       * @description Pending items of the project
       * @example 120
       */
      pending: number;
      /**
       * @description In-flight items of the project
       * @example 4
       */
      inFlight: number;
    };
    WaitingDto: {
      /**
       * @description Why items of this installation wait, as in `/health/ready` and the metrics
       * @example [
       *       "host_failing"
       *     ]
       */
      reasons: (
        | 'no_worker'
        | 'kind_missing'
        | 'disk'
        | 'redis'
        | 'redis_read_only'
        | 'redis_memory'
        | 'redis_disk'
        | 'redis_refused'
        | 'database_read_only'
        | 'host_asked'
        | 'host_failing'
        | 'retry'
        | 'not_before'
      )[];
      /**
       * @description Live workers
       * @example 2
       */
      workers: number;
      /**
       * @description Items that they run at once
       * @example 32
       */
      capacity: number;
      /**
       * @description Pending items of the project
       * @example 120
       */
      pending: number;
      /**
       * @description In-flight items of the project
       * @example 4
       */
      inFlight: number;
      /** @description Hosts with unfinished items of the project, most pending ones first; at most 200 */
      hosts: components['schemas']['WaitingHostDto'][];
    };
    KindDto: {
      /**
       * @description Plural: the last segment of the path that imports it, and the name of the list in a batch
       * @example images
       */
      name: string;
      /**
       * @description Singular: the name of a result
       * @example image
       */
      noun: string;
      /**
       * @description MIME types of the files that it accepts; null for a kind whose entries are no files, whose fields are its own
       * @example [
       *       "image/png"
       *     ]
       */
      types: string[] | null;
      /**
       * @description Whether a batch can be planned before it runs
       * @example true
       */
      canPlan: boolean;
    };
    KindsDto: {
      /** @description Every kind that this server imports */
      results: components['schemas']['KindDto'][];
      /**
       * @description Most entries of a batch
       * @example 10000
       */
      maxBatchItems: number;
      /**
       * @description Largest body of a request, in bytes
       * @example 67108864
       */
      maxBodyBytes: number;
    };
    ImportProgressEventDto: {
      /**
       * @example import.progress
       * @enum {string}
       */
      type: 'import.progress';
      /**
       * Format: date-time
       * @description When the counts were read
       * @example 2020-01-01T13:45:12.000Z
       */
      timestamp: string;
      /**
       * @description Id of the import
       * @example 25bzj8j
       */
      id: string;
      /**
       * @example started
       * @enum {string}
       */
      state: 'started';
      progress: components['schemas']['ImportProgressDto'];
    };
    FinishedItemDto: {
      /**
       * @description The `id` from your request
       * @example interview-2019-11-21
       */
      externalId: string;
      /**
       * @example failed
       * @enum {string}
       */
      state: 'success' | 'skipped' | 'failed' | 'planned';
      /**
       * @description Code of the failure, from a closed list
       * @example HTTP_STATUS
       */
      code?: string;
      /**
       * @description Why the item was skipped, or the failure, in one sentence; absent if the item has been retried since
       * @example Could not download it: the server answered 404
       */
      reason?: string;
      /**
       * @description Whether a retry can help
       * @example false
       */
      retryable?: boolean;
      /**
       * @description Size of the stored file in bytes; only of successful items of kinds with files
       * @example 28672
       */
      size?: number;
    };
    ItemsFinishedEventDto: {
      /**
       * @example items.finished
       * @enum {string}
       */
      type: 'items.finished';
      /**
       * Format: date-time
       * @description When the last of them finished
       * @example 2020-01-01T13:45:12.000Z
       */
      timestamp: string;
      /**
       * @description Id of the import
       * @example 25bzj8j
       */
      id: string;
      /** @description Kind of the items, the last segment of the path that accepted the batch */
      kind: string;
      /** @example identity-of-the-archive */
      systemName: string;
      /** @description Each item once for each time it finishes. The result of a successful or skipped item is in the form of the status, in a field with the singular name of the kind */
      items: components['schemas']['FinishedItemDto'][];
      /** @description The `context` of the batch, byte for byte */
      context?: {
        [key: string]: unknown;
      };
    };
    ImportFinishedEventDto: {
      /**
       * @example import.finished
       * @enum {string}
       */
      type: 'import.finished';
      /**
       * Format: date-time
       * @description When the last item finished
       * @example 2020-01-01T13:45:12.000Z
       */
      timestamp: string;
      /**
       * @description Id of the import
       * @example 25bzj8j
       */
      id: string;
      /**
       * @description `planned`: all items of a plan are planned; it can be applied
       * @example success
       * @enum {string}
       */
      state: 'success' | 'failed' | 'planned';
      overview: components['schemas']['ImportOverviewDto'];
      /** @description The `context` of the batch, byte for byte */
      context?: {
        [key: string]: unknown;
      };
    };
    DeliveryAttemptDto: {
      /**
       * @description 1 for the first
       * @example 1
       */
      number: number;
      /**
       * Format: date-time
       * @description Start of the attempt; the `webhook-timestamp` header has the same time in seconds
       * @example 2020-01-01T13:45:12.000Z
       */
      startedAt: string;
      /**
       * @description Duration in milliseconds
       * @example 87
       */
      durationMs: number;
      /**
       * @description HTTP status of the response; null if there was none
       * @example 204
       */
      statusCode: number | null;
      /**
       * @description Why the attempt failed, in one sentence; null if the receiver accepted the delivery
       * @example null
       */
      error: string | null;
      /**
       * @description Beginning of the response body as text, up to WEBHOOK_RESPONSE_BYTES, with control characters replaced; null if it was empty, compressed or not text, or if the installation keeps no responses. The receiver chose this text: never show it as HTML
       * @example null
       */
      response: string | null;
    };
    WebhookDeliveryDto: {
      /**
       * @description The `webhook-id` header, identical for all attempts
       * @example msg_2KWPBgLlAfxdpx2AI54pPJ85
       */
      id: string;
      /**
       * @description Import that the message is about
       * @example 25bzj8j
       */
      importId: string;
      /**
       * @description Type of the event in the message
       * @example import.finished
       * @enum {string}
       */
      type: 'import.finished' | 'items.finished';
      /**
       * Format: uri
       * @description URL of the receiver, without its query, which may hold a secret
       * @example https://partner.example.com/hooks/reelport
       */
      url: string;
      /**
       * @description `pending`: an attempt is in flight or scheduled. `delivered`: the receiver answered 2xx. `failed`: the receiver answered 410, its address is not allowed, or the last scheduled attempt failed. `superseded`: a retry of the import made the message obsolete before it was delivered
       * @example delivered
       * @enum {string}
       */
      state: 'pending' | 'delivered' | 'failed' | 'superseded';
      /** @description Finished attempts, oldest first */
      attempts: components['schemas']['DeliveryAttemptDto'][];
      /**
       * Format: date-time
       * @description When the next attempt is due; during an attempt, when its lease expires; null if no attempt will follow
       * @example null
       */
      nextAttemptAt: string | null;
      /**
       * Format: date-time
       * @description When the message was created
       * @example 2020-01-01T13:45:11.900Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When the receiver accepted the delivery; null if it has not
       * @example 2020-01-01T13:45:12.087Z
       */
      deliveredAt: string | null;
    };
    DeliveriesPageDto: {
      /** @description Newest first */
      results: components['schemas']['WebhookDeliveryDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example msg_2KWPBgLlAfxdpx2AI54pPJ85
       */
      cursor?: string;
    };
    DeliveryDetailDto: {
      /**
       * @description The `webhook-id` header, identical for all attempts
       * @example msg_2KWPBgLlAfxdpx2AI54pPJ85
       */
      id: string;
      /**
       * @description Import that the message is about
       * @example 25bzj8j
       */
      importId: string;
      /**
       * @description Type of the event in the message
       * @example import.finished
       * @enum {string}
       */
      type: 'import.finished' | 'items.finished';
      /**
       * Format: uri
       * @description URL of the receiver, without its query, which may hold a secret
       * @example https://partner.example.com/hooks/reelport
       */
      url: string;
      /**
       * @description `pending`: an attempt is in flight or scheduled. `delivered`: the receiver answered 2xx. `failed`: the receiver answered 410, its address is not allowed, or the last scheduled attempt failed. `superseded`: a retry of the import made the message obsolete before it was delivered
       * @example delivered
       * @enum {string}
       */
      state: 'pending' | 'delivered' | 'failed' | 'superseded';
      /** @description Finished attempts, oldest first */
      attempts: components['schemas']['DeliveryAttemptDto'][];
      /**
       * Format: date-time
       * @description When the next attempt is due; during an attempt, when its lease expires; null if no attempt will follow
       * @example null
       */
      nextAttemptAt: string | null;
      /**
       * Format: date-time
       * @description When the message was created
       * @example 2020-01-01T13:45:11.900Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description When the receiver accepted the delivery; null if it has not
       * @example 2020-01-01T13:45:12.087Z
       */
      deliveredAt: string | null;
      /**
       * @description The exact text that is signed and sent
       * @example {"type":"import.finished","timestamp":"2020-01-01T13:45:11.900Z","id":"25bzj8j"}
       */
      body: string;
    };
    RedeliverFailedDto: {
      /**
       * Format: date-time
       * @description Only deliveries that were created at or after this time
       * @example 2020-01-01T13:45:12.000Z
       */
      since?: string;
      /**
       * @description Only count the deliveries: nothing is sent
       * @default false
       */
      dryRun: boolean;
    };
    RedeliveredDto: {
      /**
       * @description Number of failed deliveries that are sent again; with `dryRun`, that would be
       * @example 12
       */
      redelivered: number;
    };
    RedeliveryDto: {
      /**
       * @description Id of the delivery; its `webhook-id` stays the same
       * @example msg_2KWPBgLlAfxdpx2AI54pPJ85
       */
      id: string;
    };
    DeadLetterEventDto: {
      /**
       * @description Type of the event
       * @example media.created
       * @enum {string}
       */
      type: 'import.accepted' | 'import.finished' | 'media.created' | 'media.updated' | 'media.removed';
      /**
       * Format: date-time
       * @description When the event happened
       * @example 2020-01-01T13:45:12.000Z
       */
      occurredAt: string;
      /**
       * @description Import that caused it
       * @example 25bzj8j
       */
      importId: string;
      /**
       * @description Kind of the import
       * @example videos
       */
      kind: string;
      /**
       * @description The `systemName` from your request
       * @example archive
       */
      systemName: string;
      /**
       * @description The medium; only in `media.created` and `media.updated`
       * @example a7gP3kQ9xZ1b
       */
      mediaId?: string;
      /**
       * @description The `id` from your request; only in `media.created` and `media.updated`
       * @example interview-2019-11-21
       */
      externalId?: string;
    };
    DeadLetterDto: {
      /**
       * Format: uuid
       * @description Id of the delivery, identical for all attempts
       * @example 0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11
       */
      id: string;
      /**
       * @description Name of the listener
       * @example search-index
       */
      listener: string;
      /** @description The event that was not delivered */
      event: components['schemas']['DeadLetterEventDto'];
      /**
       * @description Failed attempts
       * @example 8
       */
      attempts: number;
      /**
       * @description Why the last attempt failed, in one line; the log of the worker has the stack
       * @example Error: connect ECONNREFUSED 10.0.0.7:9200
       */
      lastError: string;
      /**
       * Format: date-time
       * @description When the last attempt failed
       * @example 2020-01-01T15:20:00.000Z
       */
      failedAt: string;
    };
    DeadLettersPageDto: {
      /** @description Latest failure first */
      results: components['schemas']['DeadLetterDto'][];
      /**
       * @description Pass it as `after` to get the next page; if absent, there are no more results
       * @example 1577892000000-0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11
       */
      cursor?: string;
    };
    DeadLetterRetriedDto: {
      /**
       * Format: uuid
       * @description Id of the delivery
       * @example 0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11
       */
      id: string;
    };
    ErrorEnvelopeDto: {
      /**
       * @description HTTP status
       * @example 400
       */
      status: number;
      /**
       * @description Name of the error
       * @example Bad Request
       */
      error: string;
      /**
       * @description One sentence per fault, keyed by the dotted path of the field or by the header
       * @example {
       *       "systemName": "Required: a string of 1 to 128 characters"
       *     }
       */
      error_details: {
        [key: string]: string;
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  importVideos: {
    parameters: {
      query?: {
        /** @description `plan`: predicts the outcome of every item and imports nothing until `POST /api/v1/imports/{id}/apply` */
        mode?: 'run' | 'plan';
      };
      header?: {
        /** @description Repeating a request with the same key and body within 7 days returns the same id and creates nothing */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ImportVideosDto'];
      };
    };
    responses: {
      /** @description The batch is stored durably */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportAcceptedDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "webook": "Unknown field. Did you mean \"webhook\"?",
           *         "videos.3.url": "Must start with http:// or https://",
           *         "videos.7.id": "Must be unique within the batch; duplicates videos.2.id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large; split the batch into several requests"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unprocessable Content */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 422,
           *       "error": "Unprocessable Content",
           *       "error_details": {
           *         "Idempotency-Key": "Idempotency key was already used with a different body"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Service Unavailable
       *
       *     Service Unavailable
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImportVideosStatus: {
    parameters: {
      query: {
        /** @description Id of the import, as returned for the batch */
        id: string;
        /** @description Seconds to wait for the end of the import; then, or as soon as it has finished, the response is its status */
        wait?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Running, finished, failed or planned */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            | components['schemas']['RunningImportDto']
            | components['schemas']['FinishedImportDto']
            | components['schemas']['PlanningImportDto']
            | components['schemas']['PlannedVideosImportDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "id": "Required: a string of 1 to 64 characters",
           *         "wait": "Must be an integer from 1 to 60"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Service Unavailable
       *
       *     Service Unavailable
       */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listMedia: {
    parameters: {
      query?: {
        /** @description Only media of this kind: the last segment of the path that imports it */
        kind?: string;
        /** @description Only media of this system */
        systemName?: string;
        /** @description Only media with this `id` of yours */
        externalId?: string;
        /** @description Only media whose title has words that begin with all of these words, in any order and case */
        title?: string;
        /** @description Only media whose current file has this hash */
        sha256?: string;
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MediaPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getMedium: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MediumDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No medium has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  removeMedium: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Removed, now or before */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No medium has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listMediumVersions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MediaVersionsDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No medium has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  restoreMedium: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MediumDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No medium has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  reconcile: {
    parameters: {
      query: {
        /** @description System whose media are compared: the `systemName` of your imports */
        systemName: string;
        /** @description Kind of the media: the last segment of the path that imports it. */
        kind?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The manifest; a line may have at most 65536 bytes */
    requestBody: {
      content: {
        'text/csv': string;
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description Streamed; if it cannot be completed, the connection is closed before the `summary` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {"type":"manifest","systemName":"identity-of-the-archive","kind":"videos","format":"csv","encoding":"utf-8","byteOrderMark":false,"delimiter":",","columns":["externalId","sha256","size"],"ignoredColumns":[]}
           *     {"type":"missing","externalId":"interview-2019-11-21","line":2,"expected":{"size":28672}}
           *     {"type":"fault","line":3,"column":7,"field":"sha256","sentence":"Must be 64 hexadecimal digits"}
           *     {"type":"summary","rows":2,"matched":0,"missing":1,"extra":0,"different":0,"faults":1}
           */
          'application/x-ndjson': string;
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "externalId": "Required: a column of this name in the header line"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Request Timeout */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 408,
           *       "error": "Request Timeout",
           *       "error_details": {
           *         "body": "Must arrive in full within the time limit, without long pauses"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Must have at most 20000000 entries"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be text/csv or application/x-ndjson"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listVideos: {
    parameters: {
      query?: {
        /** @description Only videos of this system */
        systemName?: string;
        /** @description Only the video with this `id` of yours */
        externalId?: string;
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VideosPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getVideo: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VideoDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No video has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  removeVideo: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Removed, now or before */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No video has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  restoreVideo: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `mediaId` from the status of the import */
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VideoDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No video has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listTokens: {
    parameters: {
      query?: {
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AccessTokensPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:admin` (Issue and revoke access tokens)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  issueToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewAccessTokenDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IssuedTokenDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "expiresIn": "Must be a duration up to 3650d, such as \"90d\", \"12h\" or \"30m\""
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:admin` (Issue and revoke access tokens)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  revokeToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of a token of the same project */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:admin` (Issue and revoke access tokens)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No access token has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  rotateToken: {
    parameters: {
      query?: {
        /** @description How long the old token stays valid, as a number with the unit s, m, h or d */
        overlap?: string;
      };
      header?: never;
      path: {
        /** @description Id of a token of the same project */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IssuedTokenDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "overlap": "Must be a duration up to 30d, such as \"1h\""
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:admin` (Issue and revoke access tokens)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No access token has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 409,
           *       "error": "Conflict",
           *       "error_details": {
           *         "id": "The access token was already revoked or replaced"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  whoAmI: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listImports: {
    parameters: {
      query?: {
        /** @description Only imports in this state */
        state?: 'started' | 'planned' | 'success' | 'failed';
        /** @description Only imports of this system */
        systemName?: string;
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportsPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "state": "Must be \"started\", \"planned\", \"success\" or \"failed\""
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImport: {
    parameters: {
      query?: {
        /** @description Seconds to wait for the end of the import; then, or as soon as it has finished, the response is its status */
        wait?: number;
      };
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "wait": "Must be an integer from 1 to 60"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listImportItems: {
    parameters: {
      query?: {
        /** @description Only items in this state */
        state?: 'pending' | 'running' | 'planned' | 'success' | 'skipped' | 'failed';
        /** @description Only items with this failure code */
        code?: string;
        /** @description Only items from this host, as in `host` of an item */
        host?: string;
        /** @description Only items whose last failure consists in this HTTP status, or with `none` in no status */
        httpStatus?: number | 'none';
        /** @description Only items whose `externalId` or `title` contains this text, in any case */
        q?: string;
        /** @description Only items for which the plan predicted this */
        predicted?: 'create' | 'update' | 'skip' | 'fail';
        /** @description Only finished items of an applied plan whose outcome differs from the prediction in action or code, or does not */
        drift?: 'true' | 'false';
        /** @description Only items of the latest run: those that have not finished, or have since the import started, its plan was applied, or its items were last retried */
        run?: 'latest';
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportItemsPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "after": "Must be the cursor of a previous page"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImportItem: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
        /** @description Position in the batch, starting at 0 */
        position: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ItemDetailDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listImportFailures: {
    parameters: {
      query?: {
        /** @description Maximum number of results per page */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FailuresDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listImportHosts: {
    parameters: {
      query?: {
        /** @description Maximum number of results per page */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportHostsDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  retryImport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['ItemSubsetDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportRetriedDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 409,
           *       "error": "Conflict",
           *       "error_details": {
           *         "state": "Import is still running; wait until it has finished, or cancel it"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  cancelImport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['ItemSubsetDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportCancelledDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 409,
           *       "error": "Conflict",
           *       "error_details": {
           *         "state": "Import has already finished"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  applyImport: {
    parameters: {
      query?: never;
      header?: {
        /** @description Repeating the request with the same key within 7 days returns the same id and changes nothing */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportAcceptedDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "Idempotency-Key": "Must be 1 to 255 printable ASCII characters"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 409,
           *       "error": "Conflict",
           *       "error_details": {
           *         "state": "Import is still being planned; wait until its status is finished"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unprocessable Content */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 422,
           *       "error": "Unprocessable Content",
           *       "error_details": {
           *         "Idempotency-Key": "Idempotency key was already used with a different request"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImportReport: {
    parameters: {
      query?: {
        /** @description `csv`: RFC 4180 with a header line. `ndjson`: one JSON object per line */
        format?: 'csv' | 'ndjson';
        /** @description `1`: starts the CSV with a byte order mark, which Excel needs to detect UTF-8 */
        bom?: '0' | '1';
      };
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Streamed; if the report cannot be completed, the connection is closed */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example externalId,state,code,reason,mediaId,sha256,bytes,url
           *     interview-2019-11-21,failed,HTTP_STATUS,the server answered 404,,,,
           */
          'text/csv': string;
          /** @example {"externalId":"interview-2019-11-21","state":"failed","code":"HTTP_STATUS","reason":"the server answered 404","mediaId":null,"sha256":null,"bytes":null,"url":null} */
          'application/x-ndjson': string;
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "format": "Must be \"csv\" or \"ndjson\""
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImportRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Streamed; if the batch cannot be completed, the connection is closed */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "systemName": "identity-of-the-archive",
           *       "images": [
           *         {
           *           "url": "https://archive.example.com/images/2019/interview.jpg",
           *           "id": "interview-2019-11-21",
           *           "fileName": "my interview",
           *           "metadata": {
           *             "title": "my interview"
           *           }
           *         }
           *       ]
           *     }
           */
          'application/json': {
            systemName: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImportReceipt: {
    parameters: {
      query?: {
        /** @description Adds the proof that the receipt covers the item with this `id` of yours */
        externalId?: string;
      };
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportReceiptDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "externalId": "Must be a string of 1 to 255 characters"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 409,
           *       "error": "Conflict",
           *       "error_details": {
           *         "state": "Import has not finished; wait until it has"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getImportLedger: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Streamed; if the ledger cannot be completed, the connection is closed */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /** @example {"code":"HTTP_STATUS","externalId":"interview-2019-11-21","state":"failed"} */
          'application/x-ndjson': string;
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Conflict */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 409,
           *       "error": "Conflict",
           *       "error_details": {
           *         "state": "Import has not finished; wait until it has"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getReceiptKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReceiptKeysDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "address": "Rate limit exceeded for this address; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  explainWaiting: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WaitingDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listKinds: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['KindsDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  watchImport: {
    parameters: {
      query?: {
        /** @description Last event that the client has seen, for clients that cannot send `Last-Event-ID`; the header takes precedence */
        after?: string;
      };
      header?: {
        /** @description Id of the last event that the client has seen */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Id of the import, as returned for the batch */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A stream of events (https://html.spec.whatwg.org/multipage/server-sent-events.html); the schema is that of `data` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['ImportProgressEventDto']
            | components['schemas']['ItemsFinishedEventDto']
            | components['schemas']['ImportFinishedEventDto'];
        };
      };
      /** @description The import has finished, and the client has seen its last event */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "Last-Event-ID": "Must be the id of an event of this stream"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No import has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 410,
           *       "error": "Gone",
           *       "error_details": {
           *         "Last-Event-ID": "Events are kept for 168 h, and later ones may be missing; read GET /api/v1/imports/{id}/items or the report, then open a stream without a cursor"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Too many event streams and waiting calls with this token; close one, or retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  watchImports: {
    parameters: {
      query?: {
        /** @description Last event that the client has seen, for clients that cannot send `Last-Event-ID`; the header takes precedence */
        after?: string;
      };
      header?: {
        /** @description Id of the last event that the client has seen */
        'Last-Event-ID'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A stream of events (https://html.spec.whatwg.org/multipage/server-sent-events.html); the schema is that of `data` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream':
            | components['schemas']['ImportProgressEventDto']
            | components['schemas']['ItemsFinishedEventDto']
            | components['schemas']['ImportFinishedEventDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "Last-Event-ID": "Must be the id of an event of this stream"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Gone */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 410,
           *       "error": "Gone",
           *       "error_details": {
           *         "Last-Event-ID": "Events are kept for 168 h, and later ones may be missing; read GET /api/v1/imports/{id}/items or the report, then open a stream without a cursor"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Too many event streams and waiting calls with this token; close one, or retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description Only deliveries of this import */
        importId?: string;
        /** @description Only deliveries in this state */
        state?: 'pending' | 'delivered' | 'failed' | 'superseded';
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveriesPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of a delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryDetailDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No delivery has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  redeliverFailedWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['RedeliverFailedDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RedeliveredDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "since": "Must be a date-time with an offset, such as 2020-01-01T13:45:12.000Z"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  redeliverWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of a delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RedeliveryDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No delivery has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  listDeadLetters: {
    parameters: {
      query?: {
        /** @description Maximum number of results per page */
        limit?: number;
        /** @description Cursor of the previous page */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLettersPageDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "limit": "Must be an integer from 1 to 500"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:read` (Read the media library and watch imports)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  retryDeadLetter: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of a dead letter */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeadLetterRetriedDto'];
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "body": "Must be valid JSON"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:write` (Import, track imports, and read webhook deliveries)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Not Found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 404,
           *       "error": "Not Found",
           *       "error_details": {
           *         "id": "No dead letter has this id"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Payload Too Large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 413,
           *       "error": "Payload Too Large",
           *       "error_details": {
           *         "body": "Too large"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Unsupported Media Type */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 415,
           *       "error": "Unsupported Media Type",
           *       "error_details": {
           *         "content-type": "Must be application/json"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  isLive: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It does */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "host": "This header is required by HTTP/1.1"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  isReady: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They can */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      /** @description Bad Request */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 400,
           *       "error": "Bad Request",
           *       "error_details": {
           *         "host": "This header is required by HTTP/1.1"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "database": "This is down"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example reelport_items_unfinished 120
           *     reelport_waiting{reason="host_failing"} 1
           */
          'text/plain': string;
        };
      };
      /** @description Unauthorized */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 401,
           *       "error": "Unauthorized",
           *       "error_details": {
           *         "access_token": "The access token has expired"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /**
       * @description Forbidden
       *
       *     The token needs `public-api:admin` (Issue and revoke access tokens)
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 403,
           *       "error": "Forbidden",
           *       "error_details": {
           *         "access_token": "The request requires higher privileges"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Usage Limit Exceeded */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 429,
           *       "error": "Usage Limit Exceeded",
           *       "error_details": {
           *         "access_token": "Rate limit exceeded for this token; retry in 20 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "status": 503,
           *       "error": "Service Unavailable",
           *       "error_details": {
           *         "service": "The database is unavailable; retry in 5 seconds"
           *       }
           *     }
           */
          'application/json': components['schemas']['ErrorEnvelopeDto'];
        };
      };
    };
  };
  onImportFinished: {
    parameters: {
      query?: never;
      header: {
        /**
         * @description Id of the delivery, the same for all of its attempts; deduplicate on it
         * @example msg_2KWPBgLlAfxdpx2AI54pPJ85
         */
        'webhook-id': string;
        /**
         * @description Time of the attempt, in seconds since 1970; reject one that is more than five minutes away
         * @example 1577886312
         */
        'webhook-timestamp': string;
        /**
         * @description `v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is rotated
         * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
         */
        'webhook-signature': string;
        /**
         * @description `sha256=` and the hexadecimal HMAC-SHA256 of the body alone
         * @example sha256=0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9
         */
        'x-livingdocs-signature': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "import.finished",
         *       "timestamp": "2020-01-01T13:45:12.000Z",
         *       "id": "25bzj8j",
         *       "state": "failed",
         *       "overview": {
         *         "total": 1,
         *         "success": 0,
         *         "skipped": 0,
         *         "failed": 1
         *       }
         *     }
         */
        'application/json': components['schemas']['ImportFinishedEventDto'];
      };
    };
    responses: {
      /** @description The delivery ends, and is not attempted again */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The delivery is accepted */
      '2XX': {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The delivery is attempted again, at the earliest after `Retry-After`; redirects are not followed */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  onItemsFinished: {
    parameters: {
      query?: never;
      header: {
        /**
         * @description Id of the delivery, the same for all of its attempts; deduplicate on it
         * @example msg_2KWPBgLlAfxdpx2AI54pPJ85
         */
        'webhook-id': string;
        /**
         * @description Time of the attempt, in seconds since 1970; reject one that is more than five minutes away
         * @example 1577886312
         */
        'webhook-timestamp': string;
        /**
         * @description `v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`; several, separated by spaces, while a secret is rotated
         * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
         */
        'webhook-signature': string;
        /**
         * @description `sha256=` and the hexadecimal HMAC-SHA256 of the body alone
         * @example sha256=0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9
         */
        'x-livingdocs-signature': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "items.finished",
         *       "timestamp": "2020-01-01T13:45:12.000Z",
         *       "id": "25bzj8j",
         *       "kind": "things",
         *       "systemName": "identity-of-the-archive",
         *       "items": [
         *         {
         *           "externalId": "interview-2019-11-21",
         *           "state": "failed",
         *           "code": "HTTP_STATUS",
         *           "reason": "Could not download it: the server answered 404",
         *           "retryable": false
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['ItemsFinishedEventDto'];
      };
    };
    responses: {
      /** @description The delivery ends, and is not attempted again */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The delivery is accepted */
      '2XX': {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The delivery is attempted again, at the earliest after `Retry-After`; redirects are not followed */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
}
