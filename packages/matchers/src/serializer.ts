// The snapshot serializer, in the form that vitest and jest share.
import type {
  Envelope,
  Inbox,
  Message,
  RecordedSession,
  RecordedTransaction,
  TestSmtp,
  Transcript,
} from '@mailrig/fixture';
import { STEADY, steady } from './steady.ts';

/** A plugin of pretty-format, which both runners print snapshots with. */
export interface MailSerializer {
  test(this: void, value: unknown): boolean;
  serialize<Config, Refs>(
    this: void,
    value: unknown,
    config: Config,
    indentation: string,
    depth: number,
    refs: Refs,
    print: (value: unknown, config: Config, indentation: string, depth: number, refs: Refs) => string,
  ): string;
}

/**
 * Prints messages, sessions, transactions, transcripts, servers, inboxes and texts as {@link steady} has them. A Buffer that begins with a
 * header field, as `message.raw` does, is printed as its text.
 *
 * @example
 * ```ts
 * expect.addSnapshotSerializer(mailSerializer);
 * expect(message).toMatchSnapshot();
 * ```
 */
export const mailSerializer: MailSerializer = {
  test: (value) => steadied(value) !== undefined,
  serialize: (value, config, indentation, depth, refs, print) =>
    print(steadied(value), config, indentation, depth, refs),
};

type Printed = Inbox | Message | RecordedSession | RecordedTransaction | TestSmtp;

/** What is printed in its place; `undefined` for what prints as it is. */
function steadied(value: unknown): unknown {
  if (typeof value === 'string') return changed(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if (Buffer.isBuffer(value)) return rawText(value);
  if (isTranscript(value)) return steady(String(value));
  if (!isRecorded(value)) return undefined;
  switch (value.kind) {
    case 'message':
      return describeMessage(value);
    case 'session':
      return describeSession(value);
    case 'transaction':
      return describeTransaction(value);
    case 'server':
    case 'inbox':
      return steady(String(value));
  }
}

function changed(text: string): string | undefined {
  const steadied = steady(text);
  return steadied === text ? undefined : steadied;
}

function rawText(octets: Buffer): string | undefined {
  return HEADER_FIELD.test(octets.toString('latin1', 0, LONGEST_LINE)) ? steady(octets.toString('utf8')) : undefined;
}

// RFC 5322 §2.1.1 and §2.2
const LONGEST_LINE = 1000;
const HEADER_FIELD = /^[!-9;-~]+:[ \t][^\r\n]*\r\n/;

function isTranscript(value: object): value is Transcript {
  const { entries, lines, tail } = value as Partial<Transcript>;
  return Array.isArray(entries) && Array.isArray(lines) && typeof tail === 'function';
}

/** Others have objects with a `kind` too. */
function isRecorded(value: object): value is Printed {
  const { kind } = value as { readonly kind?: unknown };
  return typeof kind === 'string' && SIGNS[kind as Printed['kind']] in value;
}

/** A member that each kind has, and hardly anything else. */
const SIGNS: { readonly [Kind in Printed['kind']]: keyof Extract<Printed, { readonly kind: Kind }> } = {
  message: 'parseProblem',
  session: 'transcript',
  transaction: 'recipientsNotKept',
  server: 'waitForSession',
  inbox: 'waitForSession',
};

function describeMessage(message: Message): object {
  const { envelope, from, to, cc, replyTo, subject, date, messageId, text, html, attachments } = message;
  return {
    envelope: describeEnvelope(envelope),
    from,
    to,
    cc,
    replyTo,
    subject,
    date: date && STEADY.date,
    messageId: messageId && STEADY.messageId,
    text,
    html,
    attachments: attachments.map(({ filename, contentType, content, inline }) => ({
      filename,
      contentType,
      inline,
      size: content.length,
    })),
  };
}

/** Without its times, and the port of its client. */
function describeSession(session: RecordedSession): object {
  const { protocol, clientName, tls, authAttempts, transactions, violations, closedBy, problem, transcript } = session;
  return {
    protocol,
    clientName: clientName && STEADY.client,
    tls: tls && { ...tls },
    authAttempts: authAttempts.map(({ mechanism, username, secure, accepted }) => ({
      mechanism,
      username,
      secure,
      accepted,
    })),
    transactions: transactions.map(describeTransaction),
    violations: violations.map(String),
    closedBy,
    problem,
    transcript: transcript.lines,
  };
}

function describeTransaction({ envelope, recipients, reply }: RecordedTransaction): object {
  return {
    envelope: describeEnvelope(envelope),
    recipients: recipients.map(({ address, outcome, reply }) => ({ address, outcome, reply })),
    reply,
  };
}

function describeEnvelope({ from, to, parameters }: Envelope): object {
  return { from, to, parameters: 'SIZE' in parameters ? { ...parameters, SIZE: STEADY.size } : parameters };
}
