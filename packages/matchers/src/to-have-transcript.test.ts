import { startTestSmtp, type Pattern } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';

const LINES = [
  'S: 220 localhost',
  'C: EHLO client.example',
  'S: 250 localhost',
  'C: NOOP',
  'S: 250 2.0.0 OK',
  'C: NOOP',
  'S: 250 2.0.0 OK',
  'C: MAIL FROM:<ann@example.com>',
  'S: 250 2.1.0 Sender accepted',
  'C: QUIT',
  'S: 221 2.0.0 Bye',
  '* closed after QUIT',
];

const session = newSession({ lines: LINES, transactions: [{}] });
const other = newSession({ number: 2 });

describe('a transcript', () => {
  test.each<[what: string, lines: readonly Pattern[]]>([
    ['one line', ['C: QUIT']],
    ['all lines', LINES],
    ['some in their order', ['C: EHLO client.example', 'C: QUIT', '* closed after QUIT']],
    ['parts of them', [/^C: EHLO/, /^S: 250/, expect.stringContaining('QUIT')]],
    ['one line as often as it is there', ['C: NOOP', 'C: NOOP']],
    ['the first and the last', [LINES[0]!, LINES.at(-1)!]],
  ])('has %s', async (_, lines) => {
    await holds((expect) => expect(session).toHaveTranscript(lines));
    await failureOf((expect) => expect(session).not.toHaveTranscript(lines));
  });

  test.each<[what: string, lines: readonly Pattern[]]>([
    ['a line that is not there', ['C: DATA']],
    ['a part of a line as a string', ['C: EHLO']],
    ['lines in another order', ['C: QUIT', 'C: EHLO client.example']],
    ['a line more often than it is there', ['C: NOOP', 'C: NOOP', 'C: NOOP']],
    ['a line that would be found twice', ['C: QUIT', 'C: QUIT']],
    ['what follows the end', [/closed/, /^/]],
  ])('has not %s', async (_, lines) => {
    await holds((expect) => expect(session).not.toHaveTranscript(lines));
    await failureOf((expect) => expect(session).toHaveTranscript(lines));
  });

  test('is that of one session', async () => {
    const server = newServer([other, session]);
    await holds((expect) => expect(server).toHaveTranscript(['C: NOOP', 'C: QUIT']));
    await holds((expect) => expect(newServer([other, other])).not.toHaveTranscript(['C: QUIT', 'C: QUIT']));
    const [transaction] = session.transactions;
    await holds((expect) => expect(transaction).toHaveTranscript(['C: NOOP']));
    await holds((expect) => expect(transaction!.message).toHaveTranscript(['C: NOOP']));
  });

  test('of a real session under TLS', async () => {
    await using mail = await startTestSmtp();
    const transport = createTransport({ ...mail.connection, auth: { user: 'shop', pass: 'correct horse' } });
    await transport.sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });
    const lines = ['C: STARTTLS', /^\* TLS established/, /^C: EHLO/, 'C: AUTH PLAIN ********', /^S: 235/, 'C: DATA'];
    await holds((expect) => expect(mail).toHaveTranscript(lines));
    await holds((expect) => expect(mail).not.toHaveTranscript([/^C: AUTH/, 'C: STARTTLS']));
  });
});

describe('the failure', () => {
  test('shows the first line that is not there, and what stands in its place', async () => {
    expect(await failureOf((expect) => expect(session).toHaveTranscript([/^C: MAIL/, 'C: DATA', 'C: QUIT'])))
      .toMatchInlineSnapshot(`
      "expect(session).toHaveTranscript(lines)

      Expected: [ /^C: MAIL/, 'C: DATA', 'C: QUIT' ]
      Received: 1 of 3 lines, and then not the next

      First difference: lines[1], 'C: DATA'

      After 'C: MAIL FROM:<ann@example.com>' in session 1:
        S: 250 2.1.0 Sender accepted
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('says where a line stands before the others', async () => {
    expect(await failureOf((expect) => expect(session).toHaveTranscript(['C: QUIT', /^C: MAIL/])))
      .toMatchInlineSnapshot(`
      "expect(session).toHaveTranscript(lines)

      Expected: [ 'C: QUIT', /^C: MAIL/ ]
      Received: 1 of 2 lines, and then not the next

      First difference: lines[1], /^C: MAIL/

      It stands earlier: 'C: MAIL FROM:<ann@example.com>'

      After 'C: QUIT' in session 1:
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('shows the beginning where not even the first is there', async () => {
    expect(await failureOf((expect) => expect(session).toHaveTranscript([/^C: RSET/, 'C: QUIT'])))
      .toMatchInlineSnapshot(`
      "expect(session).toHaveTranscript(lines)

      Expected: [ /^C: RSET/, 'C: QUIT' ]
      Received: not even the first line

      First difference: lines[0], /^C: RSET/

      The beginning of session 1:
        S: 220 localhost
        C: EHLO client.example
        S: 250 localhost
        C: NOOP
        S: 250 2.0.0 OK
        C: NOOP
        S: 250 2.0.0 OK
        C: MAIL FROM:<ann@example.com>
        and 4 more"
    `);
  });

  test('says where nothing follows, and where it last stood', async () => {
    const failure = await failureOf((expect) => expect(session).toHaveTranscript([/closed/, /^C: (?:NOOP|MAIL)/]));
    expect(failure).toMatchInlineSnapshot(`
      "expect(session).toHaveTranscript(lines)

      Expected: [ /closed/, /^C: (?:NOOP|MAIL)/ ]
      Received: 1 of 2 lines, and then not the next

      First difference: lines[1], /^C: (?:NOOP|MAIL)/

      It stands earlier: 'C: MAIL FROM:<ann@example.com>'

      After '* closed after QUIT' in session 1:
        nothing"
    `);
  });

  test('of a server is that of the session that has most of them', async () => {
    const server = newServer([session, other]);
    expect(await failureOf((expect) => expect(server).toHaveTranscript([/^C: EHLO/, 'C: NOOP', 'C: RSET'])))
      .toMatchInlineSnapshot(`
      "expect(server).toHaveTranscript(lines)

      Expected: [ /^C: EHLO/, 'C: NOOP', 'C: RSET' ]
      Received: nothing like that in 2 sessions

      Nearest: session 1, 2 of 3 lines, and then not the next
      First difference: lines[2], 'C: RSET'

      After 'C: NOOP' in session 1:
        S: 250 2.0.0 OK
        C: NOOP
        S: 250 2.0.0 OK
        C: MAIL FROM:<ann@example.com>
        S: 250 2.1.0 Sender accepted
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(session).not.toHaveTranscript(['C: NOOP', /^S: 221/])))
      .toMatchInlineSnapshot(`
      "expect(session).not.toHaveTranscript(lines)

      Expected: not [ 'C: NOOP', /^S: 221/ ]
      Received: all of them, in this order

      The end of session 1:
        S: 250 2.0.0 OK
        C: NOOP
        S: 250 2.0.0 OK
        C: MAIL FROM:<ann@example.com>
        S: 250 2.1.0 Sender accepted
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a transcript that is not whole, with .not too', async () => {
    const cut = newSession({ lines: ['* 1 earlier line is not kept', 'C: QUIT'] });
    await holds((expect) => expect(cut).toHaveTranscript(['C: QUIT']));
    await failureOf((expect) => expect(cut).toHaveTranscript(['C: NOOP']));
    expect(await failureOf((expect) => expect(cut).not.toHaveTranscript(['C: NOOP']))).toContain(
      'Received: in session 1, 1 earlier line is not kept: raise `retain`, or `mail.reset()` between tests\n',
    );
  });
});

test.each<[problem: string, lines: unknown]>([
  ["the lines must be an array, not 'C: QUIT'.", 'C: QUIT'],
  ['the lines are none: every transcript has them.', []],
  ['lines[1] must be a string, a RegExp or an asymmetric matcher, not 221.', ['C: QUIT', 221]],
  [
    "lines[0] must begin with 'C: ', 'S: ' or '* ' and be one line; for a part of a line write a RegExp, not 'QUIT'.",
    ['QUIT'],
  ],
  [
    "lines[0] must begin with 'C: ', 'S: ' or '* ' and be one line; for a part of a line write a RegExp, not 'C: QUIT\\nS: 221'.",
    ['C: QUIT\nS: 221'],
  ],
])('lines that can not be meant are refused: %s', async (problem, lines) => {
  const error = await errorOf((expect) => expect(session).not.toHaveTranscript(lines as readonly Pattern[]));
  expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveTranscript: ${problem}` });
});
