import { rejectRecipient } from '@mailrig/vitest';
import { expect } from 'vitest';
import { enqueue } from '../src/mail-queue.ts';
import { readSettings } from '../src/settings.ts';
import { queueTest as test } from './queue-test.ts';

const receipt = { to: 'ann@example.com', subject: 'Receipt 1001', text: 'Thank you. You paid 20 €.' };

test('a queued mail is sent, over verified TLS', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost();

  await outcome(await enqueue(queue, 'receipt-1001', receipt));

  const message = await mail.waitForMessage({ to: 'ann@example.com', subject: 'Receipt 1001' });
  expect(message).toHaveText('Thank you. You paid 20 €.');
  expect(message).toHaveHeader('message-id', '<receipt-1001@shop.example.com>');
  expect(message).toHaveNegotiatedTls({ via: 'starttls', version: 'TLSv1.3' });
});

test('a mail is sent under TLS although STARTTLS is not listed', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost();
  mail.inject({ at: 'ehlo', when: { secure: false }, reply: '250 localhost' });

  await outcome(await enqueue(queue, 'receipt-1001', receipt));

  expect(await mail.waitForMessage()).toHaveNegotiatedTls({ via: 'starttls', advertised: false });
});

test('a mail that is queued twice is sent once', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost();

  await outcome(await enqueue(queue, 'receipt-1001', receipt));
  await outcome(await enqueue(queue, 'receipt-1001', receipt));
  await outcome(await enqueue(queue, 'receipt-1002', { ...receipt, subject: 'Receipt 1002' }));

  expect(mail.messages.map(({ subject }) => subject)).toEqual(['Receipt 1001', 'Receipt 1002']);
});

test('a mail that is greylisted twice is delivered at the third attempt, once', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost();
  const greylist = mail.inject({ at: 'rcpt', reply: '451 4.7.1 Greylisted', times: 2 });

  await outcome(await enqueue(queue, 'receipt-1001', receipt));

  expect(greylist.hits).toBe(2);
  expect(await queue.getJob('receipt-1001')).toMatchObject({ attemptsMade: 3 });
  expect(mail.sessions).toEqual([
    expect.toHaveRecipientOutcome('ann@example.com', 'delayed'),
    expect.toHaveRecipientOutcome('ann@example.com', 'delayed'),
    expect.toHaveRecipientOutcome('ann@example.com', 'delivered'),
  ]);
  expect(mail.messages).toHaveLength(1);
});

test('a mail that is refused for now too often fails', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost({ attempts: 2 });
  const full = mail.inject({ at: 'end-of-data', reply: '452 4.3.1 Insufficient system storage' });

  await expect(outcome(await enqueue(queue, 'receipt-1001', receipt))).rejects.toThrow('452 4.3.1');

  expect(full.hits).toBe(2);
});

test('a mail that is refused for good fails at once', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost();
  const unknown = mail.inject(rejectRecipient('ann@example.com', { reply: '550 5.1.1 No such user' }));

  await expect(outcome(await enqueue(queue, 'receipt-1001', receipt))).rejects.toThrow('550 5.1.1 No such user');

  expect(unknown.hits).toBe(1);
  expect(await queue.getJob('receipt-1001')).toMatchObject({ attemptsMade: 1 });
  expect(mail.messages).toEqual([]);
});

test('a mail whose reply is lost is sent twice, and both copies have the same Message-ID', async ({
  mail,
  openPost,
}) => {
  const { queue, outcome } = await openPost();
  mail.inject({ at: 'end-of-data', acceptThenDrop: true, times: 1 });

  await outcome(await enqueue(queue, 'receipt-1001', receipt));

  expect(mail.messages.map(({ messageId }) => messageId)).toEqual([
    '<receipt-1001@shop.example.com>',
    '<receipt-1001@shop.example.com>',
  ]);
});

test('a mail waits while the server is down, and loses no attempt by it', async ({ mail, openPost }) => {
  const { queue, outcome, putBack } = await openPost({ attempts: 1 });
  await mail.pause();

  const waits = putBack();
  const job = await enqueue(queue, 'receipt-1001', receipt);
  await waits;
  await mail.resume();
  await outcome(job);

  expect(mail.messages).toHaveLength(1);
  expect(await queue.getJob('receipt-1001')).toMatchObject({ attemptsMade: 1 });
});

test('a mail waits while nobody may log in', async ({ mail, openPost }) => {
  const { queue, outcome, putBack } = await openPost({
    attempts: 1,
    smtp: { ...mail.connection, auth: { user: 'shop', pass: 'secret' } },
  });
  const closed = mail.inject({ at: 'auth', reply: '535 5.7.8 Authentication credentials invalid' });

  const waits = putBack();
  const job = await enqueue(queue, 'receipt-1001', receipt);
  await waits;
  closed.remove();
  await outcome(job);

  expect(mail.messages).toHaveLength(1);
});

test('a server that is out of order is not tried with each mail, by any worker', async ({ mail, openPost }) => {
  const auth = { user: 'shop', pass: 'secret' };
  const { queue, putBack, startWorker } = await openPost({
    outagePause: 3_600_000,
    smtp: { ...mail.connection, auth },
  });
  const closed = mail.inject({ at: 'auth', reply: '454 4.7.0 Temporary authentication failure' });

  const waits = putBack();
  await enqueue(queue, 'receipt-1001', receipt);
  await enqueue(queue, 'receipt-1002', receipt);
  await waits;
  await startWorker();
  // Time enough for another try: a mail of a queue that needs no login is sent meanwhile.
  const other = await openPost();
  await other.outcome(await enqueue(other.queue, 'receipt-1003', receipt));

  // By the first mail, and by the question whether it was its fault.
  expect(closed.hits).toBe(2);
  expect(await queue.getWaitingCount()).toBe(2);
});

test('a mail that breaks each connection does not hold up those behind it', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost({ retryDelay: 3_600_000 });
  mail.inject({ at: 'end-of-data', when: { to: 'poison@example.com' }, drop: 'rst' });

  const poison = await enqueue(queue, 'receipt-1001', { ...receipt, to: 'poison@example.com' });
  const others = await Promise.all(
    ['bob', 'cid', 'dan'].map((name) => enqueue(queue, `receipt-${name}`, { ...receipt, to: `${name}@example.com` })),
  );
  await Promise.all(others.map(outcome));

  expect(await poison.getState()).toBe('delayed');
  expect(mail.messages.map(({ envelope }) => envelope.to)).toEqual([
    ['bob@example.com'],
    ['cid@example.com'],
    ['dan@example.com'],
  ]);
});

test('a mail that breaks each connection fails in the end', async ({ mail, openPost }) => {
  const { queue, outcome } = await openPost();
  const poison = mail.inject({ at: 'end-of-data', drop: 'rst' });

  await expect(outcome(await enqueue(queue, 'receipt-1001', receipt))).rejects.toThrow('ECONNRESET');

  expect(poison.hits).toBe(3);
  expect(mail.messages).toEqual([]);
});

for (const { who, workers, concurrency } of [
  { who: 'two workers', workers: 2, concurrency: 1 },
  { who: 'a worker with room for two mails', workers: 1, concurrency: 2 },
]) {
  test(`${who} sends two at the same time, and each mail once`, async ({ mail, openPost }) => {
    const { queue, outcome, startWorker } = await openPost({ concurrency });
    for (let started = 1; started < workers; started++) await startWorker();
    const slow = mail.inject({ at: 'end-of-data', delay: 60_000, times: 2 });
    const names = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];

    const jobs = await Promise.all(
      names.map((name) => enqueue(queue, `receipt-${name}`, { ...receipt, to: `${name}@example.com` })),
    );
    // Whoever sends one after the other never comes to the second delay.
    await slow.waitForHits(2);
    mail.clock.advance(60_000);
    await Promise.all(jobs.map(outcome));

    expect(mail.messages.flatMap(({ envelope }) => envelope.to).sort()).toEqual(
      names.map((name) => `${name}@example.com`),
    );
  });
}

test('the mail server is found by the environment', ({ mail }) => {
  expect(mail.connection).toMatchObject(readSettings(mail.env()).smtp);
});
