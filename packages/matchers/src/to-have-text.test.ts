import { startTestSmtp, type Pattern } from '@mailrig/fixture';
import { describe, expect, test } from 'vitest';
import { newMessage, newServer, newSession } from './testing/recorded.ts';
import { errorOf, failureOf, holds, type Expect } from './testing/runners.ts';
import { send } from './testing/sent.ts';

const TEXT = 'Hello Ann,\nwelcome.';
const contents = { subject: { subject: TEXT }, text: { text: TEXT }, html: { html: TEXT } };

/** The three are alike. */
const cases = [
  ['toHaveSubject', 'subject', (claims: ReturnType<Expect>, pattern: Pattern) => claims.toHaveSubject(pattern)],
  ['toHaveText', 'text', (claims: ReturnType<Expect>, pattern: Pattern) => claims.toHaveText(pattern)],
  ['toHaveHtml', 'html', (claims: ReturnType<Expect>, pattern: Pattern) => claims.toHaveHtml(pattern)],
] as const;

describe.each(cases)('%s', (matcher, field, assert) => {
  const message = newMessage({}, {}, contents[field]);
  // What it is not about.
  const others = { ...contents.subject, ...contents.text, ...contents.html };
  const not = (claims: ReturnType<Expect> & { not: unknown }): ReturnType<Expect> => claims.not as ReturnType<Expect>;

  test.each<Pattern>([TEXT, /welcome/, /^Hello Ann,$/m, expect.stringContaining('Ann')])(
    'matches %o',
    async (pattern) => {
      await holds((expect) => assert(expect(message), pattern));
      await failureOf((expect) => assert(not(expect(message)), pattern));
    },
  );

  test.each<Pattern>(['Hello Ann,', `${TEXT}\n`, '', /^welcome$/, /bob/, expect.stringContaining('Bob')])(
    'does not match %o',
    async (pattern) => {
      await holds((expect) => assert(not(expect(message)), pattern));
      await failureOf((expect) => assert(expect(message), pattern));
    },
  );

  test('matches nothing where there is none', async () => {
    // It would match what is not there.
    const absent = expect.not.stringContaining('Hello');
    const without = newMessage({}, {}, { ...others, [field]: undefined });
    await holds((expect) => assert(not(expect(without)), /^/));
    await holds((expect) => assert(not(expect(without)), absent));
    expect(await failureOf((expect) => assert(expect(without), /Hello/))).toContain(
      `\nExpected: { ${field}: /Hello/ }\nReceived: no ${field} in 1 message\n`,
    );
  });

  test.each<[given: string, pattern: unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['42', 42],
    ['an object', { text: 'Hello' }],
  ])('refuses %s, with .not too', async (given, pattern) => {
    const refusal = {
      code: 'ERR_MAILRIG_EXPECTATION',
      message: `${matcher}: the pattern must be a string, a RegExp or an asymmetric matcher, not ${given}.`,
    };
    expect(await errorOf((expect) => assert(expect(message), pattern as Pattern))).toMatchObject(refusal);
    expect(await errorOf((expect) => assert(not(expect(message)), pattern as Pattern))).toMatchObject(refusal);
  });
});

test('a real mail has its texts decoded', async () => {
  await using mail = await startTestSmtp();
  const message = await send(mail, { subject: 'Grüße — 日本', text: 'Grüße\nAnn\n', html: '<p>Grüße</p>' });

  await holds((expect) => expect(message).toHaveSubject('Grüße — 日本'));
  await holds((expect) => expect(message).toHaveText('Grüße\nAnn'));
  await holds((expect) => expect(message).toHaveHtml('<p>Grüße</p>'));
  await holds((expect) => expect(mail).not.toHaveText(/undefined/));
});

test('a real mail that exceeds what is read says so', async () => {
  await using mail = await startTestSmtp({ bounds: { parsedContent: 1000 } });
  const message = await send(mail, { subject: 'Long', text: 'x'.repeat(2000) });

  await holds((expect) => expect(message).toHaveSubject('Long'));
  expect(await failureOf((expect) => expect(message).not.toHaveText(/undefined/))).toMatch(
    /^Received: the message of transaction 1 of session 1 is not parsed: the content has \d+ octets/m,
  );
});

describe('the failure', () => {
  test('of a subject', async () => {
    const message = newMessage({}, {}, { subject: 'Welcome' });
    expect(await failureOf((expect) => expect(message).toHaveSubject('Wellcome'))).toMatchInlineSnapshot(`
      "expect(message).toHaveSubject(pattern)

      Expected: { subject: 'Wellcome' }
      Received: { subject: 'Welcome' }

      First difference: subject
        Expected: 'Wellcome'
        Received: 'Welcome'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('tells what is meant where the string is a part', async () => {
    const message = newMessage({}, {}, { subject: 'Welcome, Ann' });
    expect(await failureOf((expect) => expect(message).toHaveSubject(''))).not.toContain('For a part of it');
    expect(await failureOf((expect) => expect(message).toHaveSubject('Welcome'))).toMatchInlineSnapshot(`
      "expect(message).toHaveSubject(pattern)

      Expected: { subject: 'Welcome' }
      Received: { subject: 'Welcome, Ann' }

      First difference: subject
        Expected: 'Welcome'
        Received: 'Welcome, Ann'
        A string must match whole. For a part of it write a RegExp or expect.stringContaining(…).

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of several messages', async () => {
    const server = newServer([
      newSession({ transactions: [{ content: { text: 'Hello' } }, {}, { content: { text: 'Hi' } }] }),
    ]);
    expect(await failureOf((expect) => expect(server).toHaveText(/Goodbye/))).toMatchInlineSnapshot(`
      "expect(server).toHaveText(pattern)

      Expected: { text: /Goodbye/ }
      Received: nothing like that in 3 messages

      Nearest: the message of transaction 3 of session 1, { text: 'Hi' }
      First difference: text
        Expected: /Goodbye/
        Received: 'Hi'

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  const html = `<html>${'<p>Hello Ann</p>\n'.repeat(12_000)}<a href="https://example.com/">undefined</a>${'<br>'.repeat(1000)}</html>`;
  const newsletter = newMessage({}, {}, { html });

  test('of a long text shows where the string differs first', async () => {
    const expected = html.replace('>undefined<', '>Shop<');
    expect(await failureOf((expect) => expect(newsletter).toHaveHtml(expected))).toMatchInlineSnapshot(`
      "expect(message).toHaveHtml(pattern)

      Expected: { html: '<html><p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hell'... 207852 more characters }
      Received: { html: '… Ann</p>\\n<a href="https://example.com/">undefined</a><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><b'... 3861 more characters }

      First difference: html
        Expected: '… Ann</p>\\n<a href="https://example.com/">Shop</a><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br'... 3856 more characters
        Received: '… Ann</p>\\n<a href="https://example.com/">undefined</a><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><b'... 3861 more characters

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a long text shows where the string is in it', async () => {
    expect(await failureOf((expect) => expect(newsletter).toHaveHtml('undefined'))).toMatchInlineSnapshot(`
      "expect(message).toHaveHtml(pattern)

      Expected: { html: 'undefined' }
      Received: { html: '… Ann</p>\\n<a href="https://example.com/">undefined</a><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><b'... 3861 more characters }

      First difference: html
        Expected: 'undefined'
        Received: '… Ann</p>\\n<a href="https://example.com/">undefined</a><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><b'... 3861 more characters
        A string must match whole. For a part of it write a RegExp or expect.stringContaining(…).

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of a long text that a RegExp does not match shows its beginning', async () => {
    expect(await failureOf((expect) => expect(newsletter).toHaveHtml(/<h1>/))).toMatchInlineSnapshot(`
      "expect(message).toHaveHtml(pattern)

      Expected: { html: /<h1>/ }
      Received: { html: '<html><p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hell'... 207857 more characters }

      First difference: html
        Expected: /<h1>/
        Received: '<html><p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hello Ann</p>\\n<p>Hell'... 207857 more characters

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
  });

  test('of .not shows the place that matches', async () => {
    const unwanted = expect.stringContaining('undefined');
    expect(await failureOf((expect) => expect(newsletter).not.toHaveHtml(/undefined/))).toMatchInlineSnapshot(`
      "expect(message).not.toHaveHtml(pattern)

      Expected: not { html: /undefined/ }
      Received: { html: '… Ann</p>\\n<a href="https://example.com/">undefined</a><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><br><b'... 3861 more characters }

      The end of session 1:
        C: EHLO client.example
        S: 250 localhost
        C: QUIT
        S: 221 2.0.0 Bye
        * closed after QUIT"
    `);
    expect(await failureOf((expect) => expect(newsletter).not.toHaveHtml(unwanted))).toContain('>undefined<');
  });
});
