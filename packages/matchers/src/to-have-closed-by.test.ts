import { WireClient } from '@mailrig/smtp/testing';
import { startTestSmtp, type ClosedBy } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { newInbox, newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';

const WORDS: readonly ClosedBy[] = ['quit', 'client', 'server', 'reset', 'timeout'];

const open = newSession({ number: 3, closedBy: null, closedAt: null, lines: ['S: 220 localhost'], transactions: [{}] });

describe('the end of a session', () => {
  test.each(WORDS)('is %s and nothing else', async (closedBy) => {
    const session = newSession({ closedBy, transactions: [{}] });
    const [transaction] = session.transactions;
    for (const subject of [session, transaction, transaction!.message, newServer([session])]) {
      await holds((expect) => expect(subject).toHaveClosedBy(closedBy));
      await failureOf((expect) => expect(subject).not.toHaveClosedBy(closedBy));
    }
    for (const other of WORDS.filter((word) => word !== closedBy)) {
      await holds((expect) => expect(session).not.toHaveClosedBy(other));
      await failureOf((expect) => expect(session).toHaveClosedBy(other));
    }
  });

  test('is what a RegExp or an asymmetric matcher says', async () => {
    const session = newSession({ closedBy: 'reset' });
    await holds((expect) => expect(session).toHaveClosedBy(/client|reset/));
    await holds((expect) => expect(session).not.toHaveClosedBy(/^set$/));
    const set = expect.stringContaining('set');
    await holds((expect) => expect(session).toHaveClosedBy(set));
  });

  test('is any of those of a server', async () => {
    const server = newServer([newSession(), newSession({ number: 2, closedBy: 'timeout' })]);
    await holds((expect) => expect(server).toHaveClosedBy('quit'));
    await holds((expect) => expect(server).toHaveClosedBy('timeout'));
    await holds((expect) => expect(server).not.toHaveClosedBy('reset'));
  });

  test('on a real server', async () => {
    await using mail = await startTestSmtp({ tls: 'none' });
    const transport = createTransport(mail.connection);
    await transport.sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });
    await mail.idle();
    await holds((expect) => expect(mail.messages[0]).toHaveClosedBy('client'));
    const client = await WireClient.greeted(mail);
    await client.ask('QUIT');
    await mail.idle();
    await holds((expect) => expect(mail).toHaveClosedBy('quit'));
    await holds((expect) => expect(mail).not.toHaveClosedBy('server'));
  });
});

describe('a session that is open', () => {
  test('has no end yet: both ways fail', async () => {
    expect(await failureOf((expect) => expect(open).toHaveClosedBy('quit'))).toMatchInlineSnapshot(`
      "expect(session).toHaveClosedBy(closedBy)

      Expected: { closedBy: 'quit' }
      Received: session 3 still open: first \`await mail.waitForSession()\` or \`mail.idle()\`

      Nearest: session 3, { closedBy: null, problem: null }
      First difference: closedBy
        Expected: 'quit'
        Received: null

      The end of session 3:
        S: 220 localhost"
    `);
    expect(await failureOf((expect) => expect(open).not.toHaveClosedBy('quit'))).toMatchInlineSnapshot(`
      "expect(session).not.toHaveClosedBy(closedBy)

      Expected: not { closedBy: 'quit' }
      Received: session 3 still open: first \`await mail.waitForSession()\` or \`mail.idle()\`

      Nearest: session 3, { closedBy: null, problem: null }
      First difference: closedBy
        Expected: 'quit'
        Received: null

      The end of session 3:
        S: 220 localhost"
    `);
  });

  test('is waited for by the inbox that is asked', async () => {
    const inbox = newInbox('bob@example.com', [open]);
    expect(await failureOf((expect) => expect(inbox).toHaveClosedBy('quit'))).toContain(
      '\nReceived: session 3 still open: first `await inbox.waitForSession()` or `inbox.idle()`\n',
    );
  });

  test('is no end that an asymmetric matcher could take for one', async () => {
    const notReset = expect.not.stringContaining('reset');
    await failureOf((expect) => expect(open).toHaveClosedBy(notReset));
    await failureOf((expect) => expect(open).not.toHaveClosedBy(notReset));
  });

  test('is not looked at where another is what is expected', async () => {
    const server = newServer([newSession(), open]);
    await holds((expect) => expect(server).toHaveClosedBy('quit'));
    await failureOf((expect) => expect(server).not.toHaveClosedBy('quit'));
    expect(await failureOf((expect) => expect(server).not.toHaveClosedBy('reset'))).toContain(
      'Received: session 3 still open: ',
    );
  });
});

describe('the failure', () => {
  test('of a session', async () => {
    const session = newSession({ closedBy: 'client', problem: 'TLS handshake failed: unknown ca' });
    expect(await failureOf((expect) => expect(session).toHaveClosedBy('quit'))).toMatchInlineSnapshot(`
      "expect(session).toHaveClosedBy(closedBy)

      Expected: { closedBy: 'quit' }
      Received: { closedBy: 'client', problem: 'TLS handshake failed: unknown ca' }

      First difference: closedBy
        Expected: 'quit'
        Received: 'client'

      The end of session 1 (TLS handshake failed: unknown ca):
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    const server = newServer([newSession(), newSession({ number: 2, closedBy: 'timeout' })]);
    expect(await failureOf((expect) => expect(server).not.toHaveClosedBy(/out$/))).toMatchInlineSnapshot(`
      "expect(server).not.toHaveClosedBy(closedBy)

      Expected: not { closedBy: /out$/ }
      Received: session 2, { closedBy: 'timeout', problem: null }

      The end of session 2:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});

test.each<[given: string, closedBy: unknown]>([
  ["'QUIT'", 'QUIT'],
  ['undefined', undefined],
  ['null', null],
])('an end that can not be meant is refused: %s', async (given, closedBy) => {
  const words = "'quit' or 'client' or 'server' or 'reset' or 'timeout'";
  const error = await errorOf((expect) => expect(open).not.toHaveClosedBy(closedBy as ClosedBy));
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toHaveClosedBy: the argument must be ${words}, or a RegExp or an asymmetric matcher, not ${given}.`,
  });
});
