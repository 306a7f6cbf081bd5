/** Exit codes of the command line, by cause. */
export const ExitCode = {
  ok: 0,
  /** Some items failed. */
  itemsFailed: 1,
  usage: 2,
  /** The input has faults; nothing was sent. */
  input: 3,
  /** The token is missing, was refused, or lacks a scope. */
  auth: 4,
  /** The server cannot be reached, or answered with something that is not Reelport's. */
  server: 5,
  /** The state file belongs to another run, server or input. */
  state: 6,
  /** The library or the receipt differs from the list, or lines of it cannot be read. */
  differences: 7,
  /** The receipt, its ledger or its keys do not verify. */
  invalid: 8,
  /** A local receiver did not accept every event of the imports. */
  notAccepted: 9,
  /** The server understood the request and refused it, such as for an unknown id. */
  refused: 10,
  interrupted: 130,
  /** As a program ends that SIGPIPE has killed. */
  outputClosed: 141,
} as const;

/** An error that ends the command with a message and an exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}
