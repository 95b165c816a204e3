// Two tests at once, each in a worker of its own.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import { expect, test } from '../../index.ts';

test.describe.configure({ mode: 'parallel' });

for (const name of ['one', 'other']) {
  test(`of tests at once the ${name} has a server of its own`, async ({ mail }) => {
    await createTransport(mail.connection).sendMail({ from: 'shop@example.com', to: `${name}@example.com` });
    await otherHasSent();
    expect(mail.messages).toEqual([expect.toHaveRecipient(`${name}@example.com`)]);
  });
}

/** By the meeting of `run.test.ts`, which ends when both have come. */
async function otherHasSent(): Promise<void> {
  await once(connect(Number(process.env['MEETING_PORT'])).resume(), 'close');
}
