import { startTestSmtp, type FaultRule, type Pattern } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds, type Expect } from './testing/runners.ts';

const session = newSession({
  lines: [
    'S: 220 localhost',
    'C: EHLO client.example',
    'S: 250 localhost',
    'C: auth LOGIN',
    'S: 334 VXNlcm5hbWU6',
    'C: ********',
    'S: 235 2.7.0 Authentication successful',
    'C: MAIL FROM:<ann@example.com> SIZE=42',
    'S: 250 2.1.0 Sender accepted',
    'C: RCPT TO:<bob@example.com>',
    'S: 250 2.1.5 Recipient accepted',
    'C: RCPT TO:<eve@example.com>',
    'S: 550 5.1.1 No such user',
    '* closed by client',
  ],
  transactions: [{}],
});

const BUSY: readonly FaultRule[] = [
  { at: 'ehlo', reply: '421 4.3.2 Busy' },
  { at: 'quit', stall: true },
];

const silent = newSession({ number: 2, lines: ['S: 220 localhost', '* closed by client'] });

type Command = [verb: Pattern] | [verb: Pattern, args: Pattern];

const sends = (expectation: ReturnType<Expect>, command: Command): void =>
  expectation.toHaveSentCommand(...(command as [Pattern, Pattern]));

describe('a command', () => {
  test.each<Command>([
    ['EHLO'],
    ['ehlo'],
    [/^(?:EHLO|HELO)$/],
    [/^(?:EHLO|no verb)$/],
    [expect.stringContaining('HL')],
    ['AUTH', 'LOGIN'],
    ['mail', 'FROM:<ann@example.com> SIZE=42'],
    ['MAIL', /\bSIZE=\d+$/],
    ['RCPT', expect.stringContaining('eve@')],
    ['RCPT', 'TO:<bob@example.com>'],
  ])('was sent: %j %j', async (...command) => {
    await holds((expect) => sends(expect(session), command));
    await failureOf((expect) => sends(expect(session).not as ReturnType<Expect>, command));
  });

  test.each<Command>([
    ['QUIT'],
    ['EHL'],
    ['220'],
    ['EHLO', 'client'],
    ['EHLO', ''],
    ['RCPT', /SIZE/],
    ['RCPT', 'to:<bob@example.com>'],
    [/ehlo/],
    [/closed|\*/],
  ])('was not sent: %j %j', async (...command) => {
    await holds((expect) => sends(expect(session).not as ReturnType<Expect>, command));
    await failureOf((expect) => sends(expect(session), command));
  });

  test('without anything behind its verb has empty args', async () => {
    const quit = newSession({ lines: ['C: QUIT', 'C: NOOP  '] });
    await holds((expect) => expect(quit).toHaveSentCommand('QUIT', ''));
    await holds((expect) => expect(quit).toHaveSentCommand('NOOP', ''));
    await holds((expect) => expect(quit).not.toHaveSentCommand('QUIT', /./));
  });

  test('is looked for in the sessions of a message, a transaction and a server', async () => {
    const [transaction] = session.transactions;
    for (const subject of [transaction, transaction!.message, newServer([silent, session])]) {
      await holds((expect) => expect(subject).toHaveSentCommand('RCPT'));
      await holds((expect) => expect(subject).not.toHaveSentCommand('QUIT'));
    }
    await holds((expect) => expect(silent).not.toHaveSentCommand(/^/));
  });

  test('of nodemailer was sent to a real server, with its secret redacted', async () => {
    await using mail = await startTestSmtp();
    const transport = createTransport({ ...mail.connection, auth: { user: 'shop', pass: 'correct horse' } });
    await transport.sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });
    await holds((expect) => expect(mail).toHaveSentCommand('STARTTLS', ''));
    await holds((expect) => expect(mail.messages[0]).toHaveSentCommand('AUTH', 'PLAIN ********'));
    await holds((expect) => expect(mail).not.toHaveSentCommand('VRFY'));
  });
});

describe('the failure', () => {
  test('of another verb', async () => {
    expect(await failureOf((expect) => expect(session).toHaveSentCommand('quit'))).toMatchInlineSnapshot(`
      "expect(session).toHaveSentCommand(verb)

      Expected: { verb: 'QUIT' }
      Received: no QUIT command in 1 session

      The end of session 1:
        S: 235 2.7.0 Authentication successful
        C: MAIL FROM:<ann@example.com> SIZE=42
        S: 250 2.1.0 Sender accepted
        C: RCPT TO:<bob@example.com>
        S: 250 2.1.5 Recipient accepted
        C: RCPT TO:<eve@example.com>
        S: 550 5.1.1 No such user
        * closed by client"
    `);
  });

  test('of a verb like that', async () => {
    expect(await failureOf((expect) => expect(session).toHaveSentCommand(/^(?:VRFY|EXPN)$/))).toContain(
      '\nReceived: no command like /^(?:VRFY|EXPN)$/ in 1 session\n',
    );
  });

  test('of other args: the latest of the nearest', async () => {
    const server = newServer([session, silent]);
    expect(await failureOf((expect) => expect(server).toHaveSentCommand('RCPT', /SIZE/))).toMatchInlineSnapshot(`
      "expect(server).toHaveSentCommand(verb, args)

      Expected: { verb: 'RCPT', args: /SIZE/ }
      Received: nothing like that in 2 sessions

      Nearest: command 5 of session 1, { verb: 'RCPT', args: 'TO:<eve@example.com>' }
      First difference: args
        Expected: /SIZE/
        Received: 'TO:<eve@example.com>'

      The end of session 1:
        S: 235 2.7.0 Authentication successful
        C: MAIL FROM:<ann@example.com> SIZE=42
        S: 250 2.1.0 Sender accepted
        C: RCPT TO:<bob@example.com>
        S: 250 2.1.5 Recipient accepted
        C: RCPT TO:<eve@example.com>
        S: 550 5.1.1 No such user
        * closed by client"
    `);
    expect(await failureOf((expect) => expect(server).toHaveSentCommand('MAIL', 'FROM:<ann@example.com>'))).toContain(
      'A string must match whole.',
    );
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(session).not.toHaveSentCommand(/^RCPT$/))).toMatchInlineSnapshot(`
      "expect(session).not.toHaveSentCommand(verb)

      Expected: not { verb: /^RCPT$/ }
      Received: command 4 of session 1, { verb: 'RCPT', args: 'TO:<bob@example.com>' }

      The end of session 1:
        S: 235 2.7.0 Authentication successful
        C: MAIL FROM:<ann@example.com> SIZE=42
        S: 250 2.1.0 Sender accepted
        C: RCPT TO:<bob@example.com>
        S: 250 2.1.5 Recipient accepted
        C: RCPT TO:<eve@example.com>
        S: 550 5.1.1 No such user
        * closed by client"
    `);
    expect(await failureOf((expect) => expect(session).not.toHaveSentCommand('MAIL', /SIZE/))).toContain(
      "\nExpected: not { verb: 'MAIL', args: /SIZE/ }\nReceived: { verb: 'MAIL', args: 'FROM:<ann@example.com> SIZE=42' }\n",
    );
  });

  test('without such a command shows the end of the latest session', async () => {
    const server = newServer([session, silent]);
    expect(await failureOf((expect) => expect(server).toHaveSentCommand('QUIT'))).toContain(
      '\nThe end of session 2:\n',
    );
  });

  test('names the faults that applied, and no others', async () => {
    await using mail = await startTestSmtp({ tls: 'none', faults: BUSY });
    await expect(createTransport(mail.connection).verify()).rejects.toThrow('421');
    await mail.idle();
    expect(await failureOf((expect) => expect(mail).toHaveSentCommand('RCPT'))).toContain(
      '\n\nFaults that applied:\n  Answers EHLO with 421 4.3.2 Busy. 1 hit.\n\nThe end of session 1:\n',
    );
  });
});

describe('what is not kept', () => {
  const cut = newSession({ lines: ['* 12 earlier lines are not kept', 'C: QUIT', 'S: 221 2.0.0 Bye'] });

  test('may have had the command: .not fails too', async () => {
    await holds((expect) => expect(cut).toHaveSentCommand('QUIT'));
    await failureOf((expect) => expect(cut).not.toHaveSentCommand('QUIT'));
    await failureOf((expect) => expect(cut).toHaveSentCommand('RSET'));
    expect(await failureOf((expect) => expect(cut).not.toHaveSentCommand('RSET'))).toMatchInlineSnapshot(`
      "expect(session).not.toHaveSentCommand(verb)

      Expected: not { verb: 'RSET' }
      Received: in session 1, 12 earlier lines are not kept: raise \`retain\`, or \`mail.reset()\` between tests

      The end of session 1:
        * 12 earlier lines are not kept
        C: QUIT
        S: 221 2.0.0 Bye"
    `);
  });

  test('may be lines of any session', async () => {
    await failureOf((expect) => expect(newServer([silent, cut])).not.toHaveSentCommand('RSET'));
    await holds((expect) => expect(newServer([silent, newSession({ lines: [] })])).not.toHaveSentCommand('RSET'));
  });

  test('is no line of the client that says so', async () => {
    const liar = newSession({ lines: ['C: 12 earlier lines are not kept', '* closed by client'] });
    await holds((expect) => expect(liar).not.toHaveSentCommand('QUIT'));
  });
});

test.each<[problem: string, ...command: readonly unknown[]]>([
  ['the verb must be a string, a RegExp or an asymmetric matcher, not undefined.'],
  ["the verb must be one word, not ''. What follows it is args: toHaveSentCommand('RCPT', /^TO:/).", ''],
  [
    "the verb must be one word, not 'MAIL FROM:<>'. What follows it is args: toHaveSentCommand('RCPT', /^TO:/).",
    'MAIL FROM:<>',
  ],
  ['the args must be a string, a RegExp or an asymmetric matcher, not undefined.', 'RCPT', undefined],
  ['the args must be a string, a RegExp or an asymmetric matcher, not an array.', 'RCPT', ['TO:<>']],
])('a command that can not be meant is refused: %s', async (problem, ...command) => {
  const error = await errorOf((expect) => sends(expect(session).not as ReturnType<Expect>, command as Command));
  expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveSentCommand: ${problem}` });
});
