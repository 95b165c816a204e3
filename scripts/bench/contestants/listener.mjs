// `Listener` of @mailrig/smtp as built, which reads each message and throws it away.
import { createSecureContext } from 'node:tls';
import {
  eightBitMime,
  enhancedStatusCodes,
  Listener,
  pipelining,
  size,
  smtpUtf8,
  startTls,
} from '../../../packages/smtp/dist/index.js';

/** @type {import('./contestant.mjs').Start} */
export async function start({ tls }) {
  const listener = new Listener({
    policy: {
      protocol: 'smtp',
      name: 'localhost',
      helloText: (client) => `localhost greets ${client}`,
      extensions: [pipelining, size, eightBitMime, enhancedStatusCodes, smtpUtf8, startTls],
      enhancedStatusCodes: true,
      startTls: tls === undefined ? 'absent' : 'available',
      mechanisms: [],
      advertisedMechanisms: [],
      authRequired: false,
      authInsecure: false,
      rejectOversized: false,
      disabledCommands: new Set(),
    },
    ...(tls === undefined ? {} : { tls: { secureContext: createSecureContext(tls) } }),
    // Idle connections are to stay, however long the bench takes.
    idleTimeout: 600_000,
    open: () => ({}),
  });
  const { port } = await listener.listen({ port: 0, host: '127.0.0.1' });
  return { port };
}
