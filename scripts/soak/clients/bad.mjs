// Clients that make mistakes, as broken or unlucky ones do. They are told so, and nothing of theirs is kept that was not whole.
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { stuffed } from '../content.mjs';
import { chunksOf, deliver, envelopeOf, sayAll } from '../transaction.mjs';
import { WrongReplyError } from '../wire.mjs';

/** @typedef {import('../visit.mjs').Visit} Visit */
/** @typedef {import('../visit.mjs').Message} Message */
/** @typedef {import('../wire.mjs').Wire} Wire */

export const BAD = [
  { weight: 3, run: syntaxErrors },
  { weight: 3, run: wrongOrder },
  { weight: 3, run: wrongPasswords },
  { weight: 2, run: oversizedLine },
  { weight: 3, run: quitInTransaction },
  { weight: 3, run: changeOfMind },
  // Its answers have a second: a machine that is busy may need longer.
  { weight: 8, run: cutOff, mayBeCut: true },
  { weight: 2, run: distrust },
  { weight: 2, run: tlsTooSoon },
  { weight: 2, run: http },
];

/** Each with the code that it gets after EHLO. @type {readonly (readonly [string, number])[]} */
const MISTAKES = [
  ['FROB', 500],
  ['', 500],
  ['MAIL TO:<a@b.example>', 501],
  ['MAIL FROM:<a@@b.example>', 501],
  ['MAIL FROM:<a@b.example> WHAT=ever', 555],
  ['MAIL FROM:<a@b.example> SIZE=many', 501],
  ['EHLO', 501],
  ['RSET now', 501],
  ['NOOP\0', 500],
];

/** Each with the code that it gets after EHLO. @type {readonly (readonly [string, number])[]} */
const TOO_EARLY = [
  ['RCPT TO:<a@b.example>', 503],
  ['DATA', 503],
  ['AUTH PLAIN AGEAYg==', 538],
];

/** @param {Visit} visit */
async function syntaxErrors(visit) {
  await mistaken(visit, MISTAKES);
}

/** @param {Visit} visit */
async function wrongOrder(visit) {
  await mistaken(visit, TOO_EARLY);
}

/**
 * Mistakes, after which a message goes through all the same.
 *
 * @param {Visit} visit
 * @param {readonly (readonly [string, number])[]} mistakes
 */
async function mistaken(visit, mistakes) {
  const { random } = visit;
  const wire = await visit.greeted();
  for (let left = random.between(1, 8); left > 0; left--) await wire.ask(...random.pick(mistakes));
  await deliver(visit, wire, visit.draw());
  await wire.ask('QUIT', 221);
}

/** @param {Visit} visit */
async function wrongPasswords(visit) {
  const { random } = visit;
  const wire = await visit.secured();
  for (let left = random.between(1, 2); left > 0; left--) {
    if (random.chance(0.5)) {
      await wire.ask('AUTH LOGIN', 334);
      await wire.ask('*', 501);
    } else {
      await wire.ask(`AUTH PLAIN ${Buffer.from('\0alice\0wrong').toString('base64')}`, 535);
    }
  }
  await deliver(visit, wire, visit.draw());
  await wire.ask('QUIT', 221);
}

/** @param {Visit} visit */
async function oversizedLine(visit) {
  const wire = await visit.either();
  await wire.send(`NOOP ${'x'.repeat(visit.random.between(20_000, 200_000))}\r\n`);
  await wire.expect(421, 'an oversized line');
  await wire.end();
}

/** @param {Visit} visit */
async function quitInTransaction(visit) {
  const wire = await visit.either();
  await sayAll(wire, envelopeOf(visit.draw()), 250, visit.random.chance(0.5));
  await wire.ask('QUIT', 221);
  await wire.end();
}

/** @param {Visit} visit */
async function changeOfMind(visit) {
  const { random } = visit;
  const wire = await visit.either();
  const abandoned = visit.draw();
  await sayAll(wire, envelopeOf(abandoned), 250, random.chance(0.5));
  if (random.chance(0.5)) {
    const [chunk] = chunksOf(visit, abandoned.content);
    // One that is the last would be a message.
    if (chunk !== undefined && !chunk.subarray(0, 40).includes(' LAST\r\n')) await sendChunk(wire, chunk);
  }
  await wire.ask('RSET', 250);
  await deliver(visit, wire, visit.draw());
  await wire.ask('QUIT', 221);
}

/**
 * Everything at once, cut by FIN or RST at any octet: in a command, in a body, after the dot and before its reply.
 *
 * @param {Visit} visit
 */
async function cutOff(visit) {
  const { random } = visit;
  const wire = await visit.either();
  const script = pipelined(
    visit,
    Array.from({ length: random.between(1, 3) }, () => visit.draw({ most: 20_000 })),
  );
  const cut = random.chance(0.2) ? script.octets.length : random.between(0, script.octets.length);
  const whole = script.messages.filter(({ endsAt }) => endsAt <= cut);
  for (const { message } of whole) visit.sends(message);
  await wire.send(script.octets.subarray(0, cut));
  if (random.chance(0.5)) return wire.reset();
  // RFC 5321 §4.1.1.10 wants a QUIT; what was whole is answered all the same.
  wire.finish();
  let replies = 0;
  for (const { message, answeredBy } of whole) {
    for (; replies < answeredBy; replies++) await wire.reply();
    const { code } = await wire.reply();
    replies++;
    visit.wasAnswered(message, code);
  }
  await wire.end();
}

/**
 * Whole transactions in one piece: where each ends, and how many replies come before the one to its end.
 *
 * @param {Visit} visit
 * @param {readonly Message[]} messages
 */
function pipelined(visit, messages) {
  let octets = Buffer.alloc(0);
  let replies = 0;
  const ends = messages.map((message) => {
    const commands = envelopeOf(message).map((line) => Buffer.from(`${line}\r\n`));
    const content = visit.random.chance(0.5)
      ? chunksOf(visit, message.content)
      : [Buffer.from('DATA\r\n'), stuffed(message.content)];
    octets = Buffer.concat([octets, ...commands, ...content]);
    replies += commands.length + content.length;
    return { message, endsAt: octets.length, answeredBy: replies - 1 };
  });
  return { octets, messages: ends };
}

/**
 * Trusts another authority than the server's.
 *
 * @param {Visit} visit
 */
async function distrust(visit) {
  const wire = await visit.greeted();
  const refused = await wire.startTls(undefined).then(
    () => false,
    () => true,
  );
  if (!refused) throw new WrongReplyError('a handshake succeeded that trusts nobody');
  await wire.end();
}

/**
 * Begins TLS on a port that begins in clear text.
 *
 * @param {Visit} visit
 */
async function tlsTooSoon({ server: { ca, host, port } }) {
  const socket = connectTls({ ca, host, port });
  socket.on('secureConnect', () => socket.destroy(new WrongReplyError('TLS on the port of clear text')));
  const [error] = await once(socket, 'error');
  if (error instanceof WrongReplyError) throw error;
}

/** @param {Visit} visit */
async function http(visit) {
  const wire = await visit.connect();
  await wire.expect(220, 'the connection');
  await wire.send('POST / HTTP/1.1\r\nHost: mail.example\r\nContent-Length: 12\r\n\r\nMAIL FROM:<>');
  const { code, text } = await wire.reply();
  if (code < 400) throw new WrongReplyError(`HTTP was taken for SMTP: ${text}`);
  wire.finish();
  await wire.end();
}

/**
 * @param {Wire} wire
 * @param {Buffer} chunk
 */
async function sendChunk(wire, chunk) {
  await wire.send(chunk);
  await wire.expect(250, 'a chunk');
}
