import { generateKeyPairSync } from 'node:crypto';
import { startTestSmtp, type Message, type Pattern } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { newMessage } from './testing/recorded.ts';
import { errorOf, failureOf, holds, type Expect } from './testing/runners.ts';

const URL = 'https://shop.example/unsubscribe/4711';
const POST = 'List-Unsubscribe=One-Click';

interface Fields {
  readonly list?: readonly string[];
  readonly post?: readonly string[];
  readonly dkim?: readonly string[];
}

const newMail = ({ list = [`<${URL}>`], post = [POST], dkim = [] }: Fields = {}): Message =>
  newMessage({}, {}, { fields: { 'list-unsubscribe': list, 'list-unsubscribe-post': post, 'dkim-signature': dkim } });

const signature = (fields: string): string => `v=1; a=rsa-sha256; d=shop.example; s=mail; h=${fields}; bh=x; b=x`;

describe('one click is enough', () => {
  test.each<[what: string, fields: Fields]>([
    ['with an https URI', {}],
    ['with a mailto URI besides', { list: [`<mailto:leave@shop.example>, <${URL}>`] }],
    ['with a comment', { list: [`(one click) <${URL}>`] }],
    ['with a scheme in upper case', { list: ['<HTTPS://shop.example/>'] }],
    ['with a signature of both fields', { dkim: [signature('From : List-Unsubscribe : List-Unsubscribe-Post')] }],
    [
      'with one such signature of two',
      { dkim: [signature('from'), signature('from:list-unsubscribe-post:list-unsubscribe')] },
    ],
  ])('%s', async (_, fields) => {
    const message = newMail(fields);
    await holds((expect) => expect(message).toHaveOneClickUnsubscribe());
    await failureOf((expect) => expect(message).not.toHaveOneClickUnsubscribe());
  });

  test.each<Pattern>([URL, /\/unsubscribe\/\d+$/, expect.stringContaining('shop.example')])('at %s', async (url) => {
    await holds((expect) => expect(newMail()).toHaveOneClickUnsubscribe(url));
    await failureOf((expect) => expect(newMail()).not.toHaveOneClickUnsubscribe(url));
  });
});

test('white space in a URI means nothing (RFC 2369 §2)', async () => {
  const message = newMail({ list: [`< ${URL.slice(0, 30)}  ${URL.slice(30)} >`] });
  await holds((expect) => expect(message).toHaveOneClickUnsubscribe(URL));
});

describe('one click is not enough', () => {
  test.each<[what: string, fields: Fields, difference: string]>([
    ['without List-Unsubscribe', { list: [] }, 'fields named List-Unsubscribe'],
    ['with two of them', { list: [`<${URL}>`, '<mailto:leave@shop.example>'] }, 'fields named List-Unsubscribe'],
    ['with a mailto URI alone', { list: ['<mailto:leave@shop.example>'] }, 'the https URI of List-Unsubscribe'],
    ['with an http URI', { list: ['<http://shop.example/>'] }, 'the https URI of List-Unsubscribe'],
    ['with an http URI besides', { list: [`<${URL}>, <http://shop.example/>`] }, 'the https URI of List-Unsubscribe'],
    ['with two https URIs', { list: [`<${URL}>, <${URL}>`] }, 'the https URI of List-Unsubscribe'],
    ['with an https URI that is none', { list: ['<https://>'] }, 'the https URI of List-Unsubscribe'],
    ['with a URI without brackets', { list: [URL] }, 'the https URI of List-Unsubscribe'],
    ['without List-Unsubscribe-Post', { post: [] }, 'fields named List-Unsubscribe-Post'],
    ['with two of them', { post: [POST, POST] }, 'fields named List-Unsubscribe-Post'],
    ['with another value', { post: ['List-Unsubscribe=one-click'] }, 'List-Unsubscribe-Post'],
    ['with more than the value', { post: [`${POST}; x=y`] }, 'List-Unsubscribe-Post'],
    ['with a signature of neither', { dkim: [signature('from:subject')] }, 'h= of DKIM-Signature'],
    ['with a signature of one', { dkim: [signature('from:list-unsubscribe')] }, 'h= of DKIM-Signature'],
    ['with a signature of the other', { dkim: [signature('from:list-unsubscribe-post')] }, 'h= of DKIM-Signature'],
    [
      'with each in a signature of its own',
      { dkim: [signature('from:list-unsubscribe'), signature('from:list-unsubscribe-post')] },
      'h= of DKIM-Signature',
    ],
  ])('%s', async (_, fields, difference) => {
    const message = newMail(fields);
    await holds((expect) => expect(message).not.toHaveOneClickUnsubscribe());
    const failure = await failureOf((expect) => expect(message).toHaveOneClickUnsubscribe());
    expect(failure).toContain(`\nFirst difference: ${difference}\n`);
  });

  test('at another URL', async () => {
    await holds((expect) => expect(newMail()).not.toHaveOneClickUnsubscribe('https://shop.example/'));
    await failureOf((expect) => expect(newMail()).toHaveOneClickUnsubscribe(/^http:/));
  });
});

test('a mail of nodemailer has it, signed too', async () => {
  await using mail = await startTestSmtp({ tls: 'none' });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const names = 'from:to:subject:list-unsubscribe';
  for (const headerFieldNames of [`${names}:list-unsubscribe-post`, names]) {
    const dkim = { domainName: 'shop.example', keySelector: 'mail', privateKey: key, headerFieldNames };
    await createTransport({ ...mail.connection, dkim }).sendMail({
      from: 'shop@shop.example',
      to: 'ann@example.com',
      subject: 'News',
      text: 'Hello',
      list: { unsubscribe: [['mailto:leave@shop.example', URL]] as never },
      headers: { 'List-Unsubscribe-Post': POST },
    });
  }
  const [covered, uncovered] = mail.messages;
  await holds((expect) => expect(covered).toHaveOneClickUnsubscribe(URL));
  await holds((expect) => expect(uncovered).not.toHaveOneClickUnsubscribe(URL));
});

describe('the failure', () => {
  test('of a message', async () => {
    const message = newMail({ post: ['One-Click'] });
    expect(await failureOf((expect) => expect(message).toHaveOneClickUnsubscribe())).toMatchInlineSnapshot(`
      "expect(message).toHaveOneClickUnsubscribe()

      Expected: any one-click unsubscription
      Received: { 'List-Unsubscribe': '<https://shop.example/unsubscribe/4711>', 'List-Unsubscribe-Post': 'One-Click' }

      First difference: List-Unsubscribe-Post
        Expected: 'List-Unsubscribe=One-Click'
        Received: 'One-Click'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('says what a signature covers', async () => {
    const message = newMail({ dkim: [signature('From:Subject')] });
    expect(await failureOf((expect) => expect(message).toHaveOneClickUnsubscribe(URL))).toMatchInlineSnapshot(`
      "expect(message).toHaveOneClickUnsubscribe(url)

      Expected: { url: 'https://shop.example/unsubscribe/4711' }
      Received: { 'List-Unsubscribe': '<https://shop.example/unsubscribe/4711>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }

      First difference: h= of DKIM-Signature
        Expected: 'List-Unsubscribe:List-Unsubscribe-Post'
        Received: [ 'from:subject' ]

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a message without such a field', async () => {
    expect(await failureOf((expect) => expect(newMessage()).toHaveOneClickUnsubscribe())).toMatchInlineSnapshot(`
      "expect(message).toHaveOneClickUnsubscribe()

      Expected: any one-click unsubscription
      Received: { 'List-Unsubscribe': undefined, 'List-Unsubscribe-Post': undefined }

      First difference: fields named List-Unsubscribe
        Expected: 1
        Received: 0

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not', async () => {
    expect(await failureOf((expect) => expect(newMail()).not.toHaveOneClickUnsubscribe())).toMatchInlineSnapshot(`
      "expect(message).not.toHaveOneClickUnsubscribe()

      Expected: no one-click unsubscription
      Received: { 'List-Unsubscribe': '<https://shop.example/unsubscribe/4711>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(newMail()).not.toHaveOneClickUnsubscribe(/shop/))).toContain(
      '\nExpected: not { url: /shop/ }\n',
    );
  });
});

test.each([
  ['null', null],
  ['undefined', undefined],
  ['an object', {}],
])('a URL that can not be meant is refused: %s', async (given, url) => {
  const error = await errorOf((expect) =>
    (expect(newMail()).not as ReturnType<Expect>).toHaveOneClickUnsubscribe(url as Pattern),
  );
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toHaveOneClickUnsubscribe: the url must be a string, a RegExp or an asymmetric matcher, not ${given}.`,
  });
});
