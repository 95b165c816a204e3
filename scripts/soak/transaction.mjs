// How a message is sent: the commands, the chunks, and what of it is told before and after.
import { stuffed } from './content.mjs';

/** @typedef {import('./visit.mjs').Visit} Visit */
/** @typedef {import('./visit.mjs').Message} Message */
/** @typedef {import('./wire.mjs').Wire} Wire */

/** @param {Message} message */
export const envelopeOf = ({ from, to }) => [`MAIL FROM:<${from}>`, ...to.map((recipient) => `RCPT TO:<${recipient}>`)];

/**
 * Sends a message, pipelined or not, by DATA or in chunks; it has to be accepted.
 *
 * @param {Visit} visit
 * @param {Wire} wire
 * @param {Message} message
 */
export async function deliver(visit, wire, message) {
  const { random } = visit;
  const pipelined = random.chance(0.5);
  if (random.chance(0.3)) return deliverInChunks(visit, wire, message, pipelined);
  await sayAll(wire, envelopeOf(message), 250, pipelined);
  await wire.ask('DATA', 354);
  visit.sends(message);
  await wire.send(stuffed(message.content));
  await acceptance(visit, wire, message);
}

/**
 * @param {Visit} visit
 * @param {Wire} wire
 * @param {Message} message
 */
export async function acceptance(visit, wire, message) {
  const reply = await wire.expect(250, 'the end of the data');
  visit.wasAnswered(message, reply.code);
}

/**
 * The content as BDAT commands with their chunks (RFC 3030 §2), some of them empty.
 *
 * @param {Visit} visit
 * @param {Buffer} content
 */
export function chunksOf({ random }, content) {
  const chunks = [];
  let offset = 0;
  while (chunks.length < 5 && random.chance(0.7)) {
    const end = random.between(offset, content.length);
    chunks.push(bdat(content.subarray(offset, end), ''));
    offset = end;
  }
  return [...chunks, bdat(content.subarray(offset), ' LAST')];
}

/**
 * @param {Visit} visit
 * @param {Wire} wire
 * @param {Message} message
 * @param {boolean} pipelined
 */
async function deliverInChunks(visit, wire, message, pipelined) {
  await sayAll(wire, envelopeOf(message), 250, pipelined);
  const chunks = chunksOf(visit, message.content);
  const last = /** @type {Buffer} */ (chunks.pop());
  for (const chunk of chunks) {
    await wire.send(chunk);
    if (!pipelined) await wire.expect(250, 'a chunk');
  }
  visit.sends(message);
  await wire.send(last);
  for (const _ of pipelined ? chunks : []) await wire.expect(250, 'a chunk');
  await acceptance(visit, wire, message);
}

/**
 * @param {Wire} wire
 * @param {readonly string[]} lines
 * @param {number} code That of the reply to each of them.
 * @param {boolean} pipelined
 */
export async function sayAll(wire, lines, code, pipelined) {
  if (pipelined) await wire.send(lines.map((line) => `${line}\r\n`).join(''));
  for (const line of lines) {
    if (!pipelined) await wire.send(`${line}\r\n`);
    await wire.expect(code, line);
  }
}

/**
 * @param {Buffer} chunk
 * @param {string} last
 */
const bdat = (chunk, last) => Buffer.concat([Buffer.from(`BDAT ${chunk.length}${last}\r\n`), chunk]);
