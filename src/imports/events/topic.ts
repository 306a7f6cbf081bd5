import type { Subject } from './import-events.repository.js';
import type { Encoded, EncodedEvents } from './sse.js';

/** A stream that has caught up. */
export interface Listener {
  /** @param after the event before them */
  events(events: EncodedEvents, after: number): void;
  progress(progress: Encoded): void;
  /** The import has finished, and its last event was passed on. */
  end(): void;
}

/** What some streams are about. Its events are read once for all of them. */
export class Topic {
  readonly listeners = new Set<Listener>();
  /** Streams of it that are open, whether or not they have caught up. */
  holders = 0;
  /** Whether the last event that was passed on is the end of an import. */
  isAtEnd = false;

  /** @param position last event that was passed on to the listeners */
  constructor(
    readonly subject: Subject,
    public position: number,
  ) {}
}

/** Whether events of this import belong to the subject. */
export function isAbout(subject: Subject, { id, projectId }: { id: string; projectId: number }): boolean {
  return 'importId' in subject ? subject.importId === id : subject.projectId === projectId;
}

export function topicKey(subject: Subject): string {
  return 'importId' in subject ? `import ${subject.importId}` : `project ${subject.projectId}`;
}
