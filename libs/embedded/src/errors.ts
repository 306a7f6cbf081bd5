/** Another process that is alive owns the services of this folder. Nothing of it was touched. */
export class EmbeddedInUseError extends Error {
  override readonly name = 'EmbeddedInUseError';

  /**
   * @param pid the process that owns the services
   * @param dataDir the folder both wanted, absolute
   */
  constructor(
    readonly pid: number,
    readonly dataDir: string,
  ) {
    super(`${dataDir} is in use by process ${pid}: stop it first, or choose another data folder`);
  }
}

/** A service cannot be brought up on this machine; the message says why and names the ways out. */
export class EmbeddedUnavailableError extends Error {
  override readonly name = 'EmbeddedUnavailableError';
}
