import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { policyWith } from '../testing/policy.ts';
import { inconsistency } from '../testing/session-consistency.ts';
import { PHASES, proposalFor, sessionIn, type Input } from '../testing/session-steps.ts';
import { reply, replyClass } from '../wire/reply.ts';
import { xclient, xforward } from './extensions/xclient.ts';
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
  'BDAT 0',
  'BDAT 10',
  'BDAT 10 LAST',
  'BDAT 10000000 LAST',
  'BDAT ten',
  'XCLIENT ADDR=192.0.2.1',
  'XCLIENT NAME=[UNAVAILABLE]',
  'XCLIENT',
  'XFORWARD ADDR=192.0.2.1',
  'GET / HTTP/1.1',
  'XYZZY',
  '',
];
const LEADING_ON = ['EHLO client.example', 'MAIL FROM:<>', 'RCPT TO:<postmaster>', 'DATA', 'BDAT 10', 'BDAT 10 LAST'];
const CREDENTIALS = ['', '*', '=', base64('ann'), base64('\0ann\0secret'), '\xff', 'QUIT'];
const BODIES = [{ body: 0 }, { body: 10_000_000 }];
/** `undefined`: as proposed. */
const CODES = [undefined, 220, 250, 235, 334, 354, 421, 451, 535, 550];

const { extensions } = policyWith();
const everything = {
  extensions: [...extensions, xclient(true), xforward(true)],
  maxSize: 1_000_000,
  rejectOversized: true,
  maxChunkSize: Number.MAX_SAFE_INTEGER,
} as const;
const reached = (phase: Phase): Session => sessionIn(phase, everything);

const inputsFor = (session: Session): readonly Input[] => {
  if (session.expects === 'credentials') return CREDENTIALS;
  return session.expects === 'body' ? BODIES : COMMANDS;
};

function send(session: Session, input: Input, code: number | undefined): Phase {
  const proposal = proposalFor(session, input);
  session.commit(proposal, code === undefined ? proposal.reply : reply(code, null, 'Text'));
  return session.phase;
}

/** Where a refusal leads: back to the commands, but for BDAT and XCLIENT. */
function afterRefusal(phase: Phase, input: Input): Phase {
  if (phase === 'body' || phase === 'credentials') return 'mail';
  if (input === 'BDAT ten') return 'closed';
  if (String(input).startsWith('BDAT') && (phase === 'data' || phase === 'chunks'))
    return String(input).endsWith('LAST') ? 'mail' : 'reset';
  const welcome = phase === 'hello' || phase === 'mail';
  return welcome && String(input).startsWith('XCLIENT ') ? 'closed' : phase;
}

/** The lines of the table that leave a phase, and where they lead. */
const reachable = (phase: Phase): Phase[] => [
  phase,
  'closed',
  ...Object.values(transitions[phase]).flatMap((it) => Object.values(it) as Phase[]),
];

describe.each(PHASES)('in %s', (phase) => {
  const session = reached(phase);

  test.each(inputsFor(session).map((input) => [JSON.stringify(input), input] as const))('%s', (_text, input) => {
    for (const code of CODES) {
      const session = reached(phase);
      const next = send(session, input, code);
      expect(reachable(phase)).toContain(next);
      expect(inconsistency(session)).toBeUndefined();
    }
  });

  test('a refusal leads nowhere but back to the commands, and 421 to the end', () => {
    for (const input of inputsFor(session)) {
      expect([input, send(reached(phase), input, 550)]).toEqual([input, afterRefusal(phase, input)]);
      expect([input, send(reached(phase), input, 421)]).toEqual([input, 'closed']);
    }
  });

  test('what follows BDAT is known, or the session is over', () => {
    if (session.expects !== 'command') return;
    for (const [line, octets] of [
      ['BDAT 0', 0],
      ['BDAT 17 LAST', 17],
      ['bdat 007 last', 7],
      ['BDAT 999999999999999', 999_999_999_999_999],
    ] as const) {
      expect([line, proposalFor(reached(phase), line)]).toMatchObject([line, { chunk: octets }]);
    }
    const malformed = ['BDAT', 'BDAT LAST', 'BDAT -1', 'BDAT 1.5', 'BDAT 1 2', 'BDAT 1 FIRST', 'BDAT 1000000000000000'];
    for (const line of malformed) {
      expect([line, proposalFor(reached(phase), line)]).toMatchObject([line, { refused: true, fatal: true }]);
      expect([line, send(reached(phase), line, undefined)]).toEqual([line, 'closed']);
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

test('every phase but the first is led to', () => {
  const ledTo = new Set(
    PHASES.flatMap((phase) => Object.values(transitions[phase]).flatMap((it) => Object.values(it))),
  );
  expect(PHASES.filter((phase) => !ledTo.has(phase))).toEqual(['connect']);
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
      const session = reached('hello');
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
