import { type buildConnector, Client, type Dispatcher } from 'undici';

import { Exchange } from './exchange.js';
import { ReadGate } from './read-gate.js';

/** One request. undici hands its options on as they are, but not its handler. */
export interface GatedDispatchOptions extends Dispatcher.DispatchOptions {
  exchange: Exchange;
}

/** A connection of a pool, whose exchanges can hold back what is read from it. */
export class GatedClient extends Client {
  readonly #gate: ReadGate;

  constructor(origin: URL, options: Client.Options & { connect: buildConnector.connector }) {
    const gate = new ReadGate();
    super(origin, {
      ...options,
      connect: (target, callback) => {
        options.connect(target, (...result) => {
          const [, socket] = result;
          // undici leaves it out beside an error, whatever its types say.
          if (socket) gate.guard(socket);
          callback(...result);
        });
      },
    });
    this.#gate = gate;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if ('exchange' in options && options.exchange instanceof Exchange) options.exchange.through(this.#gate);
    return super.dispatch(options, handler);
  }
}
