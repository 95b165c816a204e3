import { expect, test } from 'vitest';
import { ask, sessionIn } from '../../testing/session-steps.ts';
import type { SessionPolicy } from '../policy.ts';
import { limits } from './limits.ts';

function line(changes: Partial<SessionPolicy>): string | undefined {
  return ask(sessionIn('hello', { extensions: [limits], ...changes }), 'EHLO client.example').lines[1];
}

// RFC 9422 §3, §4
test.each<[Partial<SessionPolicy>, string | undefined]>([
  [{}, undefined],
  [{ maxTransactions: 20 }, 'LIMITS MAILMAX=20'],
  [{ maxRecipients: 100, maxRecipientDomains: 1 }, 'LIMITS RCPTMAX=100 RCPTDOMAINMAX=1'],
  [{ maxTransactions: 1, maxRecipients: 2, maxRecipientDomains: 3 }, 'LIMITS MAILMAX=1 RCPTMAX=2 RCPTDOMAINMAX=3'],
  [{ maxRecipients: 999_999 }, 'LIMITS RCPTMAX=999999'],
])('%o is told as %s', (changes, expected) => {
  expect(line(changes)).toBe(expected);
});

// RFC 9422 §4: %x31-39 0*5DIGIT
test.each([0, -1, 1.5, 1_000_000, 1e21, Number.POSITIVE_INFINITY, Number.NaN])(
  '%d can not be told',
  (maxRecipients) => {
    expect(line({ maxRecipients })).toBeUndefined();
    expect(line({ maxRecipients, maxTransactions: 2 })).toBe('LIMITS MAILMAX=2');
  },
);
