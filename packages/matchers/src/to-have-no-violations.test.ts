import { WireClient } from '@mailrig/smtp/testing';
import { startTestSmtp, type Violation, type ViolationRule } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { ViolationOptions } from './to-have-no-violations.ts';

const newViolation = (rule: ViolationRule, severity: Violation['severity']): Violation => ({
  rule,
  severity,
  section: 'RFC 5321 §4.1.1',
  text: `the client broke ${rule}`,
  entry: { from: 'C', text: 'NOOP', at: 0 },
  count: 1,
  toString: () => `RFC 5321 §4.1.1: the client broke ${rule} (C: NOOP)`,
});

const must = newViolation('no-quit', 'must');
const should = newViolation('trailing-space', 'should');

const clean = newSession({ transactions: [{}] });
const wrong = newSession({ number: 2, violations: [must], transactions: [{}] });
const odd = newSession({ number: 3, violations: [should] });
const both = newSession({ number: 4, violations: [should, must] });

describe('violations', () => {
  test.each<[what: string, subject: unknown, options: ViolationOptions]>([
    ['a session', clean, {}],
    ['a transaction', clean.transactions[0], {}],
    ['a message', clean.transactions[0]!.message, {}],
    ['a server', newServer([clean]), {}],
    ['a session where the rule is excepted', wrong, { except: ['no-quit'] }],
    ['a session where only what is forbidden counts', odd, { severity: 'must' }],
    ['a session where both do not count', both, { severity: 'must', except: ['no-quit'] }],
    ['a session where both are excepted', both, { except: ['no-quit', 'trailing-space'] }],
  ])('are not in %s', async (_, subject, options) => {
    await holds((expect) => expect(subject).toHaveNoViolations(options));
    await failureOf((expect) => expect(subject).not.toHaveNoViolations(options));
  });

  test.each<[what: string, subject: unknown, options: ViolationOptions]>([
    ['a session', wrong, {}],
    ['the session of a transaction', wrong.transactions[0], {}],
    ['the session of a message', wrong.transactions[0]!.message, {}],
    ['one session of a server', newServer([clean, odd]), {}],
    ['a session that only goes against advice', odd, {}],
    ['a session where both severities count', odd, { severity: 'should' }],
    ['a session where only what is forbidden counts', wrong, { severity: 'must' }],
    ['a session where another rule is excepted', wrong, { except: ['trailing-space'] }],
    ['a session where one of two is excepted', both, { except: ['no-quit'] }],
    ['a session where no rule is excepted', wrong, { except: [] }],
  ])('are in %s', async (_, subject, options) => {
    await failureOf((expect) => expect(subject).toHaveNoViolations(options));
    await holds((expect) => expect(subject).not.toHaveNoViolations(options));
  });

  test('of real clients', async () => {
    await using mail = await startTestSmtp({ tls: 'none' });
    await createTransport(mail.connection).sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'Hello' });
    await mail.idle();
    await holds((expect) => expect(mail).toHaveNoViolations({ except: ['no-quit'] }));
    const client = await WireClient.greeted(mail);
    for (const line of ['EHLO client.example', 'NOOP ', 'QUIT']) await client.ask(line);
    await mail.idle();
    await holds((expect) => expect(mail.sessions[1]).not.toHaveNoViolations());
    await holds((expect) => expect(mail.sessions[1]).toHaveNoViolations({ severity: 'must' }));
  });
});

describe('the failure', () => {
  test('lists what there is', async () => {
    const server = newServer([wrong, clean, both]);
    expect(await failureOf((expect) => expect(server).toHaveNoViolations())).toMatchInlineSnapshot(`
      "expect(server).toHaveNoViolations()

      Expected: no violation
      Received: 3 violations in 3 sessions

        session 2, no-quit: RFC 5321 §4.1.1: the client broke no-quit (C: NOOP)
        session 4, trailing-space: RFC 5321 §4.1.1: the client broke trailing-space (C: NOOP)
        session 4, no-quit: RFC 5321 §4.1.1: the client broke no-quit (C: NOOP)
      Where that is meant: { except: [ 'no-quit', 'trailing-space' ] }

      The end of session 4:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('says what was to count', async () => {
    expect(
      await failureOf((expect) => expect(both).toHaveNoViolations({ severity: 'must', except: ['bare-line-ending'] })),
    ).toMatchInlineSnapshot(`
      "expect(session).toHaveNoViolations(options)

      Expected: no violation of a MUST, but of bare-line-ending
      Received: 1 violation in 1 session, and 1 that does not count

        session 4, no-quit: RFC 5321 §4.1.1: the client broke no-quit (C: NOOP)
      Where that is meant: { except: [ 'bare-line-ending', 'no-quit' ] }

      The end of session 4:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('counts those that do not', async () => {
    const odder = newSession({ violations: [should, should, must] });
    expect(await failureOf((expect) => expect(odder).toHaveNoViolations({ severity: 'must' }))).toContain(
      '\nReceived: 1 violation in 1 session, and 2 that do not count\n',
    );
  });

  test('lists no more than a few', async () => {
    const few = newSession({ violations: Array.from({ length: 5 }, () => must) });
    expect(await failureOf((expect) => expect(few).toHaveNoViolations())).not.toContain('more');
    const many = newSession({ violations: Array.from({ length: 7 }, () => must) });
    const failure = await failureOf((expect) => expect(many).toHaveNoViolations());
    expect(failure.match(/^ {2}session 1, no-quit/gm)).toHaveLength(5);
    expect(failure).toContain('\n  and 2 more\n');
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(clean).not.toHaveNoViolations())).toMatchInlineSnapshot(`
      "expect(session).not.toHaveNoViolations()

      Expected: a violation
      Received: no violation in 1 session

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(wrong).not.toHaveNoViolations({ except: ['no-quit'] }))).toContain(
      'Expected: a violation, but of no-quit\nReceived: no violation in 1 session, and 1 that does not count\n',
    );
  });

  test('of .not shows the end of the latest session', async () => {
    const server = newServer([clean, newSession({ number: 2 })]);
    expect(await failureOf((expect) => expect(server).not.toHaveNoViolations())).toContain('\nThe end of session 2:\n');
  });

  test('of sessions that are not kept, with .not too', async () => {
    const discarded = { messages: 0, sessions: 1, transactions: 0, authAttempts: 0, transcriptLines: 0 };
    const notKept = '1 earlier session not kept';
    expect(await failureOf((expect) => expect(newServer([clean], { discarded })).toHaveNoViolations())).toContain(
      notKept,
    );
    expect(await failureOf((expect) => expect(newServer([clean], { discarded })).not.toHaveNoViolations())).toContain(
      notKept,
    );
    await holds((expect) => expect(newServer([wrong], { discarded })).not.toHaveNoViolations());
    const gone = newSession({ lines: ['* 9 earlier lines are not kept'] });
    await failureOf((expect) => expect(gone).toHaveNoViolations());
    await failureOf((expect) => expect(gone).not.toHaveNoViolations());
    const cut = newSession({ lines: ['* 9 earlier lines are not kept', 'C: QUIT'] });
    await holds((expect) => expect(cut).toHaveNoViolations());
  });
});

test.each<[problem: string, options: unknown]>([
  ["'only' is no field of it. There are: except, severity.", { only: 'must' }],
  ["except must be an array of rules, for example ['no-quit'], not 'no-quit'.", { except: 'no-quit' }],
  ["except must be an array of rules, for example ['no-quit'], not an array.", { except: [7] }],
  ["severity must be 'must' or 'should', not 'MUST'.", { severity: 'MUST' }],
  ['takes an object with except, severity, not null.', null],
])('options that can not be meant are refused: %s', async (problem, options) => {
  const error = await errorOf((expect) => expect(clean).not.toHaveNoViolations(options as ViolationOptions));
  expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveNoViolations: ${problem}` });
});
