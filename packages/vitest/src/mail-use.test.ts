import { createTransport } from 'nodemailer';
import { expect, onTestFinished, test } from 'vitest';
import { MailUse } from './mail-use.ts';
import { SharedServer } from './shared-server.ts';

test('sessions from before a test are none of its own', async () => {
  const shared = newShared();
  const first = await enter(shared);
  await send(first, 'ann@example.com');

  const second = await enter(shared);
  await send(second, 'bob@example.com');

  expect(recipientsOf(first)).toEqual(['ann@example.com', 'bob@example.com']);
  expect(recipientsOf(second)).toEqual(['bob@example.com']);
});

test('of several tests at once each has the sessions that named its inbox', async () => {
  const shared = newShared();
  const first = await enter(shared);
  const second = await enter(shared);
  const { address } = first.open('first');
  await send(first, address);
  await send(second, second.open('second').address);

  expect(recipientsOf(first)).toEqual([address]);
});

test('a test that is alone has them all, for a mail may have gone elsewhere', async () => {
  const use = await enter(newShared());
  const { address } = use.open('inbox');
  await send(use, address);
  await send(use, 'eve@example.com');

  expect(recipientsOf(use)).toEqual([address, 'eve@example.com']);
});

test('its inbox is named after the test', async () => {
  const use = await enter(newShared());
  expect(use.open('A mail, to ANN!').address).toMatch(/^a-mail-to-ann\./);
});

function newShared(): SharedServer {
  const shared = new SharedServer({ tls: 'none' });
  onTestFinished(() => shared.stop());
  return shared;
}

async function enter(shared: SharedServer): Promise<MailUse> {
  return new MailUse(await shared.enter(), shared);
}

async function send({ server }: MailUse, to: string): Promise<void> {
  await createTransport(server.connection).sendMail({ from: 'shop@example.com', to, text: 'Hello' });
}

function recipientsOf({ sessions }: MailUse): readonly string[] {
  return sessions.flatMap(({ transactions }) => transactions.flatMap(({ envelope }) => envelope.to));
}
