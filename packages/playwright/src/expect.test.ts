// Playwright's `expect` works outside of its runner too: what can be shown of it so is shown here, the rest in `run.test.ts`.
import { stripVTControlCharacters } from 'node:util';
import { startTestSmtp, type Message, type TestSmtp } from '@mailrig/fixture';
import { matchers, type MailMatchers } from '@mailrig/matchers';
import { expectMail } from '@mailrig/matchers/node';
import { expect as playwrightExpect, mergeExpects, type Locator } from '@playwright/test';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expect as mailExpect } from './expect.ts';

let mail: TestSmtp;
let message: Message;
beforeAll(async () => {
  mail = await startTestSmtp();
  mail.inject({ at: 'rset', reply: '451 4.3.0 Later' });
  const transport = createTransport(mail.connection);
  await transport.sendMail({
    from: 'The Shop <shop@example.com>',
    to: 'ann@example.com',
    subject: 'Welcome',
    text: 'Hello Ann\nhttps://shop.example/confirm',
    html: '<h1>Hello Ann</h1>',
  });
  message = await mail.waitForMessage();
  await mail.idle();
});
afterAll(() => mail.stop());

/** What both have of the matchers. */
type Expect = (subject: TestSmtp | Message) => Assertions & { readonly not: Assertions };
type Assertions = MailMatchers<void>;

/** For each matcher an assertion that holds, and one that fails. */
const ASSERTIONS: Record<keyof Assertions, readonly [holds: Assertion, fails: Assertion]> = {
  toHaveAddress: [
    (on) => on(message).toHaveAddress('from', /shop/, mailExpect.stringContaining('Shop')),
    (on) => on(message).toHaveAddress('from', 'shop@example.com', 'Shop'),
  ],
  toHaveAttachment: [(on) => on(message).not.toHaveAttachment(), (on) => on(message).toHaveAttachment('bill.pdf')],
  toHaveAuthAttempt: [
    (on) => on(message).not.toHaveAuthAttempt(),
    (on) => on(mail).toHaveAuthAttempt({ secure: true }),
  ],
  toHaveBlindRecipient: [(on) => on(mail).not.toHaveBlindRecipient(), (on) => on(message).toHaveBlindRecipient(/ann/)],
  toHaveClosedBy: [(on) => on(mail).toHaveClosedBy(/^(quit|client)$/), (on) => on(mail).toHaveClosedBy('timeout')],
  toHaveEnvelope: [
    (on) => on(message).toHaveEnvelope({ to: [mailExpect.stringMatching(/^ann@/)] }),
    (on) => on(message).toHaveEnvelope({ from: mailExpect.not.stringContaining('shop') }),
  ],
  toHaveHeader: [(on) => on(message).toHaveHeader('Date'), (on) => on(message).toHaveHeader('X-Mailer', /./)],
  toHaveHtml: [(on) => on(message).toHaveHtml(/<h1>/), (on) => on(message).toHaveHtml('<h1>')],
  toHaveLink: [(on) => on(message).toHaveLink(/confirm$/), (on) => on(message).not.toHaveLink()],
  toHaveNegotiatedTls: [
    (on) => on(message).toHaveNegotiatedTls({ via: 'starttls' }),
    (on) => on(message).toHaveNegotiatedTls({ version: mailExpect.stringMatching(/SSL/) }),
  ],
  toHaveNoViolations: [
    (on) => on(mail).toHaveNoViolations({ except: ['no-quit'] }),
    (on) => on(mail).not.toHaveNoViolations({ except: ['no-quit'] }),
  ],
  toHaveOneClickUnsubscribe: [
    (on) => on(message).not.toHaveOneClickUnsubscribe(),
    (on) => on(message).toHaveOneClickUnsubscribe(),
  ],
  toHavePart: [
    (on) => on(message).toHavePart({ contentType: 'text/html' }),
    (on) => on(message).toHavePart({ contentType: 'text/calendar' }),
  ],
  toHaveRecipient: [(on) => on(mail).toHaveRecipient(/^ann@/), (on) => on(mail).toHaveRecipient('bob@example.com')],
  toHaveRecipientOutcome: [
    (on) => on(mail).toHaveRecipientOutcome(/ann/, 'delivered'),
    (on) => on(mail).toHaveRecipientOutcome(/ann/, 550),
  ],
  toHaveSentCommand: [(on) => on(mail).toHaveSentCommand('DATA'), (on) => on(mail).toHaveSentCommand('VRFY')],
  toHaveSubject: [
    (on) => on(message).toHaveSubject(mailExpect.any(String)),
    (on) => on(message).toHaveSubject(mailExpect.stringContaining('Goodbye')),
  ],
  toHaveText: [(on) => on(message).toHaveText(/Hello/), (on) => on(message).toHaveText('Hello')],
  toHaveTranscript: [
    (on) => on(mail).toHaveTranscript(['C: STARTTLS']),
    (on) => on(mail).toHaveTranscript(['C: HELP']),
  ],
  toHaveUsedAllFaults: [(on) => on(mail).not.toHaveUsedAllFaults(), (on) => on(mail).toHaveUsedAllFaults()],
  toHaveValidDkim: [
    async (on) => on(message).not.toHaveValidDkim({ publicKey: {} }),
    async (on) => on(message).toHaveValidDkim({ publicKey: {} }),
  ],
  toReceiveMessage: [
    async (on) => on(mail).toReceiveMessage({ subject: mailExpect.stringMatching('come') }, { within: 0 }),
    async (on) => on(mail).toReceiveMessage({ subject: 'Goodbye' }, { within: 0 }),
  ],
};

describe.each(Object.entries(ASSERTIONS))('%s', (_name, [holds, fails]) => {
  test('holds on Playwright’s expect', async () => {
    await holds(onPlaywright);
  });

  test('fails in the words of the other runners', async () => {
    const error = await errorOf(() => fails(onPlaywright));
    const other = await errorOf(() => fails(expectMail));
    expect(error.message).toBe(other.message);
    expect(error.message).toMatch(/^expect\((server|message)\)\./);
  });
});

test('there is no other matcher', () => {
  expect(Object.keys(ASSERTIONS).toSorted()).toEqual(Object.keys(matchers).toSorted());
});

describe('the matchers', () => {
  test('are asymmetric matchers too, but for those that wait', () => {
    mailExpect(mail.messages).toEqual([mailExpect.toHaveSubject('Welcome')]);
    mailExpect(mail.messages).toEqual([mailExpect.toHaveText(/Ann/)]);
    mailExpect(mail.messages).toEqual([mailExpect.not.toHaveBlindRecipient()]);
    expect(() => mailExpect(mail.messages).toEqual([mailExpect.toHaveSubject('Goodbye')])).toThrow(/toHaveSubject/);
  });

  test('stand behind resolves, soft and configure', async () => {
    await mailExpect(Promise.resolve(message)).resolves.toHaveSubject('Welcome');
    const error = await errorOf(() => mailExpect(Promise.resolve(message)).resolves.not.toHaveSubject('Welcome'));
    expect(error.message).toMatch(/^expect\(message\)\.resolves\.not\.toHaveSubject\(pattern\)/);
    mailExpect.soft(message).toHaveSubject('Welcome');
    mailExpect.configure({ timeout: 0 }).soft(message).toHaveText(/Hello/);
  });

  test('are polled', async () => {
    let asked = 0;
    const found = (): Message | undefined => (++asked > 1 ? message : undefined);
    await mailExpect.poll(found, { intervals: [0] }).toHaveSubject('Welcome');
    expect(asked).toBe(2);
  });

  test('stay when expects are merged', () => {
    const shouting = playwrightExpect.extend({
      toBeLoud: (received: string) => ({ pass: received.endsWith('!'), message: () => 'It is not loud.' }),
    });
    const merged = mergeExpects(shouting, mailExpect);
    merged('Hello!').toBeLoud();
    merged(message).toHaveText(/Hello/);
    expect(() => merged(message).toHaveSubject('Goodbye')).toThrow(/toHaveSubject/);
  });

  test('explain a subject that they can not have', () => {
    // @ts-expect-error it has no text of a mail
    expect(() => mailExpect('Hello').toHaveText('Hello')).toThrow(/must be given a message/);
    expect(() => mailExpect(mail.messages[7]).toHaveText('Hello')).toThrow(/not undefined/);
  });
});

describe('toReceiveMessage', () => {
  test('waits as long as Playwright’s expect is told to', async () => {
    const error = await errorOf(() =>
      mailExpect.configure({ timeout: 1 })(mail).toReceiveMessage({ subject: 'Later' }),
    );
    expect(error.message).toMatch(/\nWaited 1 ms for /);
  });

  test('prefers its own limit', async () => {
    const patient = mailExpect.configure({ timeout: 60_000 });
    const error = await errorOf(() => patient(mail).toReceiveMessage({ subject: 'Later' }, { within: 2 }));
    expect(error.message).toMatch(/\nWaited 2 ms for /);
  });

  test('takes a limit that is undefined for none', async () => {
    const hasty = mailExpect.configure({ timeout: 1 });
    const options = { within: undefined } as object;
    const error = await errorOf(() => hasty(mail).toReceiveMessage({ subject: 'Later' }, options));
    expect(error.message).toMatch(/\nWaited 1 ms for /);
  });

  test('has no limit of its own where Playwright’s expect has none', async () => {
    await using server = await startTestSmtp({ tls: 'none' });
    const received = mailExpect.configure({ timeout: 0 })(server).toReceiveMessage();
    await createTransport(server.connection).sendMail({ from: 'shop@example.com', to: 'ann@example.com' });
    await received;
  });

  test('refuses what are no options', async () => {
    // @ts-expect-error it takes an object
    const error = await errorOf(() => mailExpect(mail).toReceiveMessage({}, 500));
    expect(error.message).toMatch(/toReceiveMessage/);
    expect(error.message).not.toMatch(/Waited/);
  });

  test('with .not waits until no session is open', async () => {
    await mailExpect.configure({ timeout: 60_000 })(mail).not.toReceiveMessage({ subject: 'Later' });
  });
});

describe('toHaveText of a locator', () => {
  test('is Playwright’s, and so are its errors', async () => {
    // What is called a Locator, but is none, is refused by Playwright.
    const locator = { allTextContents: () => Promise.resolve([]) } as unknown as Locator;
    const error = await errorOf(() => mailExpect(locator).toHaveText('Hello'));
    expect(error.message).toContain('Locator');
    expect(error.message).not.toContain('must be given a message');
  });
});

type Assertion = (expect: Expect) => void | Promise<void>;

/** As the table needs it: each row has a subject that its matcher takes. */
const onPlaywright = mailExpect as unknown as Expect;

/** What an assertion throws, without colours. */
async function errorOf(assertion: () => void | Promise<void>): Promise<Error> {
  try {
    await assertion();
  } catch (error) {
    return Object.assign(error as Error, { message: stripVTControlCharacters((error as Error).message) });
  }
  throw new Error('The assertion holds.');
}
