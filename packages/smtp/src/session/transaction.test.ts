import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { ask, askAll, proposalFor, sessionIn } from '../testing/session-steps.ts';
import { NO_PARAMETERS } from '../wire/parameters.ts';
import { reply } from '../wire/reply.ts';
import type { Session } from './session.ts';
import { OpenTransaction } from './transaction.ts';

const noSuchUser = reply(550, '5.1.1', 'No such user');

/** Says RCPT for each of the addresses, and gives the reply codes. */
function invite(session: Session, ...addresses: readonly string[]): number[] {
  return askAll(
    session,
    addresses.map((address) => `RCPT TO:<${address}>`),
  );
}

describe('recipients of a transaction (RFC 5321 §4.5.3.1.10)', () => {
  test('are as many as the policy allows, and those accepted stay accepted', () => {
    const session = sessionIn('rcpt', { maxRecipients: 2 });
    expect(invite(session, 'a@example.com', 'b@example.com', 'c@example.com')).toEqual([250, 250, 452]);
    expect(ask(session, 'RCPT TO:<d@example.com>')).toMatchObject({ code: 452, enhanced: '4.5.3' });
    expect(ask(session, 'DATA').code).toBe(354);
    expect(session.transaction!.recipients).toHaveLength(2);
  });

  test('a mailbox that is named again takes no further place, however it is spelled', () => {
    const session = sessionIn('rcpt', { maxRecipients: 2 });
    expect(invite(session, 'a@example.com', 'postmaster', 'a@EXAMPLE.com', '"a"@example.com', 'POSTMASTER')).toEqual(
      Array(5).fill(250),
    );
    expect(invite(session, 'A@example.com', 'a@example.org')).toEqual([452, 452]);
    // Each earns a reply of its own in LMTP (RFC 2033 §4.2).
    expect(session.transaction!.recipients).toHaveLength(5);
  });

  test('that were refused take none', () => {
    const session = sessionIn('rcpt', { maxRecipients: 1 });
    ask(session, 'RCPT TO:<a@example.com>', noSuchUser);
    expect(invite(session, 'b@example.com', 'a@example.com')).toEqual([250, 452]);
  });

  test.each(['RSET', 'EHLO client.example'])('are counted anew after %s', (line) => {
    const session = sessionIn('rcpt', { maxRecipients: 1 });
    invite(session, 'a@example.com');
    askAll(session, [line, 'MAIL FROM:<>']);
    expect(invite(session, 'b@example.com', 'c@example.com')).toEqual([250, 452]);
  });

  test('may be none at all', () => {
    expect(invite(sessionIn('rcpt', { maxRecipients: 0 }), 'a@example.com')).toEqual([452]);
  });

  test.each([
    ['without a limit of the policy', undefined, 100_000],
    ['that are named again and again', 2, 100_000],
    ['where the policy allows more', 100_001, 100_001],
  ])('are never without end: %s', (_who, maxRecipients, taken) => {
    const session = sessionIn('rcpt', maxRecipients === undefined ? {} : { maxRecipients });
    const again = proposalFor(session, 'RCPT TO:<a@example.com>');
    for (let count = 0; count < taken; count++) session.commit(again, again.reply);
    expect(ask(session, 'RCPT TO:<a@example.com>')).toMatchObject({ code: 452, enhanced: '4.5.3' });
    expect(session.transaction!.recipients).toHaveLength(taken);
  });

  test('are no more than the policy takes, which tells nobody', () => {
    const session = sessionIn('rcpt', { maxRecipientCommands: 2 });
    expect(invite(session, 'a@example.com', 'a@example.com', 'a@example.com')).toEqual([250, 250, 452]);
    expect(ask(session, 'EHLO client.example').lines.filter((line) => line.startsWith('LIMITS'))).toEqual([]);
  });

  test('never cost more than 32 MiB, their parameters included', () => {
    const session = sessionIn('rcpt');
    const command = `RCPT TO:<a@example.com> ORCPT=rfc822;${'x'.repeat(480)}`;
    const again = proposalFor(session, command);
    const octets = 'a@example.com'.length + 'ORCPT'.length + 'rfc822;'.length + 480;
    for (let sum = 0; sum < 32 * 1024 ** 2; sum += octets + 256) session.commit(again, again.reply);
    expect(ask(session, command)).toMatchObject({ code: 452, enhanced: '4.5.3' });
  });

  test('the limit comes after everything else that is wrong', () => {
    const session = sessionIn('data', { maxRecipients: 1 });
    expect(askAll(session, ['RCPT TO:bob', 'RCPT TO:<a@example.com> XYZZY', 'RCPT TO:<a@example.com>'])).toEqual([
      501, 555, 452,
    ]);
  });
});

describe('domains of a session (RFC 9422 §4.3)', () => {
  test('are as many as the policy allows, in any case', () => {
    const session = sessionIn('rcpt', { maxRecipientDomains: 2 });
    expect(invite(session, 'a@one.example', 'b@two.example', 'c@ONE.example', 'a@three.example', 'postmaster')).toEqual(
      [250, 250, 250, 452, 452],
    );
  });

  test('are those of recipients that were accepted', () => {
    const session = sessionIn('rcpt', { maxRecipientDomains: 1 });
    ask(session, 'RCPT TO:<a@one.example>', noSuchUser);
    expect(invite(session, 'b@two.example', 'a@one.example')).toEqual([250, 452]);
  });

  test.each(['RSET', 'EHLO client.example'])('stay the same in the next transaction, after %s', (line) => {
    const session = sessionIn('rcpt', { maxRecipientDomains: 1 });
    invite(session, 'a@one.example');
    askAll(session, [line, 'MAIL FROM:<>']);
    expect(invite(session, 'a@two.example', 'b@one.example')).toEqual([452, 250]);
  });

  test('and those of a message', () => {
    const session = sessionIn('rcpt', { maxRecipientDomains: 1 });
    invite(session, 'a@one.example');
    askAll(session, ['DATA', { body: 1 }, 'MAIL FROM:<>']);
    expect(invite(session, 'a@two.example')).toEqual([452]);
  });

  test('one limit does not stand for the other', () => {
    const both = { maxRecipients: 2, maxRecipientDomains: 1 } as const;
    expect(invite(sessionIn('rcpt', both), 'a@one.example', 'b@one.example', 'c@one.example')).toEqual([250, 250, 452]);
    expect(invite(sessionIn('rcpt', both), 'a@one.example', 'a@two.example', 'b@one.example')).toEqual([250, 452, 250]);
  });
});

describe('transactions of a session (RFC 9422 §4.1)', () => {
  test('are as many MAIL commands as the policy allows, whether they succeed or fail', () => {
    const session = sessionIn('hello', { maxTransactions: 4 });
    expect(ask(session, 'MAIL FROM:<>').code).toBe(503);
    ask(session, 'EHLO client.example');
    expect(ask(session, 'MAIL FROM:ann').code).toBe(501);
    ask(session, 'MAIL FROM:<ann@example.org>', reply(451, '4.7.1', 'Greylisted'));
    expect(askAll(session, ['MAIL FROM:<>', 'RSET', 'MAIL FROM:<>'])).toEqual([250, 250, 452]);
    expect(ask(session, 'MAIL FROM:<>')).toMatchObject({ code: 452, enhanced: '4.5.3' });
  });

  test('a MAIL too many opens none, and the session goes on', () => {
    const session = sessionIn('mail', { maxTransactions: 0 });
    expect(askAll(session, ['MAIL FROM:<>', 'RCPT TO:<postmaster>', 'NOOP', 'QUIT'])).toEqual([452, 503, 250, 221]);
  });
});

test('limits look at each recipient once, and not at all of them for the next', () => {
  const limited = policyWith({ maxRecipients: 1_000, maxRecipientDomains: 1_000 });
  const transaction = new OpenTransaction(null, NO_PARAMETERS, limited, new Set());
  let looks = 0;
  for (let count = 0; count < 100; count++) {
    const forwardPath = { address: `a@${count}.example`, localPart: 'a', domain: `${count}.example` };
    expect(transaction.hasRoomFor(forwardPath, limited)).toBe(true);
    const recipient = {
      parameters: NO_PARAMETERS,
      get forwardPath() {
        looks++;
        return forwardPath;
      },
    };
    transaction.add(recipient);
  }
  expect(transaction.recipients).toHaveLength(100);
  expect(looks).toBeLessThanOrEqual(200);
});
