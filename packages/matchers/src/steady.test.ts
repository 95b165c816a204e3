import { startTestSmtp } from '@mailrig/fixture';
import { expect, test } from 'vitest';
import { STEADY, steady } from './steady.ts';
import { send } from './testing/sent.ts';

test.each([
  ['a message identifier', 'Message-ID: <4711@shop.example>', 'Message-ID: <message-id>'],
  [
    'those it refers to',
    'References: <1@shop.example>\r\n <2@shop.example>',
    'References: <message-id>\r\n <message-id>',
  ],
  ['a date', 'Date: Tue, 24 Nov 2026 13:27:48 +0000', 'Date: <date>'],
  ['a date with a comment, folded', 'Date:\r\n 4 Nov 2026 13:27:48 GMT (UTC)\r\nTo: x', 'Date:\r\n <date>\r\nTo: x'],
  ["an inbox's address", 'To: Ann <sign-up.3f2a9c01-12@inbox.test>', 'To: Ann <sign-up@inbox.test>'],
  ['a loopback port', 'http://localhost:49152/ smtp://[::1]:49152', 'http://localhost:<port>/ smtp://[::1]:<port>'],
  ['the port of a client', 'Session 1 (SMTP) from 127.0.0.1 port 42778', 'Session 1 (SMTP) from 127.0.0.1 port <port>'],
  [
    'the name of a client',
    'C: EHLO build-7\nS: 250-localhost greets build-7',
    'C: EHLO <client>\nS: 250-localhost greets <client>',
  ],
  // Those of clients that write in lower case once came back as they were.
  [
    'the name and the size of a client that writes in lower case',
    'C: ehlo build-7\nC: mail FROM:<> size=842\nC: bdat 86 last',
    'C: ehlo <client>\nC: mail FROM:<> size=<size>\nC: bdat <size> last',
  ],
  [
    'a size',
    'C: MAIL FROM:<> SIZE=842\nC: BDAT 86 LAST\n* 842 octets of content',
    'C: MAIL FROM:<> SIZE=<size>\nC: BDAT <size> LAST\n* <size> octets of content',
  ],
])('%s is steadied, and stays so', (_, text, steadied) => {
  expect(steady(text)).toBe(steadied);
  expect(steady(steadied)).toBe(steadied);
});

test.each([
  'Date: tomorrow',
  'see <a@b.example>',
  'localhost',
  'ann.3f2a9c01-1@example.com',
  'EHLO is a verb',
  'shop.example:25',
  'Hello\n--\nAnn',
])('%j is left as it is', (text) => {
  expect(steady(text)).toBe(text);
});

test('boundaries are named in their order, where they stand as boundaries', () => {
  const text = [
    'Content-Type: multipart/mixed; boundary="part.1"',
    '',
    '--part.1',
    'Content-Type: multipart/alternative;',
    ' boundary=part.10',
    '',
    '--part.10',
    'see part.1 of the manual, or --part.1 of it',
    '--part.10--',
    '--part.1--',
  ];
  expect(steady(text.join('\r\n')).split('\r\n')).toEqual([
    'Content-Type: multipart/mixed; boundary="boundary-1"',
    '',
    '--boundary-1',
    'Content-Type: multipart/alternative;',
    ' boundary=boundary-2',
    '',
    '--boundary-2',
    'see part.1 of the manual, or --part.1 of it',
    '--boundary-2--',
    '--boundary-1--',
  ]);
});

test('two runs of the same mail are the same text', async () => {
  const [one, other] = await Promise.all([record(), record()]);

  expect(one.raw).not.toBe(other.raw);
  expect(steady(one.raw)).toBe(steady(other.raw));
  expect(steady(one.raw)).toContain(STEADY.messageId);
  expect(steady(one.transcript)).toBe(steady(other.transcript));
  expect(steady(one.url)).toBe('smtp://127.0.0.1:<port>');
});

async function record(): Promise<{ raw: string; transcript: string; url: string }> {
  await using mail = await startTestSmtp();
  const { raw, session } = await send(mail, {
    to: mail.inbox('ann').address,
    text: 'Hello',
    html: '<b>Hello</b>',
    attachments: [{ filename: 'a.txt', content: 'a' }],
  });
  return { raw: raw.toString(), transcript: String(session.transcript), url: mail.url };
}
