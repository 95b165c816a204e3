import { generateKeyPairSync } from 'node:crypto';
import { startTestSmtp, type Message } from '@mailrig/fixture';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { verifyDkim } from './dkim-verification.ts';
import { signed, type SignatureParts } from './testing/dkim-signer.ts';
import { newMessage, newServer } from './testing/recorded.ts';
import { errorOf, failureOf, holds } from './testing/runners.ts';
import type { DkimExpectation } from './to-have-valid-dkim.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');

const pem = (key: typeof rsa.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();
const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const RAW = [
  'From: The Shop <shop@shop.example>',
  'To: ann@example.com',
  'Subject:  Your   order',
  'Date: Fri, 20 Nov 2026 10:00:00 +0000',
  '',
  'Thank  you. ',
  '',
  'The Shop',
  '',
  '',
].join('\r\n');

/** What a server got. */
async function deliver(...mails: readonly SendMailOptions[]): Promise<Message> {
  const mail = await startTestSmtp({ tls: 'none' });
  onTestFinished(() => mail.stop());
  for (const options of mails) {
    await createTransport(mail.connection).sendMail({ from: 'shop@shop.example', to: 'ann@example.com', ...options });
  }
  await mail.idle();
  return mail.messages.at(-1)!;
}

const deliverRaw = (raw: string): Promise<Message> =>
  deliver({ envelope: { from: 'shop@shop.example', to: 'ann@example.com' }, raw });

const deliverSigned = (parts: SignatureParts, raw = RAW): Promise<Message> => deliverRaw(signed(raw, parts));

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

  test('is found in a transaction, a session and a server', async () => {
    const { transaction, session } = await deliver(mail, { ...mail, dkim: undefined }, {});
    await holds((expect) => expect(transaction).not.toHaveValidDkim({ publicKey: rsa.publicKey }));
    const signedOne = await deliver(mail);
    for (const subject of [signedOne.transaction, signedOne.session, newServer([session, signedOne.session])]) {
      await holds((expect) => expect(subject).toHaveValidDkim({ publicKey: rsa.publicKey }));
      await failureOf((expect) => expect(subject).not.toHaveValidDkim({ publicKey: rsa.publicKey }));
    }
  });
});

describe.each([
  ['rsa-sha256', rsa],
  ['ed25519-sha256', ed25519],
])('%s', (_, { privateKey: key, publicKey }) => {
  test.each(['simple/simple', 'simple/relaxed', 'relaxed/simple', 'relaxed/relaxed'])(
    '%s',
    async (canonicalization) => {
      const message = await deliverSigned({ key, canonicalization });
      await holds((expect) => expect(message).toHaveValidDkim({ publicKey }));
    },
  );

  test.each([
    ['the body', 'Thank', 'thank'],
    ['a field that it covers', 'Your', 'My'],
    ['the signature itself', 's=mail;', 's=mall;'],
  ])('is not valid once %s is changed', async (_, before, after) => {
    const raw = signed(RAW, { key });
    const [message, changed] = [await deliverRaw(raw), await deliverRaw(raw.replace(before, after))];
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey }));
    await holds((expect) => expect(changed).not.toHaveValidDkim({ publicKey }));
    await failureOf((expect) => expect(changed).toHaveValidDkim({ publicKey }));
  });

  test('is valid when a field that it does not cover is changed', async () => {
    const message = await deliverRaw(signed(RAW, { key }).replace('10:00:00', '11:00:00'));
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey }));
  });
});

/** RFC 8463 appendix A: the message with both signatures, and the records. */
describe('the example of RFC 8463', () => {
  const RECORDS = {
    'brisbane._domainkey.football.example.com': 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
    'test._domainkey.football.example.com':
      'v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB',
  };
  const EXAMPLE = [
    'DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;',
    ' d=football.example.com; i=@football.example.com;',
    ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
    ' subject : date : message-id : from : subject : date;',
    ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
    ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus',
    ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;',
    ' d=football.example.com; i=@football.example.com;',
    ' q=dns/txt; s=test; t=1528637909; h=from : to : subject :',
    ' date : message-id : from : subject : date;',
    ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
    ' b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3',
    ' DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz',
    ' dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=',
    'From: Joe SixPack <joe@football.example.com>',
    'To: Suzie Q <suzie@shopping.example.net>',
    'Subject: Is dinner ready?',
    'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
    'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
    '',
    'Hi.',
    '',
    'We lost the game.  Are you hungry yet?',
    '',
    'Joe.',
    '',
  ].join('\r\n');

  test('has two valid signatures', async () => {
    const message = await deliverRaw(EXAMPLE);
    for (const selector of ['brisbane', 'test']) {
      await holds((expect) =>
        expect(message).toHaveValidDkim({ domain: 'football.example.com', selector, publicKey: RECORDS }),
      );
    }
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

describe('what makes a signature invalid', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 512 });
  const key = rsa.privateKey;
  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);

  test.each<[result: string, parts: SignatureParts, change?: [string, string]]>([
    ['body hash did not verify', { key }, ['Thank', 'thank']],
    ['bad signature', { key }, ['Your', 'My']],
    ['expired', { key, tags: { t: String(now - 2 * hour), x: String(now - hour) } }],
    ['weak-key', { key: weak.privateKey }],
    ['its version is not 1', { key, tags: { v: '2' } }],
    ['it has no h= tag', { key, fields: [] }],
    ['it does not cover the From field', { key, fields: ['to', 'subject'] }],
    ['its i= is not of the domain in its d=', { key, tags: { i: 'ann@notshop.example' } }],
    ['rsa-sha1 proves nothing any more (RFC 8301 §3.1)', { key, algorithm: 'rsa-sha1' }],
    ['its a= names no algorithm that is known', { key, tags: { a: 'rsa-sha512' } }],
    ['its c= names no canonicalization that is known', { key, tags: { c: 'relaxed/strict' } }],
    ['it has no d= tag', { key, domain: '' }],
    ['it has no s= tag', { key, selector: '' }],
  ])('%s', async (result, parts, [before, after] = ['', '']) => {
    const message = await deliverRaw(signed(RAW, parts).replace(before, after));
    const publicKey = parts.key === weak.privateKey ? weak.publicKey : rsa.publicKey;
    await holds((expect) => expect(message).not.toHaveValidDkim({ publicKey }));
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey }))).toContain(
      `First difference: result\n  Expected: 'pass'\n  Received: '${result}'`,
    );
  });

  test.each<[string, SignatureParts]>([
    ['that expires in an hour', { key, tags: { t: String(now - hour), x: String(now + hour) } }],
    ['of a subdomain in i=', { key, tags: { i: 'ann@mail.Shop.example' } }],
    ['of the domain itself in i=', { key, tags: { i: '@shop.example' } }],
    [
      'with one canonicalization, which is that of the header',
      { key, canonicalization: 'relaxed/simple', tags: { c: 'relaxed' } },
    ],
    ['with white space around its tags', { key, tags: { v: ' 1 ', a: ' rsa-sha256 ', c: ' relaxed/relaxed ' } }],
    ['with tags in upper case', { key, tags: { a: 'RSA-SHA256', c: 'Relaxed/Relaxed' } }],
  ])('not one %s', async (_, parts) => {
    const message = await deliverSigned(parts);
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey: rsa.publicKey }));
  });
});

test('a domain is the same in any case', async () => {
  const message = await deliverSigned({
    key: rsa.privateKey,
    domain: 'Shop.Example',
    tags: { i: '@mail.shop.example' },
  });
  const publicKey = { 'mail._domainkey.shop.example': rsa.publicKey };
  await holds((expect) => expect(message).toHaveValidDkim({ domain: 'shop.example', publicKey }));
});

describe('a signature of the first octets (l=)', () => {
  test('is valid whatever follows them', async () => {
    const raw = signed(RAW, { key: rsa.privateKey, tags: { l: '10' } });
    const [message, longer, changed] = [
      await deliverRaw(raw),
      await deliverRaw(`${raw}And one more thing\r\n`),
      await deliverRaw(raw.replace('Thank', 'thank')),
    ];
    await holds((expect) => expect(message).toHaveValidDkim({ publicKey: rsa.publicKey }));
    await holds((expect) => expect(longer).toHaveValidDkim({ publicKey: rsa.publicKey }));
    await holds((expect) => expect(changed).not.toHaveValidDkim({ publicKey: rsa.publicKey }));
  });

  test('that there are not is not valid (RFC 6376 §3.5)', async () => {
    // mailauth 4 says it there too.
    const log = vi.spyOn(console, 'log').mockReturnValue();
    onTestFinished(() => log.mockRestore());
    const message = await deliverSigned({ key: rsa.privateKey, tags: { l: '1000' } });
    await holds((expect) => expect(message).not.toHaveValidDkim({ publicKey: rsa.publicKey }));
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey: rsa.publicKey }))).toContain(
      "Received: 'its l= is more than the body has'",
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

  test('of whatever has no message, with .not too', async () => {
    const server = newServer([]);
    const { publicKey } = rsa;
    expect(await failureOf((expect) => expect(server).toHaveValidDkim({ publicKey }))).toContain('no client');
    expect(await failureOf((expect) => expect(server).not.toHaveValidDkim({ publicKey }))).toContain('no client');
  });
});

test.each<[problem: string, expected: unknown]>([
  ['takes an object with domain, selector, publicKey, not undefined.', undefined],
  ["'key' is no field of it. There are: domain, selector, publicKey.", { key: '' }],
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
])('an expectation that can not be meant is refused: %s', async (problem, expected) => {
  const keys =
    "a public key in PEM, a KeyObject, a DNS record such as 'v=DKIM1; k=rsa; p=…', or an object of these by name, selector._domainkey.domain";
  const error = await errorOf((expect) => expect(newMessage()).not.toHaveValidDkim(expected as DkimExpectation));
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toHaveValidDkim: ${problem.replace('KEYS', keys)}`,
  });
});

describe('mailauth', () => {
  const missing = Object.assign(new Error("Cannot find package 'mailauth'"), { code: 'ERR_MODULE_NOT_FOUND' });

  test.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])(
    'is asked for where it is not installed: %s',
    async (code) => {
      const message = await deliverSigned({ key: rsa.privateKey });
      const load = (): Promise<never> => Promise.reject(Object.assign(new Error(missing.message), { code }));
      await expect(verifyDkim('toHaveValidDkim', message, rsa.publicKey, load)).rejects.toMatchObject({
        code: 'ERR_MAILRIG_EXPECTATION',
        message: 'toHaveValidDkim: verifies by mailauth, which is not installed: `npm install --save-dev mailauth`.',
      });
    },
  );

  test('is not loaded for a message without a signature', async () => {
    expect(await verifyDkim('toHaveValidDkim', newMessage(), rsa.publicKey, () => Promise.reject(missing))).toEqual([]);
  });

  test.each([
    ["Cannot find package 'joi'", 'ERR_MODULE_NOT_FOUND'],
    ['require() of ES Module mailauth', 'ERR_REQUIRE_ESM'],
  ])('may fail for another reason, which is told: %s', async (text, code) => {
    const message = await deliverSigned({ key: rsa.privateKey });
    const broken = Object.assign(new Error(text), { code });
    await expect(verifyDkim('x', message, rsa.publicKey, () => Promise.reject(broken))).rejects.toBe(broken);
  });
});
