// Who calls a field what it is called elsewhere is told its name here, by every matcher that has fields.
import { describe, expect, test } from 'vitest';
import { newMessage, newServer } from './testing/recorded.ts';
import { errorOf, refusalOf, type Expect } from './testing/runners.ts';

/** For callers without types: whatever is given, to the right matcher. */
type Matcher = (claims: ReturnType<Expect>, expected: never) => void | Promise<void>;

const MATCHERS: readonly (readonly [name: string, matcher: Matcher, fields: Readonly<Record<string, string>>])[] = [
  [
    'toHaveEnvelope',
    (claims, expected) => claims.toHaveEnvelope(expected),
    { parameters: 'params', sender: 'from', recipients: 'to' },
  ],
  [
    'toHaveNegotiatedTls',
    (claims, expected) => claims.toHaveNegotiatedTls(expected),
    { mode: 'via', protocol: 'version', sni: 'servername' },
  ],
  [
    'toHaveAuthAttempt',
    (claims, expected) => claims.toHaveAuthAttempt(expected),
    { user: 'username', pass: 'secret', password: 'secret' },
  ],
  [
    'toHavePart',
    (claims, expected) => claims.toHavePart(expected),
    { name: 'filename', type: 'contentType', mimeType: 'contentType', cid: 'contentId' },
  ],
  [
    'toHaveAttachment',
    (claims, expected) => claims.toHaveAttachment(expected),
    { name: 'filename', type: 'contentType', mimeType: 'contentType', cid: 'contentId' },
  ],
  ['toHaveLink', (claims, expected) => claims.toHaveLink(expected), { href: 'url', text: 'label' }],
  [
    'toHaveNoViolations',
    (claims, expected) => claims.toHaveNoViolations(expected),
    { ignore: 'except', level: 'severity' },
  ],
  [
    'toHaveValidDkim',
    (claims, expected) => claims.toHaveValidDkim(expected),
    {
      d: 'domain',
      domainName: 'domain',
      s: 'selector',
      keySelector: 'selector',
      key: 'publicKey',
      privateKey: 'publicKey',
    },
  ],
];

describe.each(MATCHERS)('%s', (name, matcher, fields) => {
  test.each(Object.entries(fields))('calls %s %s', async (misnomer, field) => {
    const error = await errorOf((expect) => matcher(expect(newMessage()), { [misnomer]: 'hunter2' } as never));
    expect(error).toMatchObject({
      code: 'ERR_MAILRIG_EXPECTATION',
      message: expect.stringMatching(
        new RegExp(`^${name}: '${misnomer}' is no field of it: it is called ${field}\\. There are: .*\\b${field}\\b`),
      ),
    });
    expect(error.message).not.toContain('hunter2');
  });
});

test('toReceiveMessage calls timeout within', async () => {
  const error = await errorOf((expect) => expect(newServer([])).toReceiveMessage({}, { timeout: 1 } as never));
  expect(error.message).toBe("toReceiveMessage: 'timeout' is no field of it: it is called within. There are: within.");
});

test.each(['within', 'timeout'])('toReceiveMessage takes %s after the condition', async (option) => {
  const error = await refusalOf(newServer([]), (claims) => claims.toReceiveMessage({ [option]: 500 }));
  expect(error).toMatchObject({
    code: 'ERR_MAILRIG_EXPECTATION',
    message: `toReceiveMessage: '${option}' is no field of a message. How long to wait is said after it: toReceiveMessage({ … }, { within: 500 }).`,
  });
});
