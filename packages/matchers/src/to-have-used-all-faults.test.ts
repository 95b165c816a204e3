import type { FaultRule } from '@mailrig/fixture';
import { startTestSmtp } from '@mailrig/fixture';
import { createTransport } from 'nodemailer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failureOf, holds } from './testing/runners.ts';

const GREYLISTED: FaultRule = { at: 'rcpt', reply: '451 4.7.1 Greylisted', times: 1 };
const REFUSED: FaultRule = { at: 'data', reply: '554 5.3.0 No' };

/** A server with these faults, to which somebody has tried to send a mail so many times. */
async function serverAfter(attempts: number, faults: readonly FaultRule[]): ReturnType<typeof startTestSmtp> {
  const mail = await startTestSmtp({ tls: 'none', faults });
  onTestFinished(() => mail.stop());
  const message = { from: 'ann@example.org', to: 'bob@example.org', text: 'Hello' };
  for (let attempt = 0; attempt < attempts; attempt++) {
    await createTransport(mail.connection)
      .sendMail(message)
      .catch(() => {});
  }
  await mail.idle();
  return mail;
}

test('holds when each fault has applied as often as it says, or at all', async () => {
  const mail = await serverAfter(2, [GREYLISTED, REFUSED]);
  await holds((expect) => expect(mail).toHaveUsedAllFaults());
  const twice = await serverAfter(1, [{ ...GREYLISTED, times: 2 }]);
  await holds((expect) => expect(twice).not.toHaveUsedAllFaults());
});

describe('the failure', () => {
  test('names the faults that were not used up, and shows the dialogue', async () => {
    const mail = await serverAfter(1, [{ ...GREYLISTED, times: 2 }, REFUSED]);
    expect(await failureOf((expect) => expect(mail).toHaveUsedAllFaults())).toMatchInlineSnapshot(`
      "expect(server).toHaveUsedAllFaults()

      Expected: every fault used up
      Received: 2 faults, 1 not used up

      Not used up:
        Answers RCPT with 451 4.7.1 Greylisted, twice at most. 1 hit.

      Faults that applied:
        Answers RCPT with 451 4.7.1 Greylisted, twice at most. 1 hit.
        Answers DATA with 554 5.3.0 No. 1 hit.

      The end of session 1:
        S: 250 BINARYMIME
        C: MAIL FROM:<ann@example.org>
        S: 250 2.1.0 Sender accepted
        C: RCPT TO:<bob@example.org>
        S: 451 4.7.1 Greylisted
        C: DATA
        S: 554 5.3.0 No
        * closed by client"
    `);
  });

  test('of .not', async () => {
    const mail = await serverAfter(1, [GREYLISTED]);
    const failure = await failureOf((expect) => expect(mail).not.toHaveUsedAllFaults());
    expect(failure).not.toContain('Not used up:');
    expect(failure.split('\n').slice(0, 4)).toEqual([
      'expect(server).not.toHaveUsedAllFaults()',
      '',
      'Expected: a fault that is not used up',
      'Received: 1 fault, all of them used',
    ]);
  });

  test('of a server without a fault, with .not too', async () => {
    const mail = await serverAfter(0, []);
    for (const assertion of [
      () => failureOf((expect) => expect(mail).toHaveUsedAllFaults()),
      () => failureOf((expect) => expect(mail).not.toHaveUsedAllFaults()),
    ]) {
      expect(await assertion()).toMatch(/^Received: no fault: none was injected$/m);
    }
  });

  test('of an inbox without a fault, with .not too', async () => {
    const mail = await serverAfter(1, [GREYLISTED]);
    const inbox = mail.inbox();
    const reason = `\nReceived: no fault: none was injected for ${inbox.address}`;
    expect(await failureOf((expect) => expect(inbox).toHaveUsedAllFaults())).toContain(reason);
    expect(await failureOf((expect) => expect(inbox).not.toHaveUsedAllFaults())).toContain(reason);
  });
});
