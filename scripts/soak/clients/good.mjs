// Clients that keep the rules, and carry contents that are hard to carry. Each of their messages has to be accepted.
import { createTransport } from 'nodemailer';
import { deliver } from '../transaction.mjs';

/** @typedef {import('../visit.mjs').Visit} Visit */

export const GOOD = [
  { weight: 20, run: inClear },
  { weight: 14, run: authenticated },
  { weight: 10, run: byNodemailer },
];

/** Those of nodemailer are up to ten minutes. */
const TIME_LIMITS = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 20_000 };

/** @param {Visit} visit */
async function inClear(visit) {
  const wire = await visit.greeted();
  for (let left = visit.random.between(1, 5); left > 0; left--) await deliver(visit, wire, visit.draw());
  await wire.ask('QUIT', 221);
  await wire.end();
}

/** @param {Visit} visit */
async function authenticated(visit) {
  const { random } = visit;
  const wire = await visit.secured();
  const [username, password] = random.pick(Object.entries(visit.server.users));
  if (random.chance(0.5)) {
    await wire.ask(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, 235);
  } else {
    await wire.ask('AUTH LOGIN', 334);
    await wire.ask(base64(username), 334);
    await wire.ask(base64(password), 235);
  }
  for (let left = random.between(1, 3); left > 0; left--) await deliver(visit, wire, visit.draw());
  // Whoever has its replies may just go.
  if (random.chance(0.5)) wire.finish();
  else await wire.ask('QUIT', 221);
  await wire.end();
}

/** @param {Visit} visit */
async function byNodemailer(visit) {
  const { random, server } = visit;
  const { ca, host, port, users } = server;
  const [user, pass] = random.pick(Object.entries(users));
  const address = { host, port, requireTLS: true, tls: { ca } };
  const auth = random.chance(0.5) ? { auth: { user, pass } } : {};
  const transport = createTransport({ ...address, ...auth, ...TIME_LIMITS, pool: random.chance(0.5) });
  try {
    for (let left = random.between(1, 4); left > 0; left--) {
      const message = visit.draw({ clean: true });
      const { content, ...envelope } = message;
      visit.sends(message);
      await transport.sendMail({ envelope: { from: envelope.from, to: [...envelope.to] }, raw: content });
      visit.wasAnswered(message, 250);
    }
  } finally {
    transport.close();
  }
}

const base64 = (/** @type {string} */ text) => Buffer.from(text).toString('base64');
