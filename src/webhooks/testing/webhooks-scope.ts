import type { DataSource } from 'typeorm';
import { OutboundClient } from '#libs/outbound-http';
import type { Environment } from '../../config/environment.js';
import { Signals } from '../../database/signals.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { Project } from '../../projects/project.entity.js';
import { ProjectsRepository } from '../../projects/projects.repository.js';
import { ProjectsService } from '../../projects/projects.service.js';
import { createDatabase } from '../../../test/support/database.js';
import { startReceiver, type Receiver } from '../../../test/support/receiver.js';
import { openProcessScope } from '../../process/testing/process-scope.js';
import { Deliverer } from '../deliverer.js';
import { DeliveryAttempt, type MadeAttempt } from '../delivery-attempt.js';
import { newDeliveryId } from '../delivery-id.js';
import { Outbox } from '../outbox.js';
import { OutboxRepository } from '../outbox.repository.js';
import { WebhookAttempt } from '../webhook-attempt.entity.js';
import { WebhookDelivery } from '../webhook-delivery.entity.js';

/** A database with an outbox, and everything that a test starts and must stop. */
export interface WebhooksScope {
  dataSource: DataSource;
  projects: ProjectsService;
  repository: OutboxRepository;
  signals: Signals;
  /** Creates an outbox with these settings. */
  outbox(settings?: Settings): Outbox;
  /** Makes one attempt at a URL, without recording it. */
  attempt(projectId: number, url: string, options: AttemptOptions): Promise<MadeAttempt | null>;
  /** Starts a deliverer with its own lifecycle. */
  startDeliverer(settings?: Settings, repository?: OutboxRepository): RunningDeliverer;
  receiver(secret?: string): Promise<Receiver>;
  /** Creates a project and returns its secret. */
  project(name: string): Promise<{ projectId: number; secret: string }>;
  /** Adds one message per URL; `deliveries()` returns their ids. */
  enqueue(projectId: number, urls: string[], settings?: Settings): Promise<void>;
  /** Oldest first. */
  deliveries(): Promise<WebhookDelivery[]>;
  attempts(deliveryId: string): Promise<WebhookAttempt[]>;
  /** Stops the receivers and deletes all deliveries. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface AttemptOptions {
  settings?: Settings | undefined;
  /** Default: one that reaches this machine. */
  client?: OutboundClient;
  signal?: AbortSignal;
}

export interface RunningDeliverer {
  /** Shuts down like the process would. */
  stop(): Promise<void>;
}

/** Environment variables of a test. */
export type Settings = Record<string, string>;

/** Attempts follow each other at once and end long before the test times out. */
const SETTINGS: Settings = {
  WEBHOOK_SCHEDULE: '0s,0s,0s',
  WEBHOOK_TIMEOUT_MS: '30s',
  SHUTDOWN_GRACE_MS: '30s',
};

function environment(settings: Settings = {}): Readonly<Environment> {
  return parseEnvironment({ ...SETTINGS, ...settings });
}

export async function openWebhooksScope(): Promise<WebhooksScope> {
  const database = await createDatabase();
  const { dataSource } = database;
  const projects = new ProjectsService(new ProjectsRepository(dataSource.getRepository(Project)));
  const repository = new OutboxRepository(dataSource);
  const signals = new Signals(parseEnvironment({ DATABASE_URL: database.url }));
  const client = new OutboundClient({ trustedNetworks: ['127.0.0.0/8'] });
  const receivers: Receiver[] = [];

  const outbox = (settings?: Settings): Outbox => new Outbox(repository, signals, environment(settings));
  const attempts = (settings?: Settings, own = client): DeliveryAttempt =>
    new DeliveryAttempt(own, projects, environment(settings));

  return {
    dataSource,
    projects,
    repository,
    signals,
    outbox,
    attempt: (projectId, url, { settings, client, signal = new AbortController().signal }) => {
      const due = { id: newDeliveryId(), projectId, url, receiverHost: new URL(url).host, body: '{}' };
      return attempts(settings, client).make({ ...due, scheduled: 0, leaseUntil: new Date() }, signal);
    },
    startDeliverer: (settings, own = repository) => {
      const scope = openProcessScope({ ...SETTINGS, ...settings });
      const { lifecycle, tasks, watchdog } = scope;
      new Deliverer(
        signals,
        own,
        attempts(settings),
        lifecycle,
        tasks,
        watchdog,
        environment(settings),
      ).onApplicationBootstrap();
      return { stop: () => scope.shutDown() };
    },
    receiver: async (secret) => {
      const receiver = await startReceiver({ secret });
      receivers.push(receiver);
      return receiver;
    },
    project: async (name) => {
      const { id } = await projects.ensure(name);
      const [newest] = await projects.webhookSecrets(id);
      return { projectId: id, secret: newest?.secret ?? '' };
    },
    enqueue: (projectId, urls, settings) =>
      dataSource.transaction((tx) =>
        outbox(settings).enqueue(
          tx,
          urls.map((url, index) => ({ projectId, importId: `import${index}`, url, body: { index } })),
        ),
      ),
    deliveries: () => dataSource.getRepository(WebhookDelivery).find({ order: { importId: 'ASC' } }),
    attempts: (deliveryId) =>
      dataSource.getRepository(WebhookAttempt).find({ where: { deliveryId }, order: { number: 'ASC' } }),
    clear: async () => {
      await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
      await dataSource.query('DELETE FROM webhook_deliveries');
    },
    close: async () => {
      await signals.beforeApplicationShutdown();
      await client.close();
      await database.drop();
    },
  };
}
