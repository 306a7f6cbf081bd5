import { type buildConnector, Client, type Dispatcher } from 'undici';

import { Exchange } from './exchange.js';
import { ReadGate } from './read-gate.js';

/** A request with its exchange. undici passes the options on unchanged, but wraps the handler. */
export interface GatedDispatchOptions extends Dispatcher.DispatchOptions {
  exchange: Exchange;
}

/** A pooled connection whose exchanges can pause reading. */
export class GatedClient extends Client {
  readonly #gate: ReadGate;

  constructor(origin: URL, options: Client.Options & { connect: buildConnector.connector }) {
    const gate = new ReadGate();
    super(origin, {
      ...options,
      connect: (target, callback) => {
        options.connect(target, (...result) => {
          const [, socket] = result;
          // undici omits the socket when it passes an error, contrary to its types.
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
