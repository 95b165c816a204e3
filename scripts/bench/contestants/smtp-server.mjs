// nodemailer's smtp-server. It reads each message and throws it away.
import { discarding } from './discarding.mjs';
import { listening } from './listening.mjs';
import { requirePeer } from './peers.mjs';

/** @type {import('./contestant.mjs').Start} */
export async function start(settings) {
  const { SMTPServer } = requirePeer(settings, 'smtp-server');
  const server = new SMTPServer(discarding(settings));
  server.on('error', () => {});
  return { port: await listening(server.server) };
}
