// The worker process's entry: settings from the environment, SIGTERM down once the mails under way are sent.
import { openMailQueue } from './mail-queue.ts';
import { startMailWorker } from './mail-worker.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const queue = openMailQueue(settings);
const worker = startMailWorker(queue, settings);

queue.on('error', (error) => console.error(error.message));
worker.on('error', (error) => console.error(error.message));
worker.on('failed', (job, error) => console.error(`${job?.id}, attempt ${job?.attemptsMade}: ${error.message}`));
process.once('SIGTERM', () => void worker.close().then(() => queue.close()));
