import type { ChaosInstallation } from './chaos-installation.js';
import { until } from '../../support/until.js';

/** The two forms of the body of `/health/ready`. */
interface Answer {
  details?: { backlog: { waiting: string[] | null } };
  error_details?: Record<string, string>;
}

/** @returns the status, the failing checks of a 503, and the reasons for pending items of a 200 */
export async function readiness({ url }: ChaosInstallation): Promise<{
  status: number;
  wrong: Record<string, string>;
  waiting: string[];
}> {
  const answer = await fetch(`${url}/health/ready`);
  const { details, error_details }: Answer = JSON.parse(await answer.text());
  return { status: answer.status, wrong: error_details ?? {}, waiting: details?.backlog.waiting ?? [] };
}

export async function untilReady(installation: ChaosInstallation): Promise<void> {
  await until('the API to be ready', async () => (await readiness(installation)).status === 200, {
    explain: () => installation.describe(),
  });
}

export async function untilWaiting(installation: ChaosInstallation, reason: string): Promise<void> {
  await until(
    `items to be pending because of ${reason}`,
    async () => (await readiness(installation)).waiting.includes(reason),
    {
      explain: () => installation.describe(),
    },
  );
}
