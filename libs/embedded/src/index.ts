export { EmbeddedInUseError, EmbeddedUnavailableError } from './errors.js';
export { makeFolder } from './make-folder.js';
export { hasData, startServices, useServices } from './services.js';
export type { ServiceAddresses, Services, ServicesOptions, SomeServices } from './services.options.js';
