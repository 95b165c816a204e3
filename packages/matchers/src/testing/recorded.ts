// Recordings made by hand, of which a test names only what it is about.
import type {
  AuthAttempt,
  Discarded,
  Envelope,
  Inbox,
  Message,
  RecordedRecipient,
  RecordedReply,
  RecordedSession,
  RecordedTransaction,
  TestSmtp,
  TlsFacts,
  Transcript,
  TranscriptEntry,
} from '@mailrig/fixture';
import { newContent, type ContentParts } from './content.ts';

export interface SessionParts extends Partial<Omit<RecordedSession, 'kind' | 'transcript' | 'transactions'>> {
  readonly lines?: readonly string[];
  readonly transactions?: readonly TransactionParts[];
}

interface TransactionParts {
  readonly envelope?: Partial<Envelope>;
  /** Without them those of the envelope, delivered where there is a content, else failed. */
  readonly recipients?: readonly RecordedRecipient[];
  /** What is in its message; `null` where none was accepted. */
  readonly content?: ContentParts | null;
}

/** A session that was closed after QUIT, with an accepted message in each of its transactions. */
export function newSession({ lines = LINES, transactions = [], ...parts }: SessionParts = {}): RecordedSession {
  const recorded: RecordedTransaction[] = [];
  const session: RecordedSession = {
    kind: 'session',
    number: 1,
    protocol: 'smtp',
    remoteAddress: '127.0.0.1',
    remotePort: 50_000,
    clientName: 'client.example',
    transcript: newTranscript(lines),
    tls: null,
    authAttempts: [],
    transactions: recorded,
    violations: [],
    capabilities: [],
    closedBy: 'quit',
    problem: null,
    openedAt: new Date(0),
    closedAt: new Date(1000),
    ...parts,
  };
  recorded.push(...transactions.map((transaction) => newTransaction(session, transaction)));
  return session;
}

/** The only message of a session of its own. */
export function newMessage(
  envelope: Partial<Envelope> = {},
  session: SessionParts = {},
  content: ContentParts = {},
): Message {
  return newSession({ ...session, transactions: [{ envelope, content }] }).transactions[0]!.message!;
}

/** A server with these sessions, of which all is kept and nothing went wrong on purpose, and what a test wants of its waits. */
export function newServer(
  sessions: readonly RecordedSession[],
  parts: Partial<Pick<TestSmtp, 'discarded' | 'faults' | 'idle' | 'waitForMessage'>> = {},
): TestSmtp {
  const messages = sessions.flatMap(({ transactions }) => transactions.flatMap(({ message }) => message ?? []));
  return {
    kind: 'server',
    sessions,
    messages,
    faults: NO_FAULTS,
    discarded: newDiscarded(),
    ...parts,
  } as Partial<TestSmtp> as TestSmtp;
}

/** An inbox of which these sessions are all that concerns it. */
export function newInbox(
  address: string,
  sessions: readonly RecordedSession[],
  parts: Partial<Pick<Inbox, 'discarded' | 'messages'>> = {},
): Inbox {
  return { ...newServer(sessions), kind: 'inbox', address, ...parts } as Partial<Inbox> as Inbox;
}

/** All is kept but this. */
export function newDiscarded(counts: Partial<Discarded> = {}): Discarded {
  return { messages: 0, sessions: 0, transactions: 0, authAttempts: 0, transcriptLines: 0, ...counts };
}

export function newTls(facts: Partial<TlsFacts> = {}): TlsFacts {
  return {
    mode: 'starttls',
    advertised: true,
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    servername: 'localhost',
    clientCertificate: null,
    clientAuthorized: false,
    ...facts,
  };
}

export function newAuthAttempt(facts: Partial<AuthAttempt> = {}): AuthAttempt {
  const accepted = facts.accepted ?? true;
  return {
    mechanism: 'PLAIN',
    username: 'ann',
    secret: 'hunter2',
    secure: true,
    accepted,
    reply: accepted ? newReply('235 2.7.0 Authentication successful') : newReply('535 5.7.8 Authentication failed'),
    ...facts,
  };
}

export function newRecipient(address: string, outcome: RecordedRecipient['outcome'], reply: string): RecordedRecipient {
  return { address, parameters: {}, outcome, reply: newReply(reply) };
}

const NO_FAULTS = Object.assign([], { unused: () => [] });

const LINES = ['C: EHLO client.example', 'S: 250 localhost', 'C: QUIT', 'S: 221 2.0.0 Bye', '* closed after QUIT'];

function newTransaction(
  session: RecordedSession,
  { envelope, recipients, content = {} }: TransactionParts,
): RecordedTransaction {
  const full: Envelope = { from: 'ann@example.com', to: ['bob@example.com'], parameters: {}, ...envelope };
  const reply = newReply(content === null ? '554 5.6.0 Message refused' : '250 2.0.0 Message accepted');
  const outcome = content === null ? 'failed' : 'delivered';
  const transaction = {
    kind: 'transaction' as const,
    session,
    envelope: full,
    recipientsNotKept: 0,
    recipients: recipients ?? full.to.map((address) => ({ address, parameters: {}, outcome, reply })),
    reply,
  };
  const message = content && { kind: 'message' as const, session, envelope: full, ...newContent(content) };
  return Object.assign(transaction, {
    message: message && Object.assign(message as Message, { transaction: transaction as RecordedTransaction }),
  });
}

function newReply(text: string): RecordedReply {
  const [, code, enhanced, line = ''] = /^(\d{3})(?: (\d\.\d+\.\d+))?(?: (.*))?$/.exec(text)!;
  return { code: Number(code), lines: [line], ...(enhanced === undefined ? {} : { enhanced }) };
}

function newTranscript(lines: readonly string[]): Transcript {
  const entries = lines.map((line): TranscriptEntry => {
    const from = line[0] as TranscriptEntry['from'];
    return { from, text: line.slice(from === '*' ? '* '.length : 'C: '.length), at: 0 };
  });
  return { entries, lines, tail: (count) => lines.slice(-count).join('\n') };
}
