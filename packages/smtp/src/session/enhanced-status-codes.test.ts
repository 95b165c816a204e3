// RFC 2034 §4: every 2yz, 4yz and 5yz reply has an enhanced status code of its class, but for the greeting and those to EHLO and HELO.
import { expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { ask, PHASES, proposalFor, sessionIn } from '../testing/session-steps.ts';
import * as replies from '../wire/replies.ts';
import { reply, type Reply } from '../wire/reply.ts';
import { xclient, xforward } from './extensions/xclient.ts';
import type { SessionPolicy } from './policy.ts';
import type { Proposal } from './proposal.ts';
import type { Session } from './session.ts';
import type { Phase } from './transitions.ts';

const { extensions } = policyWith();
const everything = {
  extensions: [...extensions, xclient(true), xforward(true)],
  maxSize: 100,
  rejectOversized: true,
} as const;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const COMMANDS = [
  'EHLO client.example',
  'EHLO',
  'HELO client.example',
  'HELO two words',
  'LHLO client.example',
  'LHLO',
  'STARTTLS',
  'STARTTLS now',
  'AUTH',
  'AUTH LOGIN',
  'AUTH PLAIN =',
  `AUTH PLAIN ${base64('\0ann\0secret')}`,
  'AUTH PLAIN *',
  'AUTH GSSAPI',
  'MAIL',
  'MAIL FROM:ann',
  'MAIL FROM:<ann@example.org>',
  'MAIL FROM:<j\xc3\xb6rg@example.org>',
  'MAIL FROM:<> SIZE=101',
  'MAIL FROM:<> SIZE=1 SIZE=1',
  'MAIL FROM:<> SIZE=one',
  'MAIL FROM:<> REQUIRETLS',
  'MAIL FROM:<> XYZZY',
  'RCPT',
  'RCPT TO:bob',
  'RCPT TO:<carl@example.com>',
  'RCPT TO:<j\xc3\xb6rg@example.com>',
  'RCPT TO:<bob@example.com> XYZZY',
  'RCPT TO:<bob@example.com> NOTIFY=SOMETIMES',
  'DATA',
  'DATA now',
  'BDAT 4',
  'BDAT 4 LAST',
  'BDAT 101',
  'BDAT 101 LAST',
  'BDAT four',
  'RSET',
  'RSET now',
  'NOOP',
  'VRFY',
  'VRFY ann',
  'EXPN staff',
  'HELP',
  'XCLIENT',
  'XCLIENT ADDR=192.0.2.1',
  'XFORWARD',
  'XFORWARD ADDR=192.0.2.1',
  'GET /',
  'QUIT',
  'QUIT now',
  'XYZZY',
  '',
];
const CREDENTIALS = ['', '*', '=', 'no base64', base64('ann')];

const POLICIES: Readonly<Record<string, Partial<SessionPolicy>>> = {
  'that demands nothing': {},
  'that demands AUTH': { authRequired: true },
  'that demands AUTH in its own words': { authRequired: true, authRequiredText: 'Who are you?' },
  'that demands TLS': { startTls: 'required' },
  'whose TLS is not available': { startTls: 'refused' },
  'without TLS and AUTH': { startTls: 'absent', mechanisms: [], advertisedMechanisms: [] },
  'that hides AUTH until TLS is on': { startTls: 'available', authInsecure: false },
  'that takes one recipient': { maxRecipients: 1 },
  'that takes no mail, and nothing unknown': { maxTransactions: 0, maxUnknownCommands: 1 },
  'that trusts nobody': { extensions: [...extensions, xclient([]), xforward([])] },
  'that lets nobody say much without AUTH': { authRequired: true, maxUnauthenticatedCommands: 1 },
  'that lets nobody say much without a message': { maxCommandsWithoutMessage: 1 },
  'that lets nobody fail': { maxAuthFailures: 0 },
  'that takes small chunks': { maxChunkSize: 1 },
  'that disables commands': { disabledCommands: new Set(['HELP', 'VRFY']) },
  'in LMTP': { protocol: 'lmtp' },
};

/** What is wrong with a reply, by the RFC; `undefined` where nothing is. */
function fault({ step, refused }: Proposal, { code, enhanced }: Reply): string | undefined {
  const isGreeting = step === 'connect' || (step === 'xclient' && !refused);
  const isExempt = isGreeting || step === 'ehlo' || (code >= 300 && code < 400);
  if (isExempt) return enhanced === undefined ? undefined : `${code} has ${enhanced}`;
  return enhanced?.startsWith(`${Math.trunc(code / 100)}.`) ? undefined : `${code} has ${enhanced}`;
}

/** A session under the policy that has come as far as that; `undefined` where the policy lets nobody come there. */
function sessionUnder(policy: Partial<SessionPolicy>, phase: Phase): Session | undefined {
  try {
    return sessionIn(phase, { ...everything, ...policy });
  } catch {
    return undefined;
  }
}

/** All that may be said in the session's phase, and what is proposed. */
function proposalsOf(session: Session): [said: string, proposal: Proposal][] {
  if (session.phase === 'connect') return [['', session.proposeGreeting()]];
  if (session.expects === 'body') return [5, 500].map((size) => [`${size} octets`, session.proposeEndOfData(size)]);
  const lines = session.expects === 'credentials' ? CREDENTIALS : COMMANDS;
  return lines.map((line) => [line, proposalFor(session, line)]);
}

/** Where a client comes under each policy, with all that may be proposed there. */
const situations = Object.entries(POLICIES).flatMap(([what, policy]) =>
  PHASES.flatMap((phase) => {
    const session = sessionUnder(policy, phase);
    return session === undefined
      ? []
      : [{ where: `in ${phase}, under a policy ${what}`, proposals: proposalsOf(session) }];
  }),
);
/** Sessions that have been told these things; a reply of the test's own is sent instead of the one proposed. */
const further: readonly { readonly where: string; readonly lines: readonly string[]; readonly instead?: Reply }[] = [
  { where: 'after AUTH', lines: [`AUTH PLAIN ${base64('\0ann\0secret')}`] },
  { where: 'with a binary body to come', lines: ['MAIL FROM:<> BODY=BINARYMIME', 'RCPT TO:<postmaster>'] },
  {
    where: 'after a token that was refused by a challenge',
    lines: [`AUTH XOAUTH2 ${base64('user=ann\x01auth=Bearer stale\x01\x01')}`],
    instead: reply(334, null, ''),
  },
];
for (const { where, lines, instead } of further) {
  const session = sessionUnder({}, 'mail')!;
  for (const line of lines) ask(session, line, instead);
  situations.push({ where, proposals: proposalsOf(session) });
}
const secure = sessionUnder({}, 'handshake')!;
secure.secured();
situations.push({ where: 'in hello, under TLS', proposals: proposalsOf(secure) });

test.each(situations)('$where', ({ proposals }) => {
  const faults = proposals.map(([said, proposal]) => [said, fault(proposal, proposal.reply)]);
  expect(faults.filter(([, found]) => found !== undefined)).toEqual([]);
});

/** The server says these without asking the session. */
const OF_THE_SERVER: ReadonlySet<Reply> = new Set([
  replies.bareLineEnding,
  replies.idleTooLong,
  replies.lineTooLong,
  replies.localError,
  replies.noTlsHere,
  replies.proxyHeaderExpected,
  replies.shuttingDown,
  replies.talkedTooSoon,
  replies.tooManyConnections,
  replies.transactionFailed,
]);

test('every stock reply of a session was among them', () => {
  const proposed = new Set(situations.flatMap(({ proposals }) => proposals.map(([, { reply }]) => reply)));
  const expected = Object.entries(replies).filter(([, reply]) => !OF_THE_SERVER.has(reply));
  expect(expected.filter(([, reply]) => !proposed.has(reply)).map(([name]) => name)).toEqual([]);
});
