// What the matchers have in common, as a table: each with a call, and a session of which it holds.
import { generateKeyPairSync } from 'node:crypto';
import type { RecordedSession } from '@mailrig/fixture';
import type { MailMatchers } from '../index.ts';
import { signed } from './dkim-signer.ts';
import type { ContentParts } from './content.ts';
import { newAuthAttempt, newRecipient, newSession, newTls, type SessionParts } from './recorded.ts';

export type Claims = MailMatchers<void>;

/** Matchers that look at sessions, or at what is in them. */
export type RecordedMatcher = Exclude<keyof Claims, 'toHaveUsedAllFaults' | 'toReceiveMessage'>;

export interface MatcherCase {
  /** What it looks at: the contents of messages, or their header section, transactions or sessions. */
  readonly about: 'content' | 'header' | 'session' | 'transaction';
  readonly call: (claims: Claims) => void | Promise<void>;
  /** A session of which the call holds; if it is about transactions or messages, of the second alone. */
  readonly found: RecordedSession;
  /** One of which it does not. @defaultValue one with two transactions like all others */
  readonly missed?: RecordedSession;
  /** Whether it asks that there be nothing, so that one thing is enough to deny it. */
  readonly isAbsence?: true;
}

/** The only recipient of a transaction that has no others. */
export const RECIPIENT = 'bob@example.com';

const dkim = generateKeyPairSync('ed25519');

/** Two transactions: one like all others, and one that is what the test is about. */
const newFound = (second: NonNullable<SessionParts['transactions']>[number]): RecordedSession =>
  newSession({ number: 2, transactions: [{}, second] });

const newMarked = (parts: SessionParts): RecordedSession => newSession({ number: 2, transactions: [{}, {}], ...parts });

export const MATCHER_CASES: Readonly<Record<RecordedMatcher, MatcherCase>> = {
  toHaveAddress: {
    about: 'header',
    call: (claims) => claims.toHaveAddress('cc', 'carol@example.com'),
    found: newFound({ content: { addresses: { cc: [{ name: '', address: 'carol@example.com' }] } } }),
  },
  toHaveAttachment: {
    about: 'content',
    call: (claims) => claims.toHaveAttachment(/\.pdf$/),
    found: newFound({ content: { attachments: [{ filename: 'invoice.pdf' }] } }),
  },
  toHaveAuthAttempt: {
    about: 'session',
    call: (claims) => claims.toHaveAuthAttempt({ username: 'carol' }),
    found: newMarked({ authAttempts: [newAuthAttempt({ username: 'carol' })] }),
    missed: newMarked({ authAttempts: [newAuthAttempt()] }),
  },
  toHaveBlindRecipient: {
    about: 'header',
    call: (claims) => claims.toHaveBlindRecipient('carol@example.com'),
    found: newFound({ envelope: { to: [RECIPIENT, 'carol@example.com'] } }),
  },
  toHaveClosedBy: {
    about: 'session',
    call: (claims) => claims.toHaveClosedBy('timeout'),
    found: newMarked({ closedBy: 'timeout' }),
  },
  toHaveEnvelope: {
    about: 'transaction',
    call: (claims) => claims.toHaveEnvelope({ from: null }),
    found: newFound({ envelope: { from: null } }),
  },
  toHaveHeader: {
    about: 'header',
    call: (claims) => claims.toHaveHeader('X-Tag', 'welcome'),
    found: newFound({ content: { fields: { 'x-tag': ['welcome'] } } }),
  },
  toHaveHtml: {
    about: 'content',
    call: (claims) => claims.toHaveHtml(/Welcome/),
    found: newFound({ content: { html: '<h1>Welcome' } }),
  },
  toHaveLink: {
    about: 'content',
    call: (claims) => claims.toHaveLink({ label: 'Help' }),
    found: newFound({ content: { links: [{ url: 'https://shop.example/', label: 'Help' }] } }),
  },
  toHaveNegotiatedTls: {
    about: 'session',
    call: (claims) => claims.toHaveNegotiatedTls({ version: 'TLSv1.2' }),
    found: newMarked({ tls: newTls({ version: 'TLSv1.2' }) }),
    missed: newMarked({ tls: newTls() }),
  },
  toHaveNoViolations: {
    about: 'session',
    isAbsence: true,
    call: (claims) => claims.toHaveNoViolations({ except: ['no-quit'] }),
    found: newMarked({}),
    missed: newMarked({
      violations: [
        {
          rule: 'trailing-space',
          severity: 'should',
          section: 'RFC 5321 §4.1.1',
          text: 'the client broke trailing-space',
          entry: { from: 'C', text: 'NOOP ', at: 0 },
          count: 1,
        },
      ],
    }),
  },
  toHaveOneClickUnsubscribe: {
    about: 'header',
    call: (claims) => claims.toHaveOneClickUnsubscribe(),
    found: newFound({
      content: {
        fields: {
          'list-unsubscribe': ['<https://shop.example/unsubscribe>'],
          'list-unsubscribe-post': ['List-Unsubscribe=One-Click'],
        },
      },
    }),
  },
  toHavePart: {
    about: 'content',
    call: (claims) => claims.toHavePart({ contentType: 'text/calendar' }),
    found: newFound({ content: { parts: [{ contentType: 'text/calendar' }] } }),
  },
  toHaveRecipient: {
    about: 'transaction',
    call: (claims) => claims.toHaveRecipient('carol@example.com'),
    found: newFound({ envelope: { to: [RECIPIENT, 'carol@example.com'] } }),
  },
  toHaveRecipientOutcome: {
    about: 'transaction',
    call: (claims) => claims.toHaveRecipientOutcome(RECIPIENT, 'delayed'),
    found: newFound({ recipients: [newRecipient(RECIPIENT, 'delayed', '452 4.2.2 Mailbox full')] }),
  },
  toHaveSentCommand: {
    about: 'session',
    call: (claims) => claims.toHaveSentCommand('RSET'),
    found: newMarked({ lines: ['C: RSET', 'S: 250 2.0.0 OK', '* closed by client'] }),
  },
  toHaveSubject: {
    about: 'header',
    call: (claims) => claims.toHaveSubject(/Welcome/),
    found: newFound({ content: { subject: 'Welcome' } }),
  },
  toHaveText: {
    about: 'content',
    call: (claims) => claims.toHaveText(/Welcome/),
    found: newFound({ content: { text: 'Welcome' } }),
  },
  toHaveTranscript: {
    about: 'session',
    call: (claims) => claims.toHaveTranscript(['C: RSET']),
    found: newMarked({ lines: ['C: RSET', 'S: 250 2.0.0 OK', '* closed by client'] }),
  },
  toHaveValidDkim: {
    about: 'header',
    call: (claims) => claims.toHaveValidDkim({ publicKey: dkim.publicKey }),
    found: newFound({ content: newSigned() }),
  },
};

function newSigned(): ContentParts {
  const raw = signed('From: shop@shop.example\r\n\r\nHello\r\n', { key: dkim.privateKey, fields: ['from'] });
  const [, value] = /^DKIM-Signature: (.*)\r\n/.exec(raw)!;
  return { raw: Buffer.from(raw), fields: { 'dkim-signature': [value!] } };
}
