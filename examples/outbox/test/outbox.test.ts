import { sweepFaults, type SweepTable } from '@mailrig/vitest';
import { expect, test } from 'vitest';
import { Outbox, type WhomAgain } from '../src/outbox.ts';
import { everybody, theDelayed } from '../src/whom-again.ts';

const mail = {
  from: 'shop@example.org',
  to: ['ann@example.com', 'bob@example.com'],
  content: 'From: shop@example.org\r\nSubject: Your order\r\n\r\nIt is on its way.\r\n',
};

/** Sends one mail to two recipients through an outbox, with each single fault in turn. */
const sweep = (whomAgain: WhomAgain): Promise<SweepTable> =>
  sweepFaults(
    async ({ connection }) => {
      const outbox = new Outbox({ ...connection, patience: 500 }, { attempts: 3, pause: 5, whomAgain });
      outbox.add(mail);
      const undelivered = await outbox.flush();
      if (undelivered.length > 0) throw new Error(`undelivered: ${JSON.stringify(undelivered)}`);
    },
    { timeout: 5_000 },
  );

test('an outbox that sends to everybody again sends twice', { timeout: 60_000 }, async () => {
  const table = await sweep(everybody);

  expect(String(table)).toMatchInlineSnapshot(`
    "             reply 451     reply 550  reply 421  drop fin   drop rst   stall      acceptThenDrop
    connect      retried       retried    retried    retried    retried    retried    –
    greeting     retried       retried    retried    retried    retried    retried    –
    ehlo         retried       retried    retried    retried    retried    retried    –
    starttls     retried       retried    retried    retried    retried    retried    –
    handshake    –             –          –          retried    retried    retried    –
    ehlo #2      retried       retried    retried    retried    retried    retried    –
    mail         retried       reported   retried    retried    retried    retried    –
    rcpt         duplicated ✗  reported   retried    retried    retried    retried    –
    rcpt #2      duplicated ✗  reported   retried    retried    retried    retried    –
    data         retried       reported   retried    retried    retried    retried    –
    body         –             –          retried    retried    retried    retried    –
    end-of-data  retried       reported   retried    retried    retried    retried    duplicated ✗
    quit         delivered     delivered  delivered  delivered  delivered  delivered  –

    74 faults, of which 3 break the invariant.
    ✗ rcpt, reply 451: duplicated. 'Your order' for bob@example.com was delivered twice.
        Answers RCPT with 451 4.3.0 Try again later, the 1st time, in session 1.
        See cell('rcpt', 'reply 451').transcript
    ✗ rcpt #2, reply 451: duplicated. 'Your order' for ann@example.com was delivered twice.
        Answers RCPT with 451 4.3.0 Try again later, the 2nd time, in session 1.
        See cell('rcpt #2', 'reply 451').transcript
    ✗ end-of-data, acceptThenDrop: duplicated. 'Your order' for ann@example.com was delivered twice. 'Your order' for bob@example.com was delivered twice.
        Accepts the content, but drops the connection by FIN in the place of its reply, the 1st time, in session 1.
        See cell('end-of-data', 'acceptThenDrop').transcript"
  `);
});

test(
  'an outbox that sends to the delayed again never does, and loses nothing in silence',
  { timeout: 60_000 },
  async () => {
    const table = await sweep(theDelayed);

    expect(table.failures).toEqual([]);
    expect(String(table)).toMatchInlineSnapshot(`
    "             reply 451  reply 550  reply 421  drop fin   drop rst   stall      acceptThenDrop
    connect      retried    retried    retried    retried    retried    retried    –
    greeting     retried    retried    retried    retried    retried    retried    –
    ehlo         retried    retried    retried    retried    retried    retried    –
    starttls     retried    retried    retried    retried    retried    retried    –
    handshake    –          –          –          retried    retried    retried    –
    ehlo #2      retried    retried    retried    retried    retried    retried    –
    mail         retried    reported   retried    retried    retried    retried    –
    rcpt         retried    reported   retried    retried    retried    retried    –
    rcpt #2      retried    reported   retried    retried    retried    retried    –
    data         retried    reported   retried    retried    retried    retried    –
    body         –          –          retried    reported   reported   reported   –
    end-of-data  retried    reported   retried    reported   reported   reported   reported
    quit         delivered  delivered  delivered  delivered  delivered  delivered  –

    74 faults, of which none breaks the invariant."
  `);
  },
);
