// The worker: takes mails from the queue, sends them, and decides what becomes of those that can't be sent.
import { UnrecoverableError, Worker } from 'bullmq';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { MailQueue, QueuedMail } from './mail-queue.ts';
import type { Settings } from './settings.ts';

export type MailWorker = Worker<QueuedMail>;

export const startMailWorker = (queue: MailQueue, settings: Settings): MailWorker => {
  const { redisUrl, smtp, from, outagePause, concurrency } = settings;
  const transport = createTransport({ ...smtp, requireTLS: !smtp.secure }, { from });
  const canBeReached = (): Promise<boolean> =>
    transport.verify().then(
      () => true,
      () => false,
    );

  return new Worker<QueuedMail>(
    queue.name,
    async ({ data: { to, subject, text, messageId } }) => {
      try {
        await transport.sendMail({ to, subject, text, messageId });
      } catch (error) {
        const { code, message, permanent } = error as NodemailerError;
        const isAnswerToMail = code === 'EENVELOPE' || code === 'EMESSAGE';
        if (isAnswerToMail && permanent) throw new UnrecoverableError(message);
        // What breaks the connection is either the server's state or this mail: it must not wear out the attempts of all others, nor
        // hold them up for ever.
        if (isAnswerToMail || (await canBeReached())) throw error;
        await queue.rateLimit(outagePause);
        throw Worker.RateLimitError();
      }
    },
    { connection: { url: redisUrl }, concurrency, limiter: RATE },
  );
};

/** The most that are sent in a second. Workers without a limiter take no notice of a `queue.rateLimit` that is another's. */
const RATE = { max: 100, duration: 1000 };
