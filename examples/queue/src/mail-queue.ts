// The queue: mails that wait in Redis, each with an identity that it keeps over all of its attempts.
import { Queue, type Job } from 'bullmq';
import type { Settings } from './settings.ts';

/** A mail to one recipient: if it were several, those who were accepted would get it again with those who were not. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface QueuedMail extends Mail {
  readonly messageId: string;
}

export type MailQueue = Queue<QueuedMail>;
export type MailJob = Job<QueuedMail>;

export const openMailQueue = ({ redisUrl, queueName, attempts, retryDelay }: Settings): MailQueue =>
  new Queue(queueName, {
    connection: { url: redisUrl },
    defaultJobOptions: {
      attempts,
      backoff: { type: 'exponential', delay: retryDelay },
      // A job that is gone can't keep the same mail from being queued again.
      removeOnComplete: { age: 7 * DAY },
    },
  });

/**
 * Queues a mail, unless there is one of this key.
 *
 * @param key What it is about, for example `receipt-1001`. The Message-ID is made of it, so that a receiver can tell the copies of
 * a mail that was sent twice: whoever sends again after a lost reply can't know whether the first one was taken (RFC 1047).
 */
export const enqueue = (queue: MailQueue, key: string, mail: Mail): Promise<MailJob> =>
  queue.add('mail', { ...mail, messageId: `<${key}@shop.example.com>` }, { jobId: key });

/** Seconds. */
const DAY = 86_400;
