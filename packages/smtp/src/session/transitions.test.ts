import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { PHASES, proposalFor, sessionIn, type Input } from '../testing/session-steps.ts';
import { reply, replyClass } from '../wire/reply.ts';
import type { Session } from './session.ts';
import { transitions, type Phase } from './transitions.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const COMMANDS = [
  'EHLO client.example',
  'HELO client.example',
  'LHLO client.example',
  'EHLO',
  'STARTTLS',
  'STARTTLS now',
  'AUTH',
  'AUTH LOGIN',
  'AUTH PLAIN',
  `AUTH PLAIN ${base64('\0ann\0secret')}`,
  'AUTH PLAIN =',
  `AUTH XOAUTH2 ${base64('user=ann\x01auth=Bearer token\x01\x01')}`,
  'AUTH GSSAPI',
  'MAIL FROM:<ann@example.org>',
  'MAIL FROM:<> SIZE=1 BODY=8BITMIME SMTPUTF8',
  'MAIL FROM:ann',
  'MAIL',
  'RCPT TO:<bob@example.com>',
  'RCPT TO:<postmaster>',
  'RCPT TO:<bob@example.com> NOTIFY=NEVER',
  'RCPT',
  'DATA',
  'DATA now',
  'RSET',
  'RSET now',
  'NOOP',
  'VRFY ann',
  'EXPN staff',
  'HELP',
  'QUIT',
  'QUIT now',
  'BDAT 10 LAST',
  'XYZZY',
  '',
];
const LEADING_ON = ['EHLO client.example', 'MAIL FROM:<>', 'RCPT TO:<postmaster>', 'DATA'];
const CREDENTIALS = ['', '*', '=', base64('ann'), base64('\0ann\0secret'), '\xff', 'QUIT'];
const BODIES = [{ body: 0 }, { body: 10_000_000 }];
/** `undefined`: as proposed. */
const CODES = [undefined, 220, 250, 235, 334, 354, 421, 451, 535, 550];

const inputsFor = (session: Session): readonly Input[] => {
  if (session.expects === 'credentials') return CREDENTIALS;
  return session.expects === 'body' ? BODIES : COMMANDS;
};

function send(session: Session, input: Input, code: number | undefined): Phase {
  const proposal = proposalFor(session, input);
  session.commit(proposal, code === undefined ? proposal.reply : reply(code, null, 'Text'));
  return session.phase;
}

/** What is true of every session at any time, by RFC 5321 §4.1.4 and RFC 3207 §4.2; `undefined` where it holds. */
function inconsistency({ expects, hello, phase, transaction }: Session): string | undefined {
  const inTransaction = ['rcpt', 'data', 'body'].includes(phase);
  if ((transaction !== null) !== inTransaction) return `a transaction in ${phase}, or none`;
  const withRecipients = ['data', 'body'].includes(phase);
  if ((transaction?.recipients.length ?? 0) > 0 !== withRecipients) return `recipients in ${phase}, or none`;
  if (hello !== null && (phase === 'connect' || phase === 'hello')) return `greeted in ${phase}`;
  if (hello === null && (inTransaction || phase === 'mail' || phase === 'credentials'))
    return `not greeted in ${phase}`;
  if ((expects === 'nothing') !== ['connect', 'handshake', 'closed'].includes(phase)) return `${expects} in ${phase}`;
  return undefined;
}

/** The lines of the table that leave a phase, and where they lead. */
const reachable = (phase: Phase): Phase[] => [
  phase,
  'closed',
  ...Object.values(transitions[phase]).flatMap((it) => Object.values(it) as Phase[]),
];

describe.each(PHASES)('in %s', (phase) => {
  const session = sessionIn(phase);

  test.each(inputsFor(session).map((input) => [JSON.stringify(input), input] as const))('%s', (_text, input) => {
    for (const code of CODES) {
      const session = sessionIn(phase);
      const next = send(session, input, code);
      expect(reachable(phase)).toContain(next);
      expect(inconsistency(session)).toBeUndefined();
    }
  });

  test('a refusal leads nowhere but back to the commands, and 421 to the end', () => {
    const back = { body: 'mail', credentials: 'mail' }[phase as string] ?? phase;
    for (const input of inputsFor(session)) {
      expect(send(sessionIn(phase), input, 550)).toBe(back);
      expect(send(sessionIn(phase), input, 421)).toBe('closed');
    }
  });
});

test('the greeting leads to EHLO, or to the end', () => {
  for (const code of CODES) {
    const session = sessionIn('connect');
    const greeting = session.proposeGreeting();
    const sent = code === undefined ? greeting.reply : reply(code, null, 'Text');
    session.commit(greeting, sent);
    const expected = { completion: 'hello', intermediate: 'connect', transient: 'closed', permanent: 'closed' };
    expect(session.phase).toBe(expected[replyClass(sent)]);
    expect(inconsistency(session)).toBeUndefined();
  }
});

test('every phase but the first is reached', () => {
  const reached = new Set(
    PHASES.flatMap((phase) => Object.values(transitions[phase]).flatMap((it) => Object.values(it))),
  );
  expect(PHASES.filter((phase) => !reached.has(phase))).toEqual(['connect']);
});

test('whatever is said and answered, in whatever order, the session stays consistent', () => {
  // Mostly commands that lead on, and what was proposed: else few walks would come far.
  const step = fc.record({
    command: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...LEADING_ON) }, fc.constantFrom(...COMMANDS)),
    other: fc.nat({ max: CREDENTIALS.length * BODIES.length - 1 }),
    code: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(...CODES)),
  });
  holds(
    fc.array(step, { maxLength: 40, size: 'max' }),
    (steps) => {
      const session = sessionIn('hello');
      for (const { command, other, code } of steps) {
        const inputs = inputsFor(session);
        const next = send(session, inputs === COMMANDS ? command : inputs[other % inputs.length]!, code);
        expect(inconsistency(session)).toBeUndefined();
        if (next === 'handshake') session.secured();
        if (next === 'closed') return;
      }
    },
    200,
  );
});
