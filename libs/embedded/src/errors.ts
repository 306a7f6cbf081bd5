/** Another live process owns the services of this folder. Nothing was changed. */
export class EmbeddedInUseError extends Error {
  override readonly name = 'EmbeddedInUseError';

  /**
   * @param pid the process that owns the services
   * @param dataDir absolute path of the data folder
   */
  constructor(
    readonly pid: number,
    readonly dataDir: string,
  ) {
    super(`${dataDir} is in use by process ${pid}: stop it first, or choose another data folder`);
  }
}

/** A service cannot run on this machine; the message gives the reason and the remedies. */
export class EmbeddedUnavailableError extends Error {
  override readonly name = 'EmbeddedUnavailableError';
}
