// The matchers come by `setupFilesAfterEnv`.
const { describe, expect, test } = require('@jest/globals');
const { useTestSmtp } = require('@mailrig/jest');
const { createTransport } = require('nodemailer');

const mail = useTestSmtp({ tls: 'none' });

test('a mail comes to the server of the file', async () => {
  await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: 'ann@example.com', text: 'Hello' });

  await expect(mail).toReceiveMessage({ to: 'ann@example.com' });
  expect(mail.messages[0]?.raw).toMatchInlineSnapshot(`
"From: shop@example.com
To: ann@example.com
Message-ID: <message-id>
Content-Transfer-Encoding: 7bit
Date: <date>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Hello
"
`);
});

test('the next test finds it as it was', () => {
  expect(mail.sessions).toEqual([]);
  expect(String(mail)).toMatchInlineSnapshot(`"TestSmtp smtp://127.0.0.1:<port>: 0 sessions, 0 messages"`);
  expect(mail).toHaveProperty('protocol', 'smtp');
  expect(() => expect(mail).toEqual({})).toThrow(/\+ TestServer \{/);
});

test('what is not there is a difference', () => {
  const found = { message: mail.messages[0] };
  expect(() => expect(found).toEqual({ message: expect.toHaveSubject('Welcome') })).toThrow(/deep equality/);
});

// It stayed down, and refused the mails of all tests behind one that had failed before its `resume()`.
test('a test may leave it down', () => mail.pause());

test('the next test finds it up', () => createTransport(mail.connection).verify());

describe('a block', () => {
  const lmtp = useTestSmtp({ protocol: 'lmtp' });

  test('has a server of its own', () => {
    expect(lmtp.url).toMatch(/^lmtp:/);
    expect(mail.url).toMatch(/^smtp:/);
  });
});

/** @type {unknown} */
let early;
try {
  early = mail.url;
} catch (error) {
  early = error;
}

test('before it has started it throws', () => {
  expect(early).toMatchObject({ code: 'ERR_MAILRIG_NOT_STARTED' });
});

test('the global expect has the matchers too', () => {
  /** @type {typeof expect} */
  const globalExpect = Reflect.get(globalThis, 'expect');
  expect(() => globalExpect(mail).toHaveClosedBy('quit')).toThrow(/no client has connected/);
});
