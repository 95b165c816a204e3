import {
  defineConfig,
  expect as playwrightExpect,
  mergeExpects,
  mergeTests,
  type Locator,
  type Page,
} from '@playwright/test';
import { expectTypeOf } from 'expect-type';
import { describe, test as block } from 'vitest';
import { expect, test } from './index.ts';
import type {
  EnvelopeExpectation,
  Inbox,
  MailExpect,
  MailTest,
  MailWorkerOptions,
  Message,
  Pattern,
  RecordedSession,
  TestSmtp,
} from './index.ts';

declare const mail: TestSmtp;
declare const inbox: Inbox;
declare const session: RecordedSession;
declare const message: Message;
declare const locator: Locator;

describe('expect', () => {
  block('has the matchers', async () => {
    expectTypeOf(expect(inbox).toReceiveMessage({ to: /ann/ }, { within: 500 })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(expect(mail).not.toReceiveMessage()).toEqualTypeOf<Promise<void>>();
    expectTypeOf(expect(message).toHaveEnvelope({ from: null })).toEqualTypeOf<void>();
    expectTypeOf(expect(message).not.toHaveAuthAttempt({ secure: false })).toEqualTypeOf<void>();
    expectTypeOf(expect(message).toHaveText(/Hello/)).toEqualTypeOf<void>();
    expectTypeOf(expect(message).toHaveValidDkim({ publicKey: '' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(expect(session).toHaveTranscript(['C: QUIT', /^S: 221/])).toEqualTypeOf<void>();
    expectTypeOf(expect(mail).toHaveUsedAllFaults()).toEqualTypeOf<void>();
    expectTypeOf(expect(inbox).toHaveUsedAllFaults()).toEqualTypeOf<void>();
    expectTypeOf(expect(inbox).not.toHaveRecipientOutcome(inbox.address, 'failed')).toEqualTypeOf<void>();
    expectTypeOf(expect(mail.messages[0], 'the welcome mail').toHaveSubject('Welcome')).toEqualTypeOf<void>();
    expectTypeOf(expect(mail.sessions.at(-1)).toHaveClosedBy('quit')).toEqualTypeOf<void>();
  });

  block('has them behind its modifiers', async () => {
    expect.soft(message).toHaveNegotiatedTls();
    expect.configure({ timeout: 500 })(message).not.toHaveBlindRecipient();
    await expect.poll(() => mail).toHaveRecipientOutcome('ann@example.com', 'failed');
    await expect.poll(() => mail.messages[0]).toHaveSubject('Welcome');
    expectTypeOf(expect(Promise.resolve(message)).resolves.toHaveEnvelope({ to: /ann/ })).toEqualTypeOf<
      Promise<void>
    >();
  });

  block('keeps what is Playwright’s', async () => {
    expectTypeOf(expect(locator).toHaveText(['Hello', /Ann/], { timeout: 500 })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(expect(locator).not.toBeVisible()).toEqualTypeOf<Promise<void>>();
    expect(1).toBe(1);
    expect({ name: 'Ann' }).toEqual(expect.objectContaining({ name: expect.any(String) }));
    expect([1]).toEqual(expect.not.arrayContaining([2]));
  });

  block('has asymmetric matchers that are patterns', () => {
    expect(message).toHaveSubject(expect.stringContaining('Welcome'));
    expect(message).toHaveAddress('from', expect.not.stringMatching(/shop/), expect.any(String));
    expect(message).toHaveEnvelope({ to: [expect.stringContaining('@example.com')] });
    expectTypeOf(expect.stringMatching(/x/)).toExtend<Pattern>();
  });

  block('has the matchers as asymmetric ones, but for those that wait', () => {
    expect(mail.messages).toEqual([expect.toHaveEnvelope({ to: /ann/ }), expect.not.toHaveText('Hello')]);
    // @ts-expect-error an asymmetric matcher can not wait
    expect(mail).toEqual(expect.toReceiveMessage());
    // @ts-expect-error an asymmetric matcher can not wait
    expect(mail.messages).toEqual([expect.not.toHaveValidDkim({ publicKey: '' })]);
  });

  block('is merged and extended like Playwright’s', () => {
    const toBeLoud = (received: string) => ({ pass: received.endsWith('!'), message: () => 'It is not loud.' });
    const loud = playwrightExpect.extend({ toBeLoud });
    const merged = mergeExpects(loud, expect);
    expectTypeOf(merged(message).toHaveSubject('Welcome')).toEqualTypeOf<void>();
    expectTypeOf(merged('Hello').toBeLoud()).toEqualTypeOf<void>();
    const extended = expect.extend({ toBeLoud });
    expectTypeOf(extended(message).toHaveSubject('Welcome')).toEqualTypeOf<void>();
    expectTypeOf(extended('Hello').toBeLoud()).toEqualTypeOf<void>();
  });
});

describe('wrong use does not compile', () => {
  block('of a matcher', () => {
    // @ts-expect-error there is no such field
    expect(message).toHaveEnvelope({ sender: 'ann@example.com' });
    // @ts-expect-error there is no such field
    expect(message).not.toHaveAuthAttempt({ user: 'ann' });
    // @ts-expect-error misspelt
    expect(message).toHaveAddress('form', 'ann@example.com');
    // @ts-expect-error misspelt
    expect(mail).toHaveRecipientOutcome('ann@example.com', 'deliverd');
    // @ts-expect-error there is no such matcher
    expect(mail).toReceiveMail();
  });

  block('with another subject', () => {
    // @ts-expect-error a message does not receive
    expect(message).toReceiveMessage();
    // @ts-expect-error only a server or an inbox has faults
    expect(session).toHaveUsedAllFaults();
    // @ts-expect-error a locator has no subject
    expect(locator).toHaveSubject('Welcome');
    // @ts-expect-error a list is none: take one of its items
    expect(mail.messages).toHaveSubject('Welcome');
    // @ts-expect-error it has to be awaited first
    expect(Promise.resolve(message)).toHaveSubject('Welcome');
    // @ts-expect-error a text is no mail
    expect('Hello').toHaveText('Hello');
    // @ts-expect-error the text of a mail is one
    expect(message).toHaveText(['Hello']);
  });
});

describe('test', () => {
  block('has the fixtures, beside those of Playwright', () => {
    expectTypeOf(test).toEqualTypeOf<MailTest>();
    expectTypeOf(expect).toEqualTypeOf<MailExpect>();
    test('it', ({ mail, inbox, page, browserName }, testInfo) => {
      expectTypeOf(mail).toEqualTypeOf<TestSmtp>();
      expectTypeOf(inbox).toEqualTypeOf<Inbox>();
      expectTypeOf(page).toEqualTypeOf<Page>();
      expectTypeOf(browserName).toExtend<string>();
      expectTypeOf(testInfo.title).toEqualTypeOf<string>();
    });
    test.beforeAll(({ mail }) => {
      expectTypeOf(mail).toEqualTypeOf<TestSmtp>();
    });
    // @ts-expect-error there is no such fixture
    test('it', ({ mailbox }) => mailbox);
    // @ts-expect-error it is a matter between the fixtures
    test('it', ({ mailServer }) => mailServer);
  });

  block('is extended and merged', () => {
    const appTest = test.extend<{ visitor: string }, { port: number }>({
      port: [async ({ mail }, use) => use(mail.port), { scope: 'worker' }],
      visitor: async ({ inbox }, use) => use(inbox.address),
    });
    const other = mergeTests(test, appTest);
    other('it', ({ mail, visitor, port }) => {
      expectTypeOf(mail).toEqualTypeOf<TestSmtp>();
      expectTypeOf(visitor).toEqualTypeOf<string>();
      expectTypeOf(port).toEqualTypeOf<number>();
    });
    test.extend<object, { late: Inbox }>({
      // @ts-expect-error a worker has no inbox, for that is a test's
      late: [async ({ inbox }, use) => use(inbox), { scope: 'worker' }],
    });
  });

  block('takes options', () => {
    test.use({ mailOptions: { protocol: 'lmtp', tls: 'none' } });
    defineConfig<object, MailWorkerOptions>({ use: { mailOptions: { auth: { required: true } } } });
    // @ts-expect-error misspelt
    test.use({ mailOptions: { protocol: 'smpt' } });
    // @ts-expect-error misspelt
    defineConfig<object, MailWorkerOptions>({ use: { mailOptions: { tls: 'startls' } } });
  });
});

block('the types of the expectations come with the package', () => {
  expectTypeOf<EnvelopeExpectation['from']>().toEqualTypeOf<Pattern | null | undefined>();
});
