// LIMITS, RFC 9422: the limits of the policy, told in advance.
import type { Extension } from '../extension.ts';
import type { SessionPolicy } from '../policy.ts';

export const limits: Extension = {
  keyword: 'LIMITS',
  offer({ policy }) {
    const told = LIMITS.flatMap(([name, valueOf]) => {
      const value = valueOf(policy);
      return value !== undefined && isTellable(value) ? [`${name}=${value}`] : [];
    });
    return told.length === 0 ? undefined : `LIMITS ${told.join(' ')}`;
  },
};

// RFC 9422 §4: %x31-39 0*5DIGIT
function isTellable(value: number): boolean {
  return /^[1-9]\d{0,5}$/.test(String(value));
}

// RFC 9422 §4.1 to .3
const LIMITS: readonly (readonly [name: string, valueOf: (policy: SessionPolicy) => number | undefined])[] = [
  ['MAILMAX', ({ maxTransactions }) => maxTransactions],
  ['RCPTMAX', ({ maxRecipients }) => maxRecipients],
  ['RCPTDOMAINMAX', ({ maxRecipientDomains }) => maxRecipientDomains],
];
