// What happens to the clients: faults by class, each class with the clients for whom it makes a difference.
import type { FaultRule, FaultStep } from '../../packages/fixture/src/index.ts';
import type { Client } from './client.ts';
import { curl } from './curl-client.ts';
import { nodemailer } from './nodemailer-client.ts';
import type { Case } from './reaction.ts';
import { smtplib } from './smtplib-client.ts';

/** Faults of a class: a table of the document. */
export interface FaultClass {
  readonly title: string;
  readonly introduction: string;
  readonly cases: readonly Case[];
  readonly clients: readonly Client[];
}

/** They demand TLS. */
const CLIENTS: readonly Client[] = [nodemailer('nodemailer'), smtplib('smtplib'), curl('curl', '--ssl-reqd')];

const POOL: Client = nodemailer('nodemailer, pooled', { pool: true });

/** Those that demand TLS beside those that take it if it is offered. */
const BY_DEMAND: readonly Client[] = [
  nodemailer('nodemailer, `requireTLS`'),
  nodemailer('nodemailer by default', { requireTLS: false }),
  smtplib('smtplib, `starttls()`'),
  smtplib('smtplib, `starttls()` if offered', { starttls: 'offered' }),
  curl('curl `--ssl-reqd`', '--ssl-reqd'),
  curl('curl `--ssl`', '--ssl'),
];

const LMTP_CLIENTS: readonly Client[] = [
  nodemailer('nodemailer, `lmtp: true`'),
  smtplib('smtplib.LMTP', { protocol: 'LMTP' }),
];

type More = Omit<Case, 'name' | 'faults'>;

/** A fault that strikes once, so that whoever tries again gets through. */
function once(name: string, rule: FaultRule, more: More = {}): Case {
  return { name, faults: [{ ...rule, times: 1 }], ...more };
}

const IN_VAIN: More = { inVain: true };
/** Once the content is sent, curl 7.88 waits for minutes, whatever `--max-time` says. */
const IN_VAIN_FOR_CURL: More = { inVain: true, dependsOnVersion: true };

const TO_BOB = { to: 'bob@example.org' };
const CODES = ['451 4.3.0 Later', '550 5.7.1 Refused', '421 4.3.2 Closing'] as const;
const REPLIED = ['greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'end-of-data', 'quit'] as const;

const REPLIES: readonly Case[] = REPLIED.flatMap((at) =>
  CODES.flatMap((reply) => {
    const name = `\`${at}\`: ${reply.slice(0, 3)}`;
    if (at !== 'rcpt') return [once(name, { at, reply })];
    return [
      once(`${name} for bob`, { at, when: TO_BOB, reply }),
      { name: `${name} for each`, faults: [{ at, reply }] },
    ];
  }),
);

const UNANSWERED = ['connect', 'greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'body', 'end-of-data'] as const;

const TIME: readonly Case[] = [
  ...UNANSWERED.map((at) => once(`\`${at}\`: stalled`, { at, stall: true }, IN_VAIN)),
  once('`quit`: stalled', { at: 'quit', stall: true }, IN_VAIN_FOR_CURL),
  once('`end-of-data`: delayed, within the time-out', { at: 'end-of-data', delay: 200 }),
  once('`end-of-data`: throttled, beyond the time-out', { at: 'end-of-data', throttle: 30 }, IN_VAIN_FOR_CURL),
  once('`body`: throttled', { at: 'body', throttle: 1_000_000 }),
  once('`ehlo`: in slices of an octet', { at: 'ehlo', slice: 1 }),
  once('`end-of-data`: in slices of an octet', { at: 'end-of-data', slice: 1 }),
];

const DROPPED = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'body', 'end-of-data', 'quit'] as const;
const DROPS = ['fin', 'rst'] as const;

const CONNECTION: readonly Case[] = [
  ...DROPPED.flatMap((at) => DROPS.map((drop) => once(`\`${at}\`: ${drop}`, dropped(at, drop)))),
  ...(['mail', 'end-of-data'] as const).map((at) =>
    once(`\`${at}\`: fin after 4 octets of the reply`, { at, drop: 'fin', afterBytes: 4 }),
  ),
  ...(['mail', 'rcpt', 'end-of-data'] as const).map((at) =>
    once(`\`${at}\`: fin after the reply`, { at, drop: 'fin', afterBytes: 'all' }),
  ),
  ...DROPS.map((drop) => once(`\`end-of-data\`: kept, then ${drop}`, { at: 'end-of-data', acceptThenDrop: drop })),
];

function dropped(at: FaultStep, drop: 'fin' | 'rst'): FaultRule {
  return { at, drop, ...(at === 'body' && { afterBytes: 1_000 }) } as FaultRule;
}

const GARBLED: readonly Case[] = (['greeting', 'ehlo', 'mail', 'end-of-data'] as const).flatMap((at) => [
  once(`\`${at}\`: what is no reply`, { at, garble: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, IN_VAIN),
  once(`\`${at}\`: a reply without its last line`, { at, garble: '250-Hello\r\n' }, IN_VAIN),
]);

const FLAWS = [
  'abort',
  'bad-record',
  'old-version',
  'expired',
  'not-yet-valid',
  'wrong-host',
  'untrusted',
  'self-signed',
] as const;

/** A server that takes a password in clear text, as one does that is not the one that was meant. */
const GREEDY = { auth: { users: { ann: 'secret' }, insecure: true } } as const;

const TLS: readonly Case[] = [
  ...FLAWS.map((tls) => once(`\`handshake\`: ${tls}`, { at: 'handshake', tls }, { server: GREEDY })),
  once('`handshake`: stalled', { at: 'handshake', stall: true }, { ...IN_VAIN, server: GREEDY }),
  once('`starttls`: 454', { at: 'starttls', reply: '454 4.7.0 TLS is not available' }, { server: GREEDY }),
  { name: 'STARTTLS stripped', faults: [], server: { ...GREEDY, tls: { starttls: 'stripped' } } },
  { name: 'STARTTLS hidden', faults: [], server: { ...GREEDY, tls: { starttls: 'hidden' } } },
  once('`ehlo`: 502', { at: 'ehlo', reply: '502 5.5.1 Not implemented' }, { server: GREEDY }),
];

const POLICIES: readonly Case[] = [
  { name: 'greylist of one attempt', faults: [{ at: 'rcpt', greylist: { attempts: 1 } }] },
  {
    name: 'no connections, 421',
    faults: [{ at: 'connect', reply: '421 4.7.0 Too many connections' }],
  },
  {
    name: 'no transactions, 421',
    faults: [{ at: 'mail', reply: '421 4.7.0 Too many messages' }],
  },
  { name: 'one recipient at a time, 452', faults: [{ at: 'rcpt', rateLimit: { max: 1, per: 'transaction' } }] },
  { name: 'quota exceeded, 552', faults: [{ at: 'end-of-data', quota: { bytes: 10 } }] },
];

const FOR_CAROL = { at: 'end-of-data', when: { to: 'carol@example.org' } } as const;
const LMTP_SERVER: More = { server: { protocol: 'lmtp' } };

const LMTP: readonly Case[] = [
  { name: 'no fault', faults: [], ...LMTP_SERVER },
  once('`rcpt`: 451 for bob', { at: 'rcpt', when: TO_BOB, reply: '451 4.3.0 Later' }, LMTP_SERVER),
  once('`end-of-data`: 452 for carol', { ...FOR_CAROL, reply: '452 4.2.2 Full' }, LMTP_SERVER),
  once('`end-of-data`: 550 for carol', { ...FOR_CAROL, reply: '550 5.2.1 Disabled' }, LMTP_SERVER),
  { name: '`end-of-data`: 452 for each', faults: [{ at: 'end-of-data', reply: '452 4.2.2 Full' }], ...LMTP_SERVER },
  once('`end-of-data`: fin after the reply for bob', { ...FOR_CAROL, drop: 'fin' }, LMTP_SERVER),
  once('`end-of-data`: stalled after the reply for bob', { ...FOR_CAROL, stall: true }, { ...IN_VAIN, ...LMTP_SERVER }),
];

export const FAULT_CLASSES: readonly FaultClass[] = [
  {
    title: 'Replies',
    introduction: `Another reply than the usual one; 421 closes. One recipient who is refused costs the others nothing, but with curl, which
has \`--mail-rcpt-allowfails\` for this. Where a login is refused, smtplib tries the next mechanism, whatever the code was. A \`with\` block of
smtplib ends with QUIT, and raises an exception for any reply but 221, although all has been sent. nodemailer does not say QUIT.`,
    cases: REPLIES,
    clients: CLIENTS,
  },
  {
    title: 'Time',
    introduction: `No answer, or a slow one. The time-outs of nodemailer and smtplib begin anew with each octet, so that a reply may take as
long as it likes. curl's \`--max-time\` is for all that it does, but this version does not keep it once the content is sent: it was killed at
three times as much.`,
    cases: TIME,
    clients: CLIENTS,
  },
  {
    title: 'Connection',
    introduction: `The connection ends in the place of a reply, in the middle of it, or after it; \`body\` after a thousand octets. Where the
message is kept and its reply lost, each client reports a failure, and none can know better (RFC 1047). smtplib alone takes the beginning of a
reply for the whole of it. For the first mail of a
connection, which these are, nodemailer's pool connects again by itself where a FIN came in the place of the greeting, and nowhere else.`,
    cases: CONNECTION,
    clients: [...CLIENTS, POOL],
  },
  {
    title: 'Garbage',
    introduction: `Octets in the place of a reply, and the session goes on. nodemailer takes what is no reply for a refusal, smtplib for a reply
with the code -1; curl waits for one that is.`,
    cases: GARBLED,
    clients: CLIENTS,
  },
  {
    title: 'TLS',
    introduction: `Faults of a handshake after STARTTLS, and what makes a client believe that there is none to be had: *stripped* is not listed and
unknown, *hidden* is not listed, and works. This server takes a password in clear text. No client puts up with a failed handshake. Those that
don't demand TLS are as safe as the list of extensions, which anybody can change on its way.`,
    cases: TLS,
    clients: BY_DEMAND,
  },
  {
    title: 'Policies',
    introduction: `They judge each time anew. No client waits and tries again: that is for whoever calls it.`,
    cases: POLICIES,
    clients: CLIENTS,
  },
  {
    title: 'LMTP',
    introduction: `After the content there is a reply for each recipient (RFC 2033 §4.2). smtplib.LMTP takes the first for that of all recipients,
and the second for the one to QUIT. curl does not speak LMTP.`,
    cases: LMTP,
    clients: LMTP_CLIENTS,
  },
];
