/** Given to the thread when it starts. */
export interface WriterSettings {
  durable: boolean;
}

/** One file; any number of them may be under way. */
export interface WriterRequest {
  id: number;
  target: string;
  bytes: Uint8Array;
}

/** Errors lose their code on the way between threads, so that it travels as data. */
export interface WriterAnswer {
  id: number;
  failed?: { code: string | undefined; message: string };
}
