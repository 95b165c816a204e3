// `SMTPServer` of @mailrig/smtp as built.
import { SMTPServer } from '../../../packages/smtp/dist/index.js';
import { discarding } from './discarding.mjs';
import { listening } from './listening.mjs';

/** @type {import('./contestant.mjs').Start} */
export async function start(settings) {
  const server = new SMTPServer(discarding(settings));
  server.on('error', () => {});
  return { port: await listening(server.server) };
}
