// What messages are made of: contents that are hard to carry, and how DATA carries them.

/** @typedef {import('./random.mjs').Random} Random */

/**
 * Pieces that are strung together by chance; latin1. `clean` is what nodemailer sends as it is: it mends bare line ends.
 *
 * @type {readonly { readonly weight: number, readonly clean: boolean, readonly pieces: readonly string[] }[]}
 */
const ALPHABETS = [
  { weight: 4, clean: true, pieces: ['word ', 'and ', 'another ', 'line\r\n', '\r\n\r\n'] },
  { weight: 3, clean: true, pieces: ['.', '..', '\r\n', '\r\n.', '\r\n..', 'x', '.\r\n'] },
  { weight: 2, clean: true, pieces: ['\xff', '\x80', '\xc3\xa4', '\xc3', '\r\n', ' '] },
  { weight: 3, clean: false, pieces: ['\n', '\r', '\r\n', '.', 'x', '\n.\n', '\r.\r', '\n.\r\n', '\r\r\n'] },
  { weight: 2, clean: false, pieces: ['\0', 'a', '.', '\r\n', '\0\r\n', '\r\n\0.'] },
  { weight: 1, clean: false, pieces: ['long line without an end, '] },
  {
    weight: 2,
    clean: false,
    pieces: ['--b\r\n', '--b--\r\n', 'Content-Type: multipart/mixed; boundary=b\r\n', '\r\n', 'x'],
  },
];

const NOISE = { weight: 2, clean: false, pieces: undefined };
const CLEAN = ALPHABETS.filter(({ clean }) => clean);

const SIZES = [
  { weight: 900, most: 2_000 },
  { weight: 30, most: 100_000 },
  { weight: 1, most: 5_000_000 },
];

/**
 * Draws a content that ends with CRLF, as DATA wants it.
 *
 * @param {Random} random
 * @param {{ readonly clean?: boolean, readonly most?: number }} [wish] `clean` has no line end but CRLF; `most` octets, about.
 */
export function drawContent(random, { clean = false, most = random.weighted(SIZES).most } = {}) {
  const header = random.chance(0.8) ? drawHeader(random) : '';
  const { pieces } = random.weighted(clean ? CLEAN : [...ALPHABETS, NOISE]);
  const size = random.between(0, most);
  const body = pieces === undefined ? random.octets(size) : stringTogether(random, pieces, size);
  return Buffer.concat([Buffer.from(header), body, Buffer.from('\r\n')]);
}

/**
 * What follows the 354 reply: dot-stuffed (RFC 5321 §4.5.2), and the line that ends it.
 *
 * @param {Buffer} content It ends with CRLF.
 */
export function stuffed(content) {
  return Buffer.from(`${content.toString('latin1').replace(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1');
}

/**
 * What a receiver makes of octets that nobody stuffed.
 *
 * @param {Buffer} octets
 */
export function unstuffed(octets) {
  return Buffer.from(octets.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1');
}

/** @param {Random} random */
function drawHeader(random) {
  const type = random.pick(['text/plain', 'text/html', 'multipart/mixed; boundary=b', 'application/octet-stream']);
  const encoding = random.pick(['7bit', '8bit', 'base64', 'quoted-printable']);
  return `Subject: soak ${random.between(0, 1e9)}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
}

/**
 * @param {Random} random
 * @param {readonly string[]} pieces
 * @param {number} size
 */
function stringTogether(random, pieces, size) {
  const average = pieces.join('').length / pieces.length;
  const choices = random.octets(Math.ceil(size / average));
  return Buffer.from(Array.from(choices, (choice) => pieces[choice % pieces.length]).join(''), 'latin1');
}
