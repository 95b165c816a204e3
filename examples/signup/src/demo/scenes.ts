// What the demo shows.
import { rejectRecipient } from '@mailrig/fixture';
import { expect } from 'expect';
import type { Scene } from './perform.ts';

const ann = { email: 'ann@example.com', name: 'Ann Müller' };

export const scenes: readonly Scene[] = [
  {
    title: 'Sign-up: the link in the mail verifies the account',
    async play({ mail, signUp, open, check }) {
      await signUp(ann);
      const message = await mail.waitForMessage({ to: ann.email }, { take: false });
      await open(message.link(/verify/));
      await check(() => expect(mail).toReceiveMessage({ subject: /bestätige deine Adresse/ }));
      await check(() => expect(message).toHaveEnvelope({ from: 'signup@example.com', to: ['ann@example.com'] }));
      await check(() => expect(message).toHaveNegotiatedTls({ via: 'starttls', advertised: true }));
      await check(() => expect(message).toHaveAuthAttempt({ username: 'signup', secure: true, accepted: true }));
    },
  },
  {
    title: 'Rejected recipient: the user is told',
    async play({ mail, signUp, check }) {
      mail.inject(rejectRecipient(ann.email, { reply: '550 5.1.1 No such user' }));
      await signUp(ann);
      await check(() => expect(mail).toHaveRecipientOutcome('ann@example.com', 'failed'));
      await check(() => expect(mail).toHaveRecipientOutcome('ann@example.com', '550 5.1.1'));
      await check(() => expect(mail).not.toReceiveMessage());
    },
  },
  {
    title: 'Temporary failure, then success: one mail, not two',
    async play({ mail, signUp, check }) {
      mail.inject({ at: 'rcpt', when: { to: ann.email }, reply: '451 4.7.1 Greylisted', times: 1 });
      await signUp(ann);
      const [first, second] = mail.sessions;
      await check(() => expect(first).toHaveRecipientOutcome('ann@example.com', 'delayed'));
      await check(() => expect(second).toHaveRecipientOutcome('ann@example.com', 'delivered'));
      await check(() => expect(mail.messages).toHaveLength(1));
    },
  },
  {
    title: 'Hidden STARTTLS: not advertised, demanded all the same',
    options: { tls: { mode: 'starttls', starttls: 'hidden' } },
    async play({ mail, signUp, check }) {
      await signUp(ann);
      await check(() => expect(mail).toReceiveMessage({ to: 'ann@example.com' }));
      await check(() => expect(mail).toHaveNegotiatedTls({ via: 'starttls', advertised: false }));
    },
  },
];

/** A matcher that is wrong on purpose. */
export const lesson: Scene = {
  title: 'This is how a failure reads',
  async play({ mail, signUp, check }) {
    mail.inject(rejectRecipient(ann.email, { reply: '550 5.1.1 No such user' }));
    await signUp(ann);
    await check(() => expect(mail).toHaveRecipientOutcome('ann@example.com', 'delivered'));
  },
};
