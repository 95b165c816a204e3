// What clients say: commands that lead on, exchanges, bodies, and what has led servers astray.
import type { LineLimits } from '../../server/hearing.ts';
import type { Prng } from './prng.ts';
import type { Setting } from './setting.ts';

/** Stands for a password: whoever watches a session must not see it. */
export const SECRET = 'hush-7Qx9vT2m';

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** A whole conversation, its parts as a scenario has them; most of them are in order, and few to the end. */
export function conversation(prng: Prng, { lineLimits: limits, policy }: Setting): string[] {
  const parts = [''];
  const fitting = policy.protocol === 'lmtp' ? 'LHLO client.example' : 'EHLO client.example';
  const hello = (): string => `${prng.oneIn(10) ? prng.pick(HELLOS) : fitting}\r\n`;
  const say = (text: string): void => void (parts[parts.length - 1] += text);
  // Replies enough for more than one write.
  if (prng.oneIn(200)) say('HELP\r\n'.repeat(1_200));
  const stray = (): void => void (prng.oneIn(5) && say(fragment(prng, limits)));
  say(hello());
  stray();
  if (prng.oneIn(5)) {
    say(`STARTTLS\r\n${prng.oneIn(3) ? fragment(prng, limits) : ''}`);
    parts.push('');
    say(hello());
  }
  if (prng.oneIn(3)) say(exchange(prng));
  for (let transactions = prng.below(3); transactions >= 0; transactions--) {
    stray();
    say(transaction(prng, limits));
  }
  if (prng.oneIn(3)) say('QUIT\r\n');
  return parts;
}

/** A line, an exchange, a body or a piece of one: whatever may be put in anywhere. */
export function fragment(prng: Prng, limits: LineLimits): string {
  switch (prng.below(12)) {
    case 0:
      return exchange(prng);
    case 1:
      return transaction(prng, limits);
    case 2:
      return longLine(prng, limits);
    case 3:
      return chunks(prng, limits);
    case 4:
    case 5:
      return prng.pick(DEBRIS);
    default:
      return prng.pick(COMMANDS) + prng.pick(LINE_ENDINGS);
  }
}

const HELLOS = ['EHLO client.example', 'EHLO client.example', 'LHLO client.example', 'LHLO c', 'HELO client.example'];
const SENDERS = [
  'MAIL FROM:<ann@example.org>',
  'MAIL FROM:<ann@example.org>',
  'MAIL FROM:<>',
  'MAIL FROM:<ann@example.org> SIZE=100 BODY=8BITMIME',
  'MAIL FROM:<ann@example.org> BODY=BINARYMIME',
  'MAIL FROM:<j\xc3\xb6rg@example.org> SMTPUTF8',
  'mail from: <"a b"@[192.0.2.1]> AUTH=<> RET=FULL ENVID=x+2B',
  'MAIL FROM:<a@b> SIZE=99999999999999999999',
  'MAIL FROM:<a@b.example> BROKEN=1',
  'MAIL FROM:<a@b.example> REQUIRETLS',
  'MAIL FROM:<a@b.example> __proto__=1 constructor=2',
];
const RECIPIENTS = [
  'RCPT TO:<bob@example.com>',
  'RCPT TO:<bob@example.com>',
  'RCPT TO:<eve@example.net>',
  'RCPT TO:<Postmaster>',
  'RCPT TO:<zo\xc3\xab@example.com>',
  'RCPT TO:<@a.example,@b.example:carl@[IPv6:2001:db8::1]> NOTIFY=NEVER ORCPT=rfc822;x',
  'rcpt to:<__proto__@constructor.example> toString=valueOf',
];
const COMMANDS = [
  ...HELLOS,
  ...SENDERS,
  ...RECIPIENTS,
  'EHLO',
  'EHLO \xff\xfe',
  'EHLO __proto__',
  'HELO a b',
  'MAIL FROM:ann',
  'MAIL',
  'RCPT TO:<>',
  'RCPT',
  'DATA',
  'DATA now',
  'BDAT 0',
  'BDAT 4',
  'BDAT 4 LAST',
  'BDAT 0 LAST',
  'BDAT -1',
  'BDAT 1e3',
  'BDAT 999999999999999',
  'BDAT',
  'RSET',
  'RSET',
  'RSET now',
  'NOOP',
  'NOOP \x1b[31m',
  'VRFY ann',
  'VRFY',
  'EXPN staff',
  'HELP',
  'QUIT',
  'QUIT now',
  'STARTTLS',
  'STARTTLS',
  'STARTTLS now',
  'XCLIENT ADDR=192.0.2.1 NAME=client.example',
  'XCLIENT NAME=[UNAVAILABLE] LOGIN=ann',
  'XCLIENT ADDR=__proto__',
  'XCLIENT',
  'XFORWARD ADDR=IPV6:2001:db8::1 IDENT=+0D+0A',
  'XFORWARD __proto__=1',
  'GET / HTTP/1.1',
  'POST /__proto__ HTTP/1.1',
  'PRI * HTTP/2.0',
  'XYZZY',
  '__proto__',
  'CONSTRUCTOR',
  'toString 1',
  '',
  ' ',
  '\0',
  '\xff\xf4\xff\xfd\x06',
];
const LINE_ENDINGS = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', '\n\r\n', ''];
const DEBRIS = [
  '\r\n',
  '\r',
  '\n',
  '.',
  '.\r\n',
  '\r\n.\r\n',
  '..\r\n',
  '\n.\n',
  '\r.\r',
  '\r\n.\n',
  '\n.\r\n',
  '\r\n.\r',
  '*\r\n',
  '=\r\n',
  '\0',
  '\x80\xff',
  // The record of a ClientHello (RFC 8446 §5.1), its length and its version.
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\x16',
  'Host: example.com\r\n\r\n',
  '__proto__',
  base64('ann') + '\r\n',
];
const CONTENT = [
  'text\r\n',
  'Subject: x\r\n\r\n',
  'text',
  '..\r\n',
  '.x\r\n',
  '\n.\n',
  '\r.\r',
  '\r\n.\n',
  '\n.\r\n',
  '\r\r\n.\r\n',
  '\r\n.\r\r\n',
  '\0\x80\xff',
  '\r\n',
  '\r',
  'QUIT\r\n',
];

function transaction(prng: Prng, limits: LineLimits): string {
  let text = `${prng.pick(SENDERS)}\r\n`;
  for (let recipients = prng.below(3); recipients >= 0; recipients--) text += `${prng.pick(RECIPIENTS)}\r\n`;
  if (prng.oneIn(8)) return text + prng.pick(DEBRIS);
  return text + (prng.oneIn(3) ? chunks(prng, limits) : `DATA\r\n${content(prng)}${prng.oneIn(8) ? '' : '\r\n.\r\n'}`);
}

function content(prng: Prng): string {
  let text = '';
  for (let pieces = prng.below(5); pieces > 0; pieces--) text += prng.pick(CONTENT);
  return text;
}

/** BDAT commands with their chunks; now and then the size is wrong. */
function chunks(prng: Prng, limits: LineLimits): string {
  let text = '';
  for (let left = prng.below(3); left >= 0; left--) {
    const chunk = prng.oneIn(20) ? longLine(prng, limits) : content(prng);
    const size = prng.oneIn(10) ? prng.below(40) : chunk.length;
    text += `BDAT ${size}${left === 0 && !prng.oneIn(8) ? ' LAST' : ''}\r\n${chunk}`;
    if (prng.oneIn(8)) text += 'RSET\r\n';
  }
  return text;
}

const EXCHANGES: readonly (readonly string[])[] = [
  [`AUTH PLAIN ${base64(`\0ann\0${SECRET}`)}`],
  ['AUTH PLAIN', base64(`\0ann\0${SECRET}`)],
  ['AUTH LOGIN', base64('ann'), base64(SECRET)],
  [`AUTH LOGIN ${base64('ann')}`, base64(SECRET)],
  [`AUTH XOAUTH2 ${base64(`user=ann\x01auth=Bearer ${SECRET}\x01\x01`)}`],
  ['AUTH OAUTHBEARER', base64(`n,a=ann,\x01auth=Bearer ${SECRET}\x01\x01`)],
  ['AUTH OAUTHBEARER', base64('n,,\x01auth=\x01\x01'), base64('\x01')],
  ['AUTH CRAM-MD5', base64('ann 0123456789abcdef0123456789abcdef')],
  ['AUTH SCRAM-SHA-256', base64('n,,n=ann,r=abc'), base64(`c=biws,r=abc${SECRET},p=AAAA`)],
  [`AUTH SCRAM-SHA-256-PLUS ${base64('p=tls-exporter,,n=ann,r=abc')}`, base64('c=x,r=y,p=z')],
  ['AUTH EXTERNAL ='],
  ['AUTH ROUNDS', base64('x'), base64(SECRET), base64('done'), ''],
  ['AUTH ROUNDS', base64('done'), base64(SECRET)],
  ['AUTH BROKEN', base64(SECRET)],
  ['AUTH GSSAPI', base64(SECRET)],
  // What clients get wrong: a secret in the place of something else.
  [`AUTH ${SECRET}`],
  [`AUTH PLAIN ${SECRET} ${SECRET}`],
  [`auth\tplain\t${base64(SECRET)}`],
  [`AUTH\xa0${SECRET}`],
  ['AUTH LOGIN', SECRET, SECRET],
  ['AUTH', base64(SECRET)],
  ['AUTH LOGIN', '*'],
  ['AUTH PLAIN', '='],
  ['AUTH LOGIN', `${base64('ann')}\n${base64(SECRET)}`],
];

function exchange(prng: Prng): string {
  return prng
    .pick(EXCHANGES)
    .map((line) => `${line}\r\n`)
    .join('');
}

/** A line about as long as a line may be. */
function longLine(prng: Prng, { commandLineLimit, credentialsLineLimit }: LineLimits): string {
  const begun = prng.pick(['NOOP ', 'MAIL FROM:<', 'AUTH PLAIN ', 'XYZZY', '\n', '\xff']);
  const limit = prng.oneIn(3) ? credentialsLineLimit : commandLineLimit;
  const rest = 'x'.repeat(limit - begun.length + prng.below(5) - 2);
  return begun + rest + prng.pick(['\r\n', '\r\n', '\n', '\r', '']);
}
