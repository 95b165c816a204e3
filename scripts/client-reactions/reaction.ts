// One client meets with one fault: what it told its caller, and what the server saw of it.
import {
  startTestSmtp,
  type FaultRule,
  type RecordedSession,
  type TestSmtp,
  type TestSmtpOptions,
} from '../../packages/fixture/src/index.ts';
import { RECIPIENTS, type AfterFirst, type Client, type Told } from './client.ts';

/** What a client meets with: a row of a table. */
export interface Case {
  /** As the head of the row. */
  readonly name: string;
  readonly faults: readonly FaultRule[];
  readonly server?: TestSmtpOptions;
  /** Whether the client waits in vain: it then has little patience. */
  readonly inVain?: true;
  /** As in {@link Job}: then what is told and seen is that of the second mail. */
  readonly afterFirst?: AfterFirst;
  /** Whether what Python or curl makes of it is known to differ from version to version. */
  readonly dependsOnVersion?: true;
}

export interface Reaction extends Told {
  /** How often each recipient was delivered to, in the order of {@link RECIPIENTS}. */
  readonly deliveries: readonly number[];
  /** How many connections it made. */
  readonly connections: number;
  /** Whether it said HELO where EHLO was refused (RFC 5321 §3.2). */
  readonly saidHelo: boolean;
  /** Whether it left without QUIT (RFC 5321 §4.1.1.10), and not because it was sent away. */
  readonly leftWithoutQuit: boolean;
  /** What it showed without TLS, although the server is one of TLS. */
  readonly inClear: readonly ('mail' | 'password')[];
}

/** Milliseconds: for a client that is to wait in vain, and for one that is not. */
const LITTLE_PATIENCE = 500;
const PATIENCE = 8_000;

/**
 * What the client does.
 * @returns `null` where it does not come to the fault at all.
 */
export async function reactionOf(
  client: Client,
  { afterFirst, faults, inVain, server }: Case,
  content: string,
): Promise<Reaction | null> {
  const auth = { users: { ann: 'secret' } };
  await using mail = await startTestSmtp({ auth, ...server, faults });
  const patience = inVain === true ? LITTLE_PATIENCE : PATIENCE;
  const told = await client.send({ mail, content, patience, ...(afterFirst && { afterFirst }) });
  await mail.idle({ timeout: PATIENCE });
  return mail.faults.some(({ hits }) => hits > 0) || faults.length === 0
    ? { ...told, ...seen(mail, afterFirst === undefined ? 0 : 1) }
    : null;
}

/** @param before How many mails are not counted. */
function seen(mail: TestSmtp, before: number): Omit<Reaction, keyof Told> {
  const delivered = mail.messages.flatMap(({ transaction }) =>
    transaction.recipients.filter(({ outcome }) => outcome === 'delivered').map(({ address }) => address),
  );
  const inClear = mail.sessions.filter(({ tls }) => tls === null);
  return {
    deliveries: RECIPIENTS.map((recipient) => delivered.filter((address) => address === recipient).length - before),
    connections: mail.sessions.length,
    saidHelo: mail.sessions.some(saidHelo),
    leftWithoutQuit: mail.sessions.some(({ violations }) => violations.some(({ rule }) => rule === 'no-quit')),
    inClear: [
      ...(inClear.some(({ transactions }) => transactions.length > 0) ? (['mail'] as const) : []),
      ...(inClear.some(({ authAttempts }) => authAttempts.length > 0) ? (['password'] as const) : []),
    ],
  };
}

function saidHelo({ transcript }: RecordedSession): boolean {
  return transcript.entries.some(({ from, text }) => from === 'C' && /^HELO /i.test(text));
}
