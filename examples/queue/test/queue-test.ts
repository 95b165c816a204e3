// vitest's `test` with a mail server, and with a queue and its workers on the run's redis-server.
import { mailTest } from '@mailrig/vitest';
import { QueueEvents } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { openMailQueue, type MailJob, type MailQueue } from '../src/mail-queue.ts';
import { startMailWorker, type MailWorker } from '../src/mail-worker.ts';
import { readSettings, type Settings } from '../src/settings.ts';

interface Post {
  readonly queue: MailQueue;
  readonly startWorker: () => Promise<MailWorker>;
  /** Resolves when the mail is sent, rejects with the reason when it has failed for good. */
  readonly outcome: (job: MailJob) => Promise<unknown>;
  /** Resolves when a worker has put a job back, which it does where it can't reach the server. */
  readonly putBack: () => Promise<void>;
}

interface Fixtures {
  /** A queue that no other test has, and one worker, which has one mail under way at once. Both are closed after the test. */
  openPost: (settings?: Partial<Settings>) => Promise<Post>;
}

const redisUrl = inject('redis');

const QUICK = { MAIL_ATTEMPTS: '3', MAIL_RETRY_MS: '2', MAIL_OUTAGE_MS: '2', MAIL_CONCURRENCY: '1' };

/** Milliseconds. */
const PATIENCE = 5_000;

export const queueTest = mailTest().extend<Fixtures>({
  openPost: async ({ mail, skip }, use) => {
    if (redisUrl === null) return skip('There is no redis-server.');
    const opened: { close(): Promise<void> }[] = [];

    await use(async (overrides) => {
      const env = { ...mail.env(), ...QUICK, REDIS_URL: redisUrl, MAIL_QUEUE: randomUUID() };
      const settings = { ...readSettings(env), smtp: mail.connection, ...overrides };
      const queue = openMailQueue(settings);
      const events = new QueueEvents(queue.name, { connection: { url: redisUrl } });
      opened.push(queue, events);

      const startWorker = async (): Promise<MailWorker> => {
        const worker = startMailWorker(queue, settings);
        opened.push(worker);
        await worker.waitUntilReady();
        return worker;
      };
      await events.waitUntilReady();
      await startWorker();
      return {
        queue,
        startWorker,
        outcome: (job) => job.waitUntilFinished(events, PATIENCE),
        putBack: () =>
          new Promise((resolve) => {
            events.on('waiting', ({ prev }) => prev === 'active' && resolve());
          }),
      };
    });

    // The workers first: they finish the mail that they are at.
    for (const part of opened.toReversed()) await part.close();
  },
});
