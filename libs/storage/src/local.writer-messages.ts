/** Settings passed to the thread at its start. */
export interface WriterSettings {
  durable: boolean;
}

/** A file to write; any number of them may be in flight. */
export interface WriterRequest {
  id: number;
  target: string;
  bytes: Uint8Array;
}

/** Errors lose their code between threads, so it is sent as data. */
export interface WriterAnswer {
  id: number;
  failed?: { code: string | undefined; message: string };
}
