import type { ThreadEntry } from '#libs/threads';
import type { Additions } from '../config/additions.js';
import type { Codes } from './codes.js';
import type { KindPart, Extension } from './define-extension.js';
import type { ListenerPart } from './define-listener.js';
import type { MediaKindPart } from './define-media-kind.js';
import type { MediaServicePart } from './define-media-service.js';
import type { PlainKindPart } from './define-kind.js';
import type { StepPart } from './define-step.js';
import type { StoragePart } from './define-storage.js';

/** The extensions of this process, with all of their parts; injectable everywhere. */
export class Extensions {
  constructor(
    /** In the order in which the team lists them; the kinds of Reelport itself come first. */
    readonly list: readonly Extension[],
    /** The program of this process, which processes of isolated kinds run again; absent in tests. */
    readonly entry?: ThreadEntry,
  ) {}

  get kinds(): readonly KindPart[] {
    return this.list.flatMap(({ kinds = [] }) => kinds);
  }

  get mediaKinds(): readonly MediaKindPart[] {
    return this.kinds.filter((kind) => kind.form === 'media');
  }

  get plainKinds(): readonly PlainKindPart[] {
    return this.kinds.filter((kind) => kind.form === 'plain');
  }

  get listeners(): readonly ListenerPart[] {
    return this.list.flatMap(({ listeners = [] }) => listeners);
  }

  get storages(): readonly StoragePart[] {
    return this.list.flatMap(({ storages = [] }) => storages);
  }

  get mediaServices(): readonly MediaServicePart[] {
    return this.list.flatMap(({ mediaServices = [] }) => mediaServices);
  }

  /** What they add to the environment. */
  get additions(): Additions {
    const { storages, mediaServices } = this;
    return {
      settings: this.list.flatMap(({ settings }) => (settings === undefined ? [] : [settings])),
      storages,
      mediaServices,
    };
  }

  /** The codes of all steps of a kind. */
  stepCodesOf(kind: string): Codes {
    const steps = (['identify', 'store'] as const).flatMap((before) => this.stepsOf(kind, before));
    return Object.assign({}, ...steps.map(({ codes }) => codes));
  }

  /** The steps of a kind before this point, in the order of the list. */
  stepsOf(kind: string, before: StepPart['before']): readonly StepPart[] {
    return this.list
      .flatMap(({ steps = [] }) => steps)
      .filter((step) => step.before === before && (step.kinds === 'all' || step.kinds.includes(kind)));
  }
}
