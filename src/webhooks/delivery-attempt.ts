import { Injectable, Logger } from '@nestjs/common';
import { OutboundClient, OutboundError, retryAfterMs, type OutboundResponse } from '#libs/outbound-http';
import { Environment } from '../config/environment.js';
import { ProjectsService } from '../projects/projects.service.js';
import { isSuccess, type AttemptOutcome } from './next-attempt.js';
import type { AttemptRecord, DueDelivery } from './outbox.repository.js';
import { responseText } from './response-text.js';
import { signatureHeaders } from './webhook-signer.js';

export interface MadeAttempt {
  record: AttemptRecord;
  outcome: AttemptOutcome;
}

type Answer = AttemptOutcome & Pick<AttemptRecord, 'error' | 'response'>;

const NO_ANSWER = { statusCode: null, response: null, refused: false, retryAfterMs: null };

/** Makes one attempt: a signed POST to the receiver. */
@Injectable()
export class DeliveryAttempt {
  private readonly logger = new Logger(DeliveryAttempt.name);

  constructor(
    private readonly client: OutboundClient,
    private readonly projects: ProjectsService,
    private readonly environment: Environment,
  ) {}

  /**
   * @returns the outcome; null if the signal aborted the attempt
   * @throws the database error if the secrets of the project cannot be read
   */
  async make(delivery: DueDelivery, signal: AbortSignal): Promise<MadeAttempt | null> {
    const secrets = await this.projects.webhookSecrets(delivery.projectId);
    const startedAt = new Date();
    const started = performance.now();
    const answer = await this.send(
      delivery,
      startedAt,
      secrets.map(({ secret }) => secret),
      signal,
    );
    if (answer === null) return null;
    const { error, response, ...outcome } = answer;
    const durationMs = Math.round(performance.now() - started);
    return { record: { startedAt, durationMs, statusCode: outcome.statusCode, error, response }, outcome };
  }

  private async send(
    { id, url, body }: DueDelivery,
    at: Date,
    secrets: string[],
    signal: AbortSignal,
  ): Promise<Answer | null> {
    try {
      return await this.post(url, body, signatureHeaders({ id, body, at }, secrets), signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof OutboundError) {
        return { ...NO_ANSWER, error: error.message, refused: error.code === 'URL_BLOCKED' };
      }
      // Counts as an attempt, because a delivery that cannot be sent must not be retried forever.
      this.logger.error(`Webhook delivery could not be sent delivery=${id}: ${String(error)}`);
      return { ...NO_ANSWER, error: 'The delivery could not be signed or sent' };
    }
  }

  private async post(
    url: string,
    body: string,
    signatures: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const limitMs = this.environment.WEBHOOK_TIMEOUT_MS;
    const response = await this.client.request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Reelport-Webhooks', ...signatures },
      body,
      followRedirects: false,
      signal,
      limits: { totalMs: limitMs, headersMs: limitMs },
    });
    const text = await responseText(response, this.environment.WEBHOOK_RESPONSE_BYTES);
    await response.discard();
    return { ...answered(response), response: text };
  }
}

/** The status alone decides, however the body ends. */
function answered({ status, headers }: OutboundResponse): Omit<Answer, 'response'> {
  return {
    statusCode: status,
    error: isSuccess(status) ? null : sentenceFor(status),
    refused: false,
    retryAfterMs: retryAfterMs(headers['retry-after']),
  };
}

function sentenceFor(status: number): string {
  if (status >= 300 && status < 400) return `The receiver answered ${status}; redirects are not followed`;
  if (status === 410) return 'The receiver answered 410 and no longer accepts this webhook';
  return `The receiver answered ${status}`;
}
