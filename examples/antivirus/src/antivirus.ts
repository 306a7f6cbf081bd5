import { defineExtension, defineSettings, defineStep, text } from 'reelport';
import { scan } from './clamd.js';

const settings = defineSettings({
  CLAMD_ADDRESS: text({
    description:
      'Unix socket or host:port of clamd; its StreamMaxLength must be at least as large as the largest file',
    example: '/run/clamav/clamd.ctl',
  }),
});

const step = defineStep({
  name: 'antivirus',
  kinds: 'all',
  before: 'identify',
  timeoutMs: 300_000,
  codes: {
    INFECTED: { sentence: 'The file is infected', retryable: false },
    NOT_SCANNED: { sentence: 'The file could not be scanned for viruses', retryable: true },
  },
  async run({ stream }, { fail, signal, logger }) {
    const virus = await scan(settings.values.CLAMD_ADDRESS, stream(), signal).catch((cause: unknown) => {
      throw fail('NOT_SCANNED', { cause });
    });
    if (virus === null) return;
    logger.warn(`Infected file virus=${virus}`);
    throw fail('INFECTED');
  },
});

export const antivirus = defineExtension({ name: 'antivirus', reelport: '^0.1.0', steps: [step], settings });
