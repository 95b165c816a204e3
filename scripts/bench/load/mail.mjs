// What the raw client says: the octets of commands and bodies, made once.

/**
 * @typedef {object} Step What a client sends at once, and how many replies it awaits then.
 * @property {string} send As latin1.
 * @property {number} replies
 * @property {number} [repeat] How often `send` goes out, if not once.
 */

const MAIL = 'MAIL FROM:<ann@example.com>\r\n';
const RCPT = 'RCPT TO:<bob@example.org>\r\n';
const DATA = 'DATA\r\n';
const END = '.\r\n';
const LINE = `${'The quick brown fox jumps over the lazy dog, and again. 0123456789 abcd'.slice(0, 70)}\r\n`;
const HEADER = 'From: ann@example.com\r\nTo: bob@example.org\r\nSubject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\n';

/** A message of 1 KB, its last line ended. */
const KILOBYTE = `${HEADER}${LINE.repeat(13)}`.padEnd(1_022, 'x') + '\r\n';

/** @type {Step} */
export const GREETING = { send: '', replies: 1 };
/** @type {Step} */
export const HELLO = { send: 'EHLO client.example\r\n', replies: 1 };
/** @type {Step} */
export const QUIT = { send: 'QUIT\r\n', replies: 1 };
/** @type {readonly Step[]} */
export const NOOP = [{ send: 'NOOP\r\n', replies: 1 }];

/** Each reply is awaited. @type {readonly Step[]} */
export const STEADY = [
  { send: MAIL, replies: 1 },
  { send: RCPT, replies: 1 },
  { send: DATA, replies: 1 },
  { send: KILOBYTE + END, replies: 1 },
];

/** RFC 2920 §3.1: DATA ends a group, for the body has to wait for its reply. */
const ENVELOPE = MAIL + RCPT + DATA;
/** @type {Step} */
export const PIPELINED_OPENING = { send: ENVELOPE, replies: 3 };
/** A body, and the next message's envelope with it. @type {readonly Step[]} */
export const PIPELINED = [{ send: KILOBYTE + END + ENVELOPE, replies: 4 }];

/**
 * A transaction with so many recipients, which is given up.
 *
 * @param {number} count
 * @returns {readonly Step[]}
 */
export function recipients(count) {
  return [{ send: `${MAIL}${rcptCommands(count)}RSET\r\n`, replies: count + 2 }];
}

/**
 * A message to so many recipients.
 *
 * @param {number} count
 * @returns {readonly Step[]}
 */
export function manyRecipients(count) {
  return [
    { send: `${MAIL}${rcptCommands(count)}${DATA}`, replies: count + 2 },
    { send: KILOBYTE + END, replies: 1 },
  ];
}

/** @param {number} count */
function rcptCommands(count) {
  return Array.from({ length: count }, (_, i) => `RCPT TO:<recipient-${i}@example.org>\r\n`).join('');
}

/** Lines of a large body, as on the wire. */
const LINES = {
  plain: LINE,
  /** Every line begins with a dot. */
  dotted: `..${LINE.slice(1)}`,
  /** Every line is a dot. */
  storm: '..\r\n',
};

/** Octets that are sent at once of a large body. */
export const SLAB = 1_048_576;

/**
 * A message of one large body, in slabs of whole lines.
 *
 * @param {keyof typeof LINES} kind
 * @param {number} slabs
 * @returns {readonly Step[]}
 */
export function largeBody(kind, slabs) {
  const line = LINES[kind];
  return [
    PIPELINED_OPENING,
    { send: line.repeat(Math.floor(SLAB / line.length)), replies: 0, repeat: slabs },
    { send: END, replies: 1 },
  ];
}

/**
 * A message with an attachment, in base64, of so many octets in all.
 *
 * @param {number} octets
 * @returns {readonly Step[]}
 */
export function attachment(octets) {
  const boundary = '=_part';
  const header = `${HEADER.slice(0, -2)}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;
  const text = `--${boundary}\r\nContent-Type: text/plain\r\n\r\nHello\r\n`;
  const file = `--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\n`;
  const line = `${Buffer.alloc(57, 'Mailrig').toString('base64')}\r\n`;
  const lines = line.repeat(Math.floor(SLAB / line.length));
  return [
    PIPELINED_OPENING,
    { send: header + text + file, replies: 0 },
    { send: lines, replies: 0, repeat: Math.round(octets / lines.length) },
    { send: `--${boundary}--\r\n${END}`, replies: 1 },
  ];
}
