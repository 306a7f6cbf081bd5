import { ApiClient } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { stockArchive, type Entry } from './archive.js';
import { startDemoServer } from './demo-server.js';
import { good, heading } from './screen.js';
import type { Cleanup } from './cleanup.js';
import { PartnerShell } from './partner.js';

/** All participants of the demo. */
export interface Stage {
  api: ApiClient;
  origin: Origin;
  receiver: Receiver;
  archive: Entry[];
  partner: PartnerShell;
  /** Signing key of webhooks. */
  webhookSecret: string;
}

/** Starts all participants, and gets a token and the webhook secret like an operator does. */
export async function setStage(cleanup: Cleanup): Promise<Stage> {
  heading('Starting Reelport with PostgreSQL and Redis, an archive, and a webhook receiver');
  const origin = await startOrigin();
  await cleanup.add(() => origin.close());
  const receiver = await startReceiver();
  await cleanup.add(() => receiver.close());
  const archive = stockArchive(origin);
  const { url, cli } = await startDemoServer(cleanup);
  good(`Reelport answers on ${url}`);

  const scopes = ['--scope', 'public-api:write', '--scope', 'public-api:read'];
  const token = await cli('token', 'create', '--project', 'demo', '--name', 'npm run demo', ...scopes);
  good('A token: npm run -s token -- create --project demo --name … --scope public-api:write …');
  const webhookSecret = await cli('project', 'webhook-secret', '--project', 'demo');
  good('The webhook secret: npm run -s project -- webhook-secret --project demo');
  const partner = await PartnerShell.open(cleanup);
  await partner.run(0, ['login', '--url', url], `${token}\n`);
  return { api: new ApiClient(url, token), origin, receiver, archive, partner, webhookSecret };
}
