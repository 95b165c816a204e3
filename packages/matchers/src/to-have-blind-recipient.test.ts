import { startTestSmtp, type Pattern } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const ann = { name: 'Ann', address: 'ann@example.com' };
const boss = { name: '', address: 'boss@EXAMPLE.com' };
const envelope = { to: ['ann@example.com', 'boss@example.com'] };
const content = { addresses: { to: [ann] } };
const message = newMessage(envelope, {}, content);

describe('a blind recipient', () => {
  test.each<Pattern>(['boss@example.com', 'boss@EXAMPLE.com', /^boss@/, expect.stringContaining('boss')])(
    'is %s, who is in RCPT and in no field',
    async (address) => {
      await holds((expect) => expect(message).toHaveBlindRecipient(address));
      await failureOf((expect) => expect(message).not.toHaveBlindRecipient(address));
    },
  );

  test.each<Pattern>(['ann@example.com', 'carol@example.com', 'boss', /^ann@/])('is not %s', async (address) => {
    await holds((expect) => expect(message).not.toHaveBlindRecipient(address));
    await failureOf((expect) => expect(message).toHaveBlindRecipient(address));
  });

  test('is any, without an address', async () => {
    await holds((expect) => expect(message).toHaveBlindRecipient());
    const open = newMessage({ to: ['ann@example.com'] }, {}, content);
    await holds((expect) => expect(open).not.toHaveBlindRecipient());
    await failureOf((expect) => expect(open).toHaveBlindRecipient());
  });

  test.each(['to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc'])(
    'is none who is named in %s',
    async (field) => {
      const named = newMessage(envelope, {}, { addresses: { 'x-to': [ann], [field]: [boss] } });
      await holds((expect) => expect(named).not.toHaveBlindRecipient('boss@example.com'));
      await holds((expect) => expect(named).toHaveBlindRecipient('ann@example.com'));
    },
  );

  test.each(['from', 'sender', 'reply-to'])('may be named in %s: that tells nothing of the copy', async (field) => {
    const named = newMessage(envelope, {}, { addresses: { to: [ann], [field]: [boss] } });
    await holds((expect) => expect(named).toHaveBlindRecipient('boss@example.com'));
  });
});

describe('of a mail that nodemailer sent', () => {
  test('those in bcc are blind', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, { cc: 'Bob <bob@bücher.example>', bcc: 'boss@example.com', text: 'Hello' });

    expect(message.envelope.to).toEqual(['ann@example.com', 'bob@xn--bcher-kva.example', 'boss@example.com']);
    await holds((expect) => expect(message).toHaveBlindRecipient('boss@example.com'));
    await holds((expect) => expect(message).not.toHaveBlindRecipient('ann@example.com'));
    await holds((expect) => expect(message).not.toHaveBlindRecipient('bob@bücher.example'));
  });

  test('those in a Bcc field that was left in the message are not', async () => {
    await using mail = await startTestSmtp();
    const raw = 'From: shop@example.com\r\nTo: ann@example.com\r\nBcc: The Boss <boss@example.com>\r\n\r\nHello\r\n';
    const message = await send(mail, { envelope: { from: 'shop@example.com', to: envelope.to }, raw });

    await holds((expect) => expect(message).not.toHaveBlindRecipient());
    expect(await failureOf((expect) => expect(message).toHaveBlindRecipient('boss@example.com'))).toContain(
      "Received: { recipient: 'boss@example.com', namedIn: [ 'Bcc' ] }",
    );
  });

  test('undisclosed recipients are all blind', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, { to: 'undisclosed-recipients:;', bcc: ['ann@example.com'], text: 'Hello' });

    await holds((expect) => expect(message).toHaveBlindRecipient('ann@example.com'));
  });
});

describe('the failure', () => {
  const leak = newMessage(envelope, {}, { addresses: { to: [ann], cc: [boss], bcc: [boss] } });

  test('tells which fields name the recipient', async () => {
    expect(await failureOf((expect) => expect(leak).toHaveBlindRecipient('boss@example.com'))).toMatchInlineSnapshot(`
      "expect(message).toHaveBlindRecipient(address)

      Expected: { recipient: 'boss@example.com', namedIn: [] }
      Received: { recipient: 'boss@example.com', namedIn: [ 'Cc', 'Bcc' ] }

      First difference: namedIn
        Expected: []
        Received: [ 'Cc', 'Bcc' ]

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('is about the recipient, even where another is blind', async () => {
    const other = newMessage({ to: ['boss@example.com', 'ann@example.com'] }, {}, { addresses: { cc: [boss] } });
    expect(await failureOf((expect) => expect(other).toHaveBlindRecipient(/^boss@/))).toContain(
      "Received: { recipient: 'boss@example.com', namedIn: [ 'Cc' ] }",
    );
    expect(await failureOf((expect) => expect(message).not.toHaveBlindRecipient(/^boss@/))).toContain(
      "Received: { recipient: 'boss@example.com', namedIn: [] }",
    );
  });

  test('of one who is no recipient', async () => {
    expect(await failureOf((expect) => expect(message).toHaveBlindRecipient(/^carol@/))).toMatchInlineSnapshot(`
      "expect(message).toHaveBlindRecipient(address)

      Expected: { recipient: /^carol@/, namedIn: [] }
      Received: nothing like that in 1 message

      Nearest: recipient 2 in the message of transaction 1 of session 1, { recipient: 'boss@example.com', namedIn: [] }
      First difference: recipient
        Expected: /^carol@/
        Received: 'boss@example.com'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('without an address', async () => {
    expect(await failureOf((expect) => expect(leak).toHaveBlindRecipient())).toMatchInlineSnapshot(`
      "expect(message).toHaveBlindRecipient()

      Expected: any blind recipient
      Received: nothing like that in 1 message

      Nearest: recipient 2 in the message of transaction 1 of session 1, { recipient: 'boss@example.com', namedIn: [ 'Cc', 'Bcc' ] }
      First difference: namedIn
        Expected: []
        Received: [ 'Cc', 'Bcc' ]

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(message).not.toHaveBlindRecipient())).toMatchInlineSnapshot(`
      "expect(message).not.toHaveBlindRecipient()

      Expected: no blind recipient
      Received: recipient 2 in the message of transaction 1 of session 1, { recipient: 'boss@example.com', namedIn: [] }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});

test.each<[given: string, address: unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['an object', { address: 'ann@example.com' }],
])('an address that is %s is refused, with .not too', async (given, address) => {
  const error = await refusalOf(message, (claims) => claims.toHaveBlindRecipient(address as string));
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toHaveBlindRecipient: the address must be a string, a RegExp or an asymmetric matcher, not ${given}.`,
  });
});
