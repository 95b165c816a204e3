import { generateKeyPairSync } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { deliver, deliverRaw, deliverSigned, ed25519, otherRsa, RAW, rsa } from './testing/dkim-mails.ts';
import { signed } from './testing/dkim-signer.ts';
import { newMessage } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { DkimExpectation } from './to-have-valid-dkim.ts';

const pem = (key: typeof rsa.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('a signature of nodemailer', () => {
  const dkim = { domainName: 'shop.example', keySelector: 'mail', privateKey: privatePem };
  const mail: SendMailOptions = { subject: 'Your order', text: 'Thank you.', html: '<p>Thank you.</p>', dkim };

  test.each<[string, DkimExpectation]>([
    ['a KeyObject', { publicKey: rsa.publicKey }],
    ['PEM', { publicKey: pem(rsa.publicKey) }],
    ['the private key that it was made with', { publicKey: privatePem }],
    [
      'a DNS record',
      { publicKey: `v=DKIM1; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}` },
    ],
    ['a private KeyObject', { publicKey: rsa.privateKey }],
    ['a name', { publicKey: { 'mail._domainkey.SHOP.example': rsa.publicKey } }],
  ])('is valid with the key as %s', async (_, expected) => {
    const message = await deliver(mail);
    await holds((expect) => expect(message).toHaveValidDkim(expected));
    await failureOf((expect) => expect(message).not.toHaveValidDkim(expected));
  });

  test('is of a domain and a selector', async () => {
    const { publicKey } = rsa;
    const message = await deliver(mail);
    for (const expected of [
      { domain: 'Shop.Example', publicKey },
      { domain: /^shop\./, selector: 'mail', publicKey },
      { selector: expect.stringContaining('ai'), publicKey },
    ]) {
      await holds((expect) => expect(message).toHaveValidDkim(expected));
      await failureOf((expect) => expect(message).not.toHaveValidDkim(expected));
    }
    for (const expected of [
      { domain: 'example', publicKey },
      { selector: 'MAIL', publicKey },
    ]) {
      await holds((expect) => expect(message).not.toHaveValidDkim(expected));
      await failureOf((expect) => expect(message).toHaveValidDkim(expected));
    }
  });

  test('is not valid with another key', async () => {
    const message = await deliver(mail);
    await holds((expect) => expect(message).not.toHaveValidDkim({ publicKey: otherRsa.publicKey }));
    await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey: otherRsa.publicKey }));
    await holds((expect) => expect(message).not.toHaveValidDkim({ publicKey: ed25519.publicKey }));
  });
});

describe('of several signatures', () => {
  const raw = signed(signed(RAW, { key: rsa.privateKey, selector: 'one' }), {
    key: ed25519.privateKey,
    selector: 'two',
  });

  test('one that is valid is enough', async () => {
    const message = await deliverRaw(raw);
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey: rsa.publicKey }));
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey: ed25519.publicKey }));
    await holds((expect) => expect(message).not.toHaveValidDkim({ selector: 'one', publicKey: ed25519.publicKey }));
  });

  test('each is judged by itself, of one selector too', async () => {
    const one = signed(RAW, { key: rsa.privateKey });
    const message = await deliverRaw(signed(one, { key: otherRsa.privateKey }));
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey: rsa.publicKey }));
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey: otherRsa.publicKey }));
  });

  test('each has its own key by its name', async () => {
    const message = await deliverRaw(raw);
    const publicKey = {
      'one._domainkey.shop.example': rsa.publicKey,
      'two._domainkey.shop.example': ed25519.publicKey,
    };
    await holds((expect) => expect(message).toHaveValidDkim({ selector: 'one', publicKey }));
    await holds((expect) => expect(message).toHaveValidDkim({ selector: 'two', publicKey }));
  });

  test.each([
    ['domain', 'd=shop.example', 'd=evil.example'],
    ['selector', 's=mail', 's=other'],
  ])('one that is copied under another %s is not valid', async (field, before, after) => {
    const [header = ''] = signed(RAW, { key: rsa.privateKey }).split('\r\n');
    const message = await deliverRaw(`${header}\r\n${header.replace(before, after)}\r\n${RAW}`);
    const { publicKey } = rsa;
    await holds((expect) => expect(message).toHaveValidDkim({ [field]: before.slice(2), publicKey }));
    await holds((expect) => expect(message).not.toHaveValidDkim({ [field]: after.slice(2), publicKey }));
  });

  test('one whose key is not given tells nothing, with .not too', async () => {
    const message = await deliverRaw(raw);
    const publicKey = { 'one._domainkey.shop.example': otherRsa.publicKey };
    await holds((expect) => expect(message).not.toHaveValidDkim({ selector: 'one', publicKey }));
    expect(await failureOf((expect) => expect(message).not.toHaveValidDkim({ selector: 'two', publicKey })))
      .toMatchInlineSnapshot(`
        "expect(message).not.toHaveValidDkim(expected)

        Expected: not { selector: 'two', result: 'pass' }
        Received: no key for two._domainkey.shop.example: give it in publicKey

        Nearest: DKIM-Signature 1 in the message of transaction 1 of session 1, { domain: 'shop.example', selector: 'two', algorithm: 'ed25519-sha256', result: 'no key' }
        First difference: result
          Expected: 'pass'
          Received: 'no key'

        The end of session 1:
          S: 250 2.1.0 Sender accepted
          C: RCPT TO:<ann@example.com>
          S: 250 2.1.5 Recipient accepted
          C: DATA
          S: 354 End data with <CR><LF>.<CR><LF>
          * 884 octets of content
          S: 250 2.6.0 Message accepted
          * closed by client"
      `);
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey }))).toContain(
      'no key for two._domainkey.shop.example',
    );
  });
});

describe('the failure', () => {
  test('of a message', async () => {
    const message = await deliverSigned({ key: rsa.privateKey }, RAW);
    const publicKey = otherRsa.publicKey;
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey }))).toMatchInlineSnapshot(`
      "expect(message).toHaveValidDkim(expected)

      Expected: any valid DKIM signature
      Received: { domain: 'shop.example', selector: 'mail', algorithm: 'rsa-sha256', result: 'bad signature' }

      First difference: result
        Expected: 'pass'
        Received: 'bad signature'

      The end of session 1:
        S: 250 2.1.0 Sender accepted
        C: RCPT TO:<ann@example.com>
        S: 250 2.1.5 Recipient accepted
        C: DATA
        S: 354 End data with <CR><LF>.<CR><LF>
        * 644 octets of content
        S: 250 2.6.0 Message accepted
        * closed by client"
    `);
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ domain: 'other.example', publicKey })))
      .toMatchInlineSnapshot(`
        "expect(message).toHaveValidDkim(expected)

        Expected: { domain: 'other.example', result: 'pass' }
        Received: { domain: 'shop.example', selector: 'mail', algorithm: 'rsa-sha256', result: 'bad signature' }

        First difference: domain
          Expected: 'other.example'
          Received: 'shop.example'

        The end of session 1:
          S: 250 2.1.0 Sender accepted
          C: RCPT TO:<ann@example.com>
          S: 250 2.1.5 Recipient accepted
          C: DATA
          S: 354 End data with <CR><LF>.<CR><LF>
          * 644 octets of content
          S: 250 2.6.0 Message accepted
          * closed by client"
      `);
  });

  test('of a message without a signature', async () => {
    const message = newMessage();
    const { publicKey } = rsa;
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey }))).toMatchInlineSnapshot(`
      "expect(message).toHaveValidDkim(expected)

      Expected: any DKIM signature
      Received: no DKIM signature in 1 message

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    await holds((expect) => expect(message).not.toHaveValidDkim({ publicKey }));
  });

  test('of .not', async () => {
    const message = await deliverSigned({ key: rsa.privateKey }, RAW);
    const { publicKey } = rsa;
    expect(await failureOf((expect) => expect(message).not.toHaveValidDkim({ domain: /shop/, publicKey })))
      .toMatchInlineSnapshot(`
        "expect(message).not.toHaveValidDkim(expected)

        Expected: not { domain: /shop/, result: 'pass' }
        Received: { domain: 'shop.example', selector: 'mail', algorithm: 'rsa-sha256', result: 'pass' }

        The end of session 1:
          S: 250 2.1.0 Sender accepted
          C: RCPT TO:<ann@example.com>
          S: 250 2.1.5 Recipient accepted
          C: DATA
          S: 354 End data with <CR><LF>.<CR><LF>
          * 644 octets of content
          S: 250 2.6.0 Message accepted
          * closed by client"
      `);
  });
});

test.each<[problem: string, expected: unknown]>([
  ['takes an object with domain, selector, publicKey, not undefined.', undefined],
  ["'record' is no field of it. There are: domain, selector, publicKey.", { record: '' }],
  ['domain must be a string, a RegExp or an asymmetric matcher, not null.', { domain: null }],
  ['publicKey is missing: no DNS server is asked. It is KEYS.', { domain: 'shop.example' }],
  ['publicKey must be KEYS.', { publicKey: 'p' }],
  ['publicKey must be KEYS.', { publicKey: '-----BEGIN PUBLIC KEY-----' }],
  ['publicKey must be KEYS.', { publicKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey }],
  ['publicKey must be KEYS.', { publicKey: { 'mail.shop.example': rsa.publicKey } }],
  ['publicKey must be KEYS.', { publicKey: { 'mail._domainkey.shop.example': 7 } }],
  ['publicKey must be KEYS.', { publicKey: { 'mail._domainkey.shop.example': 'p' } }],
  [
    'publicKey must be KEYS.',
    { publicKey: { 'a._domainkey.shop.example': rsa.publicKey, 'shop.example': rsa.publicKey } },
  ],
  ['publicKey must be KEYS.', { publicKey: null }],
  ['publicKey must be KEYS.', { publicKey: { 'mail._domainkey.shop.example': { key: privatePem } } }],
])('an expectation that can not be meant is refused: %s', async (problem, expected) => {
  const keys =
    "a public key in PEM, a KeyObject, a DNS record such as 'v=DKIM1; k=rsa; p=…', or an object of these by name, selector._domainkey.domain";
  const error = await errorOf((expect) => expect(newMessage()).not.toHaveValidDkim(expected as DkimExpectation));
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toHaveValidDkim: ${problem.replace('KEYS', keys)}`,
  });
});
