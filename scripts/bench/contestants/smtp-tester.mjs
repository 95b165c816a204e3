// smtp-tester, which keeps every message parsed.
import { once } from 'node:events';
import { requirePeer } from './peers.mjs';

/** @type {import('./contestant.mjs').Start} */
export async function start(settings) {
  const tester = requirePeer(settings, 'smtp-tester').init(0);
  const { server } = tester.smtpServer;
  if (!server.listening) await once(server, 'listening');
  return { port: server.address().port, reset: () => tester.removeAll() };
}
