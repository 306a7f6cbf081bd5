import type { InFlightCount } from '../item/lane.js';

/** In-flight counts by project, import and host, to which a round adds the items it dispatches. */
export class InFlight {
  queued = 0;
  private readonly projects = new Map<number, number>();
  private readonly queuedOfProjects = new Map<number, number>();
  private readonly imports = new Map<string, number>();
  private readonly hosts = new Map<string, number>();

  constructor(inFlightCounts: readonly InFlightCount[]) {
    for (const place of inFlightCounts) this.add(place);
  }

  add({ projectId, importId, host, count, queued }: InFlightCount): void {
    this.queued += queued;
    this.queuedOfProjects.set(projectId, this.queuedOfProject(projectId) + queued);
    this.projects.set(projectId, this.ofProject(projectId) + count);
    this.imports.set(importId, this.ofImport(importId) + count);
    this.hosts.set(host, this.ofHost(host) + count);
  }

  ofProject(id: number): number {
    return this.projects.get(id) ?? 0;
  }

  queuedOfProject(id: number): number {
    return this.queuedOfProjects.get(id) ?? 0;
  }

  ofImport(id: string): number {
    return this.imports.get(id) ?? 0;
  }

  ofHost(host: string): number {
    return this.hosts.get(host) ?? 0;
  }
}
