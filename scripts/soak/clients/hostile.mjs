// Clients that mean harm. Whether they are served or cut is the server's choice, but they gain nothing by it.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { stuffed, unstuffed } from '../content.mjs';
import { acceptance, envelopeOf, sayAll } from '../transaction.mjs';
import { SMUGGLER } from '../visit.mjs';

/** @typedef {import('../visit.mjs').Visit} Visit */
/** @typedef {import('../wire.mjs').Wire} Wire */

export const HOSTILE = [
  { weight: 3, run: endlessLine },
  { weight: 3, run: endlessGarbage },
  { weight: 3, run: endlessAuth },
  { weight: 3, run: floodWithoutReading },
  { weight: 3, run: unreadReplies },
  { weight: 10, run: smuggling },
  { weight: 4, run: smugglingInCommands },
  { weight: 4, run: clearTextBehindStartTls },
  { weight: 3, run: octetByOctet },
  { weight: 3, run: hugeChunk },
  { weight: 0.2, run: manyRecipients },
];

/** Octets after which even an endless client stops. */
const ENOUGH = 2_000_000;
const PIECE = 16_384;
/** Milliseconds for which replies stay unread, at most. */
const SULK = 1_500;

const SMUGGLED = [
  `MAIL FROM:<${SMUGGLER}>`,
  'RCPT TO:<victim@recipient.example>',
  'DATA',
  'Subject: smuggled',
  '',
  'x',
];

/** What some servers take for the end of a body, which it is not (CVE-2023-51764, CVE-2023-51765, CVE-2023-51766). */
const FALSE_ENDS = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r\n.\r',
  '\r.\r\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\r\n. \r\n',
];

/** @param {Visit} visit */
async function endlessLine(visit) {
  const wire = await visit.either();
  await pour(wire, () => 'x'.repeat(PIECE));
}

/** @param {Visit} visit */
async function endlessGarbage(visit) {
  const wire = visit.random.chance(0.5) ? await visit.connect() : await visit.either();
  await pour(wire, () => visit.random.octets(PIECE));
}

/** @param {Visit} visit */
async function endlessAuth(visit) {
  const { random } = visit;
  const wire = await visit.secured();
  if (random.chance(0.5)) {
    await wire.ask('AUTH LOGIN', 334);
    return pour(wire, () => 'QUFB'.repeat(PIECE / 4));
  }
  for (let left = 300; left > 0 && !wire.ended; left--) {
    await wire.send(random.pick(['AUTH LOGIN\r\nYWxpY2U=\r\nd3Jvbmc=\r\n', 'AUTH LOGIN\r\n=\r\n', 'AUTH PLAIN =\r\n']));
    await nextTurn();
  }
  wire.reset();
}

/** @param {Visit} visit */
async function floodWithoutReading(visit) {
  const wire = await visit.either();
  wire.stopReading();
  wire.resetAfter(SULK);
  const line = visit.random.pick(['NOOP\r\n', 'EHLO client.example\r\n', 'RSET\r\n', 'FROB\r\n', '\r\n', 'HELP\r\n']);
  await pour(wire, () => line.repeat(500));
}

/**
 * Asks much, and reads the replies late: they are all there, or the connection was ended.
 *
 * @param {Visit} visit
 */
async function unreadReplies(visit) {
  const wire = await visit.either();
  const count = visit.random.between(100, 3_000);
  wire.stopReading();
  const sent = wire.send('EHLO client.example\r\n'.repeat(count));
  await delay(visit.random.between(1, SULK));
  wire.readOn();
  await sent;
  for (let left = count; left > 0; left--) await wire.reply();
  wire.reset();
}

/**
 * One message, in which a second transaction follows on what is no end.
 *
 * @param {Visit} visit
 */
async function smuggling(visit) {
  const { random } = visit;
  const wire = await visit.either();
  const falseEnd = random.pick(FALSE_ENDS);
  const secondEnd = random.pick(FALSE_ENDS);
  const lineEnd = random.pick(['\r\n', '\n']);
  const octets = Buffer.from(`first${falseEnd}${SMUGGLED.join(lineEnd)}${secondEnd}last\r\n`, 'latin1');
  if (random.chance(0.3)) {
    const message = visit.draw({ content: octets });
    await sayAll(wire, envelopeOf(message), 250, true);
    visit.sends(message);
    await wire.send(Buffer.concat([Buffer.from(`BDAT ${octets.length} LAST\r\n`), octets]));
    await acceptance(visit, wire, message);
  } else {
    const message = visit.draw({ content: unstuffed(octets) });
    await sayAll(wire, envelopeOf(message), 250, true);
    await wire.ask('DATA', 354);
    visit.sends(message);
    await wire.send(octets);
    await wire.send('.\r\n');
    await acceptance(visit, wire, message);
  }
  // One reply too many would come now.
  await wire.ask('QUIT', 221);
}

/**
 * A second command in what is one line by RFC 5321 §2.3.8.
 *
 * @param {Visit} visit
 */
async function smugglingInCommands(visit) {
  const wire = await visit.either();
  const lineEnd = visit.random.pick(['\n', '\r', '\0\n', '\n\t']);
  await wire.send(`NOOP x${lineEnd}${SMUGGLED.join(lineEnd)}${lineEnd}.${lineEnd}QUIT\r\n`);
  await wire.expect(500, 'a line with bare line ends');
  await wire.ask('QUIT', 221);
}

/**
 * RFC 3207 §4.2, CVE-2011-0411.
 *
 * @param {Visit} visit
 */
async function clearTextBehindStartTls(visit) {
  const wire = await visit.greeted();
  await wire.send(`STARTTLS\r\n${SMUGGLED.join('\r\n')}\r\n.\r\n`);
  await wire.expect(220, 'STARTTLS');
  await wire.handshake(visit.server.ca);
  // The first reply under TLS answers this, and nothing that was said before.
  await wire.ask('QUIT', 221);
  await wire.end();
}

/** @param {Visit} visit */
async function octetByOctet(visit) {
  const wire = await visit.either();
  const message = visit.draw({ recipients: 1, most: 200 });
  const octets = Buffer.concat([
    Buffer.from([...envelopeOf(message), 'DATA', ''].join('\r\n')),
    stuffed(message.content),
  ]);
  visit.sends(message);
  for (let offset = 0; offset < octets.length; offset++) {
    await wire.send(octets.subarray(offset, offset + 1));
    await nextTurn();
  }
  await wire.expect(250, 'MAIL');
  await wire.expect(250, 'RCPT');
  await wire.expect(354, 'DATA');
  await acceptance(visit, wire, message);
  wire.reset();
}

/** @param {Visit} visit */
async function hugeChunk(visit) {
  const { random } = visit;
  const wire = await visit.either();
  await sayAll(wire, envelopeOf(visit.draw()), 250, true);
  const announced = random.pick(['1073741825', '4294967296', '9007199254740993', '9'.repeat(100), '-1', '0x10']);
  await wire.send(`BDAT ${announced}${random.pick(['', ' LAST'])}\r\n`);
  wire.resetAfter(SULK);
  await pour(wire, () => random.octets(PIECE));
}

/** @param {Visit} visit */
async function manyRecipients(visit) {
  const wire = await visit.either();
  const message = visit.draw({ recipients: 10_000 });
  await sayAll(wire, envelopeOf(message), 250, true);
  await wire.ask('DATA', 354);
  visit.sends(message);
  await wire.send(stuffed(message.content));
  await acceptance(visit, wire, message);
  wire.reset();
}

/**
 * Sends until it is cut, or has sent enough and goes.
 *
 * @param {Wire} wire
 * @param {() => string | Buffer} next
 */
async function pour(wire, next) {
  for (let octets = 0; octets < ENOUGH && !wire.ended;) {
    const piece = next();
    await wire.send(piece);
    octets += piece.length;
  }
  wire.reset();
}
