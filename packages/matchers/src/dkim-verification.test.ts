// Which signatures are valid: `toHaveValidDkim` is shown what it is by to-have-valid-dkim.test.ts.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { signaturesOf, type DkimSignature } from './dkim-signature.ts';
import { verifyDkim } from './dkim-verification.ts';
import { deliverRaw, deliverSigned, ed25519, RAW, rsa } from './testing/dkim-mails.ts';
import { signed, type SignatureParts } from './testing/dkim-signer.ts';
import { newMessage } from './testing/recorded.ts';
import { failureOf, holds } from './testing/runners.ts';

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

  test.each([
    ['it has no v= tag', 'vx'],
    ['it has no b= tag', 'v=1; a=rsa-sha256; d=shop.example; s=mail; h=from; bh=x'],
  ])('%s', async (result, field) => {
    const message = await deliverRaw(`DKIM-Signature: ${field}\r\n${RAW}`);
    expect(await failureOf((expect) => expect(message).toHaveValidDkim({ publicKey: rsa.publicKey }))).toContain(
      `Received: '${result}'`,
    );
  });

  test('whatever key is given', async () => {
    const message = await deliverSigned({ key, tags: { v: '2' } });
    const publicKey = { 'other._domainkey.shop.example': rsa.publicKey };
    await holds((expect) => expect(message).not.toHaveValidDkim({ publicKey }));
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
    ['not verified', []],
    ['neutral', [{ status: { result: 'neutral' } }]],
    ['weak-key', [{ status: { result: 'policy', policy: { 'dkim-rules': 'weak-key' } } }]],
    ['bad signature', [{ status: { result: 'fail', comment: 'bad signature', policy: {} } }]],
  ])('is taken at its word: %s', async (result, outcomes) => {
    const message = await deliverSigned({ key: rsa.privateKey });
    const [{ value: signature }] = signaturesOf(message) as [DkimSignature];
    const results = outcomes.map((outcome) => ({
      signingDomain: 'shop.example',
      selector: 'mail',
      signature,
      ...outcome,
    }));
    const load = () => Promise.resolve({ dkimVerify: () => Promise.resolve({ results }) });
    const verdicts = await verifyDkim('x', message, rsa.publicKey, load);
    expect(verdicts).toEqual([expect.objectContaining({ result, lacksKey: false })]);
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
