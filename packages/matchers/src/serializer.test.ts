import { startTestSmtp } from '@mailrig/fixture';
import { expect, test } from 'vitest';
import { mailSerializer } from './serializer.ts';
import { send } from './testing/sent.ts';

expect.addSnapshotSerializer(mailSerializer);

test('what was recorded prints without what a run makes up', async () => {
  await using mail = await startTestSmtp();
  const inbox = mail.inbox('ann');
  const message = await send(mail, { to: inbox.address, subject: 'Welcome', text: 'Hello', attachments: [attachment] });
  await mail.idle();

  expect(message).toMatchSnapshot('message');
  expect(message.raw).toMatchSnapshot('raw message');
  expect(message.session).toMatchSnapshot('session');
  expect(message.session.transcript).toMatchSnapshot('transcript');
  expect({ inbox, mail, url: mail.url, link: `http://localhost:${mail.port}/verify` }).toMatchSnapshot(
    'within an object',
  );
});

test('a message without a date or an identifier has none', async () => {
  await using mail = await startTestSmtp();
  const message = await send(mail, { raw: 'Subject: Welcome\r\n\r\nHello' });

  expect(message).toMatchSnapshot();
});

test('the size that a client declares is none of its own doing', async () => {
  await using mail = await startTestSmtp();
  const envelope = { from: 'shop@example.com', to: 'ann@example.com', size: 842 };
  const { transaction } = await send(mail, { envelope, text: 'Hello' });

  expect(transaction.envelope.parameters).toEqual({ SIZE: '842' });
  expect(transaction).toMatchSnapshot();
});

test('a session in clear text has no TLS', async () => {
  await using mail = await startTestSmtp({ tls: 'none' });
  const { session } = await send(mail, { text: 'Hello' });

  expect(mailSerializer.serialize(session, {}, '', 0, [], (value) => JSON.stringify(value))).toContain('"tls":null');
});

test.each([
  ['text'],
  [Buffer.from([0, 1, 2])],
  [Buffer.from('text')],
  [null],
  [{ kind: 'other' }],
  [{ kind: 'message', text: 'Hello' }],
  [{ lines: [] }],
  [{ entries: [], lines: [] }],
  [{ entries: [], tail: String }],
  [{ lines: [], tail: String }],
  [{ kind: Object.create(null) as object }],
  [{ kind: 'toString' }],
])('%j is left to others', (value) => {
  expect(mailSerializer.test(value)).toBe(false);
});

const attachment = { filename: 'a.txt', content: 'a' };
