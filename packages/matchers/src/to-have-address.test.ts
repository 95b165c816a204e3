import { startTestSmtp, type Pattern } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import type { AddressField } from './to-have-address.ts';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds, refusalOf } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const content = {
  addresses: {
    from: [{ name: 'The Shop', address: 'shop@example.com' }],
    to: [
      { name: 'Ann', address: 'ann@example.com' },
      { name: '', address: 'bob@bücher.example' },
    ],
  },
};
const message = newMessage({}, {}, content);

describe('an address', () => {
  test.each<[field: AddressField, address: Pattern, name?: Pattern]>([
    ['from', 'shop@example.com'],
    ['FROM', 'shop@EXAMPLE.com'],
    ['From', /^shop@/, 'The Shop'],
    ['to', 'ann@example.com', /^A/],
    ['to', expect.stringContaining('ann'), expect.any(String)],
    ['to', 'bob@bücher.example', ''],
    ['to', 'bob@xn--bcher-kva.example'],
  ])('is in %s: %s %s', async (...args) => {
    await holds((expect) => expect(message).toHaveAddress(...args));
    await failureOf((expect) => expect(message).not.toHaveAddress(...args));
  });

  test.each<[field: AddressField, address: Pattern, name?: Pattern]>([
    ['cc', 'ann@example.com'],
    ['from', 'ann@example.com'],
    ['from', 'shop'],
    ['from', 'shop@example.com', 'Shop'],
    ['to', 'Ann@example.com'],
    ['to', /^ann@/, ''],
    // Both of one address.
    ['to', 'bob@bücher.example', 'Ann'],
    ['x-original-to', 'ann@example.com'],
  ])('is not in %s: %s %s', async (...args) => {
    await holds((expect) => expect(message).not.toHaveAddress(...args));
    await failureOf((expect) => expect(message).toHaveAddress(...args));
  });

  test('is read of what nodemailer sent: encoded names, groups, any field', async () => {
    await using mail = await startTestSmtp();
    const message = await send(mail, {
      from: '"Café, the" <cafe@example.com>',
      sender: 'robot@example.com',
      to: 'Friends: Zoë <zoe@example.com>, bob@example.com;',
      replyTo: 'Support <support@example.com>',
      headers: { 'Resent-To': 'Dan <dan@example.com>' },
      text: 'Hello',
    });

    await holds((expect) => expect(message).toHaveAddress('from', 'cafe@example.com', 'Café, the'));
    await holds((expect) => expect(message).toHaveAddress('Sender', 'robot@example.com', ''));
    await holds((expect) => expect(message).toHaveAddress('to', 'zoe@example.com', 'Zoë'));
    await holds((expect) => expect(message).toHaveAddress('to', 'bob@example.com'));
    await holds((expect) => expect(message).toHaveAddress('Reply-To', /@example\.com$/, 'Support'));
    await holds((expect) => expect(message).toHaveAddress('resent-to', 'dan@example.com'));
    await holds((expect) => expect(message).not.toHaveAddress('to', /./, 'Friends'));
  });
});

describe('the failure', () => {
  test('shows the nearest address of the field', async () => {
    expect(await failureOf((expect) => expect(message).toHaveAddress('to', 'ann@example.com', 'Anne')))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveAddress(field, address, name)

        Expected: { field: 'to', address: 'ann@example.com', name: 'Anne' }
        Received: nothing like that in 1 message

        Nearest: address 1 of to in the message of transaction 1 of session 1, { field: 'to', address: 'ann@example.com', name: 'Ann' }
        First difference: name
          Expected: 'Anne'
          Received: 'Ann'

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('of the only address', async () => {
    expect(await failureOf((expect) => expect(message).toHaveAddress('From', 'ann@example.com')))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveAddress(field, address)

        Expected: { field: 'From', address: 'ann@example.com' }
        Received: { field: 'From', address: 'shop@example.com', name: 'The Shop' }

        First difference: address
          Expected: 'ann@example.com'
          Received: 'shop@example.com'

        The end of session 1:
          C: EHLO client.example
          S: 250 localhost
          C: QUIT
          S: 221 2.0.0 Bye
          * closed after QUIT"
      `);
  });

  test('without such a field', async () => {
    expect(await failureOf((expect) => expect(message).toHaveAddress('Cc', /ann/))).toMatchInlineSnapshot(`
      "expect(message).toHaveAddress(field, address)

      Expected: { field: 'Cc', address: /ann/ }
      Received: no address in Cc in 1 message

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(message).not.toHaveAddress('to', /bob/))).toMatchInlineSnapshot(`
      "expect(message).not.toHaveAddress(field, address)

      Expected: not { field: 'to', address: /bob/ }
      Received: address 2 of to in the message of transaction 1 of session 1, { field: 'to', address: 'bob@bücher.example', name: '' }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });
});

describe('an expectation that can not be meant is refused', () => {
  const patterns = 'a string, a RegExp or an asymmetric matcher';
  const fields =
    'From, Sender, Reply-To, To, Cc, Bcc, Resent-From, Resent-Sender, Resent-To, Resent-Cc, Resent-Bcc, ' +
    'Disposition-Notification-To, or X-…';

  test.each<[problem: string, args: readonly unknown[]]>([
    [`the field must be a header field of addresses (${fields}), not 'form'.`, ['form', 'ann@example.com']],
    [`the field must be a header field of addresses (${fields}), not 'replyTo'.`, ['replyTo', 'ann@example.com']],
    [`the field must be a header field of addresses (${fields}), not 'x-'.`, ['x-', 'ann@example.com']],
    [`the field must be a header field of addresses (${fields}), not 'X-To:'.`, ['X-To:', 'ann@example.com']],
    [`the field must be a header field of addresses (${fields}), not undefined.`, []],
    [`the address must be ${patterns}, not undefined.`, ['to']],
    [`the address must be ${patterns}, not null.`, ['to', null]],
    [`the name must be ${patterns}, not undefined.`, ['to', 'ann@example.com', undefined]],
  ])('%s', async (problem, args) => {
    const error = await refusalOf(message, (claims) => claims.toHaveAddress(...(args as ['to', Pattern])));
    expect(error).toMatchObject({ code: 'ERR_MAILRIG_EXPECTATION', message: `toHaveAddress: ${problem}` });
  });
});
