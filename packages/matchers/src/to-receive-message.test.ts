import { startTestSmtp, WaitTimeoutError, type MessageCondition, type TestSmtp } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test, vi } from 'vitest';
import { newDiscarded, newMessage, newServer } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { ReceiveOptions } from './to-receive-message.ts';

const message = newMessage();
const condition = { subject: /verify/ };

const timeout = (text: string, condition: MessageCondition | null): WaitTimeoutError =>
  new WaitTimeoutError(text, { condition, timeout: 50, misses: [], transcriptTail: '' });

/** A server whose waits end in that way, and what they were asked. */
const newWaits = (waits: { message?: Error; idle?: Error } = {}) => {
  const waitForMessage = vi.fn<TestSmtp['waitForMessage']>();
  const idle = vi.fn<TestSmtp['idle']>();
  if (waits.message === undefined) waitForMessage.mockResolvedValue(message);
  else waitForMessage.mockRejectedValue(waits.message);
  if (waits.idle === undefined) idle.mockResolvedValue();
  else idle.mockRejectedValue(waits.idle);
  return { server: newServer([message.session], { waitForMessage, idle }), waitForMessage, idle };
};

const nothing = timeout('Waited 50 ms for a message with subject /verify/. No message arrived.', condition);

describe('a message that comes', () => {
  test('is left there for those who wait for it', async () => {
    const { server, waitForMessage, idle } = newWaits();
    await holds((expect) => expect(server).toReceiveMessage(condition));
    expect(waitForMessage.mock.calls).toStrictEqual([
      [condition, { take: false }],
      [condition, { take: false }],
      [condition, { take: false }],
    ]);
    expect(idle).not.toHaveBeenCalled();
  });

  test('is waited for as long as told', async () => {
    const { server, waitForMessage } = newWaits();
    await holds((expect) => expect(server).toReceiveMessage(undefined, { within: 200 }));
    expect(waitForMessage).toHaveBeenCalledWith({}, { take: false, timeout: 200 });
  });

  test('fails .not', async () => {
    const { server } = newWaits();
    expect(await failureOf((expect) => expect(server).not.toReceiveMessage(condition))).toMatchInlineSnapshot(`
      "expect(server).not.toReceiveMessage(condition)

      Expected: no message like { subject: /verify/ }
      Received: { subject: 'Hello', from: 'ann@example.com', to: [ 'bob@example.com' ] }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(server).not.toReceiveMessage())).toContain('\nExpected: no message\n');
  });
});

describe('no message', () => {
  test('fails with the text of the wait', async () => {
    const { server } = newWaits({ message: nothing });
    expect(await failureOf((expect) => expect(server).toReceiveMessage(condition))).toMatchInlineSnapshot(`
      "expect(server).toReceiveMessage(condition)

      Waited 50 ms for a message with subject /verify/. No message arrived."
    `);
    expect(await failureOf((expect) => expect(server).toReceiveMessage())).toMatch(
      /^expect\(server\)\.toReceiveMessage\(\)/,
    );
    expect(await failureOf((expect) => expect(server).toReceiveMessage(() => false))).toMatch(
      /^expect\(server\)\.toReceiveMessage\(condition\)/,
    );
  });

  test('with .not: looks once no session is open', async () => {
    const { server, waitForMessage, idle } = newWaits({ message: nothing });
    await holds((expect) => expect(server).not.toReceiveMessage(condition));
    expect(waitForMessage).toHaveBeenCalledWith(condition, { take: false, timeout: 0 });
    expect(idle.mock.invocationCallOrder[0]).toBeLessThan(waitForMessage.mock.invocationCallOrder[0]!);
  });

  test('with .not: waits as long as told, whatever is open', async () => {
    const { server, waitForMessage, idle } = newWaits({ message: nothing });
    await holds((expect) => expect(server).not.toReceiveMessage(condition, { within: 200 }));
    expect(waitForMessage).toHaveBeenCalledWith(condition, { take: false, timeout: 200 });
    expect(idle).not.toHaveBeenCalled();
  });
});

test('while a session stays open .not fails, for a message may still come', async () => {
  const open = timeout(
    'Waited 3000 ms until no session is open. Still open: 1. Does the application close its connections?',
    null,
  );
  const { server, waitForMessage } = newWaits({ idle: open, message: nothing });
  expect(await failureOf((expect) => expect(server).not.toReceiveMessage(condition))).toMatchInlineSnapshot(`
    "expect(server).not.toReceiveMessage(condition)

    Waited 3000 ms until no session is open. Still open: 1. Does the application close its connections?
    Or does it keep them for later? Then tell how long to wait: \`{ within: 500 }\`."
  `);
  expect(waitForMessage).not.toHaveBeenCalled();
});

describe('an inbox', () => {
  const send = async (mail: TestSmtp, subject: string, to: string): Promise<void> => {
    await createTransport(mail.connection).sendMail({ from: 'ann@example.com', to, subject, text: 'Hello' });
  };

  test('has received what came to its address, and nothing else', async () => {
    await using mail = await startTestSmtp({ tls: 'none' });
    const [inbox, other] = [mail.inbox('signup'), mail.inbox('other')];
    await send(mail, 'Please verify', inbox.address);
    await send(mail, 'Goodbye', other.address);
    await holds((expect) => expect(inbox).toReceiveMessage(condition));
    await holds((expect) => expect(inbox).not.toReceiveMessage({ subject: 'Goodbye' }));
    await failureOf((expect) => expect(inbox).toReceiveMessage({ subject: 'Goodbye' }, { within: 0 }));
    await failureOf((expect) => expect(inbox).not.toReceiveMessage());
    expect(await inbox.waitForMessage()).toBe(mail.messages[0]);
  });

  test('waits', async () => {
    await using mail = await startTestSmtp({ tls: 'none' });
    const inbox = mail.inbox('signup');
    const received = holds((expect) => expect(inbox).toReceiveMessage());
    await send(mail, 'Please verify', inbox.address);
    await received;
  });

  test('whose address was refused has received nothing', async () => {
    await using mail = await startTestSmtp({ tls: 'none' });
    const inbox = mail.inbox('signup');
    inbox.inject({ at: 'rcpt', reply: '550 5.1.1 No' });
    await expect(send(mail, 'Please verify', inbox.address)).rejects.toThrow('550');
    await holds((expect) => expect(inbox).not.toReceiveMessage());
  });

  test('that nobody has named fails .not, unless told how long to wait', async () => {
    await using mail = await startTestSmtp({ tls: 'none' });
    await send(mail, 'Please verify', mail.inbox('other').address);
    const inbox = mail.inbox('signup');
    const failure = await failureOf((expect) => expect(inbox).not.toReceiveMessage(condition));
    expect(failure.replace(inbox.address, 'signup@inbox.test')).toMatchInlineSnapshot(`
      "expect(inbox).not.toReceiveMessage(condition)

      No client has named signup@inbox.test in RCPT yet, so that nothing can be said.
      Await the application first; or if it is not to send there at all, tell how long to wait: \`{ within: 500 }\`, or 0 once it is done."
    `);
    await holds((expect) => expect(inbox).not.toReceiveMessage(condition, { within: 0 }));
  });
});

test('before any client has connected .not fails, unless told how long to wait', async () => {
  const { waitForMessage, idle } = newWaits({ message: nothing });
  const server = newServer([], { waitForMessage, idle });
  expect(await failureOf((expect) => expect(server).not.toReceiveMessage(condition))).toMatchInlineSnapshot(`
    "expect(server).not.toReceiveMessage(condition)

    No client has connected yet, so that nothing can be said.
    Await the application first; or if it is not to connect at all, tell how long to wait: \`{ within: 500 }\`."
  `);
  await holds((expect) => expect(server).not.toReceiveMessage(condition, { within: 0 }));
});

test('where earlier messages are not kept .not fails, for it may have been one of them', async () => {
  const { waitForMessage, idle } = newWaits({ message: nothing });
  const server = newServer([message.session], { waitForMessage, idle, discarded: newDiscarded({ messages: 2 }) });
  await failureOf((expect) => expect(server).not.toReceiveMessage(condition));
  await failureOf((expect) => expect(server).not.toReceiveMessage(condition, { within: 0 }));
  await failureOf((expect) => expect(server).toReceiveMessage(condition));
});

test('the failure tells that earlier messages are not kept', async () => {
  await using mail = await startTestSmtp({ tls: 'none', retain: { messages: 1 } });
  const transport = createTransport(mail.connection);
  for (const subject of ['one', 'two']) {
    await transport.sendMail({ from: 'ann@example.com', to: 'bob@example.com', subject, text: 'Hello' });
  }
  await mail.idle();
  expect(await failureOf((expect) => expect(mail).not.toReceiveMessage({ subject: 'one' }))).toContain(
    '1 earlier message not kept: raise `retain`, or `mail.reset()` between tests.',
  );
  await holds((expect) => expect(mail).toReceiveMessage({ subject: 'two' }));
});

test.each(['toReceiveMessage', 'not.toReceiveMessage'])('%s leaves other errors as they are', async (name) => {
  const stopped = Object.assign(new Error('The server is stopped.'), { code: 'ERR_MAILRIG_STOPPED' });
  const { server } = newWaits({ message: stopped });
  const isNot = name.startsWith('not');
  const error = await errorOf((expect) => (isNot ? expect(server).not : expect(server)).toReceiveMessage(condition));
  expect(error).toBe(stopped);
});

test.each<[given: string, condition: unknown]>([
  ["'ann@example.com'", 'ann@example.com'],
  ['null', null],
  ['an array', [{ to: 'ann@example.com' }]],
])('a condition that can not be meant is refused: %s', async (given, condition) => {
  for (const server of [newServer([]), newWaits().server]) {
    const error = await errorOf((expect) => expect(server).not.toReceiveMessage(condition as MessageCondition));
    expect(error).toMatchObject({
      code: 'ERR_MAILRIG_EXPECTATION',
      message: `toReceiveMessage: takes an object with fields of a message, or a predicate, not ${given}.`,
    });
  }
});

test.each<[problem: string, options: unknown]>([
  ["'take' is no field of it. There are: within.", { take: false }],
  ['takes an object with within, not 200.', 200],
  ['within must be a number of milliseconds, not -1.', { within: -1 }],
  ['within must be a number of milliseconds, not NaN.', { within: NaN }],
  ['within must be a number of milliseconds, not Infinity.', { within: Infinity }],
  ["within must be a number of milliseconds, not '200'.", { within: '200' }],
])('options that can not be meant are refused: %s', async (problem, options) => {
  const { server } = newWaits({ message: nothing });
  const error = await errorOf((expect) => expect(server).not.toReceiveMessage({}, options as ReceiveOptions));
  expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toReceiveMessage: ${problem}` });
});
