// A process of its own that uses one test server as a test does, from import to stop(), and prints what each step took, in ms.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../measure.mjs';
import { KITS } from './kits.mjs';

/** @typedef {import('./kits.mjs').Running} Running */

/** Milliseconds after which nobody waits for a `stop()` any more. */
const PATIENCE = 500;
const REPEATS = 20;

const [name = '', peers = '', port = '', ca = ''] = process.argv.slice(2);
const kit = KITS[name];
if (kit === undefined) throw new Error(`There is no ${name}.`);

const imported = await timed(() => kit.load(peers));
// It is the application's: neither its import nor what it loads and compiles for its first mail is the server's cost. That mail
// goes to a server in another process, so that nothing of a server is warm, and comes after the import, so that what server and
// client both load is the server's.
const { createTransport } = await import('nodemailer');
await send({ connection: kit.warmUp(Number(port), ca) });
const first = await timed(() => kit.start(imported.value));
const mail = await timed(() => send(first.value));
const stop = await timed(() => first.value.stop());

/** @type {number[]} */
const starts = [];
for (let i = 0; i < REPEATS; i++) {
  const { value, ms } = await timed(() => kit.start(imported.value));
  starts.push(ms);
  await value.stop();
}

const server = await kit.start(imported.value);
/** @type {number[]} */
const mails = [];
const enough = performance.now() + 500;
for (let i = 0; i < REPEATS && performance.now() < enough; i++) mails.push((await timed(() => send(server))).ms);

const results = {
  import: imported.ms,
  start: first.ms,
  mail: mail.ms,
  stop: stop.ms,
  total: imported.ms + first.ms + mail.ms + stop.ms,
  nextStart: median(starts),
  sendMail: median(mails),
  stopIdle: await timeOfStop(server, ['EHLO client.example\r\n']),
  stopData: await timeOfStop(await kit.start(imported.value), [
    'EHLO client.example\r\n',
    'MAIL FROM:<ann@example.com>\r\n',
    'RCPT TO:<bob@example.org>\r\n',
    'DATA\r\n',
    'Subject: never whole\r\n',
  ]),
};
process.stdout.write(JSON.stringify(results), () => process.exit());

/** @param {Pick<Running, 'connection'>} running */
async function send({ connection }) {
  const transport = createTransport(connection);
  await transport.sendMail({ from: 'ann@example.com', to: 'bob@example.org', subject: 'Hello', text: 'Hello' });
  transport.close();
}

/**
 * Milliseconds of a `stop()` while a client has said this much.
 *
 * @param {Running} running
 * @param {readonly string[]} lines
 */
async function timeOfStop({ connection, stop }, lines) {
  const socket = connect(connection.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'data');
  for (const line of lines) {
    socket.write(line);
    // The content gets no reply.
    if (!line.startsWith('Subject')) await once(socket, 'data');
  }
  const { ms } = await timed(() => Promise.race([stop(), delay(PATIENCE)]));
  socket.destroy();
  return ms;
}

/**
 * @template T
 * @param {() => T | Promise<T>} run
 */
async function timed(run) {
  const started = performance.now();
  const value = await run();
  return { value, ms: performance.now() - started };
}
