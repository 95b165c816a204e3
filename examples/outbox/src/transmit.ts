// One attempt: hands a mail to an SMTP server, and tells what became of each recipient.
import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Where mail goes, and how long the server may say nothing. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly ca: string };
  /** Milliseconds. */
  readonly patience: number;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** With its header section, and CRLF at the ends of its lines. */
  readonly content: string;
}

export interface RecipientOutcome {
  readonly address: string;
  /** `unknown`: all was sent, and the connection broke before there was a reply. The server may have the mail, or not. */
  readonly outcome: 'delivered' | 'delayed' | 'failed' | 'unknown';
  /** Why it was not delivered. */
  readonly reason?: string;
}

export const transmit = async (server: Server, { content, from, to }: Mail): Promise<readonly RecipientOutcome[]> => {
  const { patience, ...address } = server;
  const limits = { connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience };
  const connection = new SMTPConnection({ ...address, ...limits, requireTLS: true });
  const body = Readable.from([Buffer.from(content)]);
  try {
    await open(connection);
    const refusals = await send(connection, { from, to: [...to] }, body);
    const byRecipient = new Map(refusals.map((refusal) => [refusal.recipient, refusal]));
    return to.map((recipient) => outcomeOf(recipient, byRecipient.get(recipient), false));
  } catch (error) {
    return to.map((recipient) => outcomeOf(recipient, error as NodemailerError, body.readableEnded));
  } finally {
    connection.quit();
  }
};

const open = (connection: SMTPConnection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });

/** The recipients that were refused. Rejects where the cause is not one recipient's. */
const send = (
  connection: SMTPConnection,
  envelope: { from: string; to: string[] },
  body: Readable,
): Promise<readonly NodemailerError[]> =>
  new Promise((resolve, reject) => {
    connection.send(envelope, body, (error, sent) => {
      if (error && !error.rejectedErrors) reject(error);
      else resolve((error ?? sent).rejectedErrors ?? []);
    });
  });

const outcomeOf = (address: string, error: NodemailerError | undefined, allSent: boolean): RecipientOutcome => {
  if (!error) return { address, outcome: 'delivered' };
  const reason = error.response ?? error.message;
  if (allSent && error.responseCode === undefined) return { address, outcome: 'unknown', reason };
  // A 5yz reply to anything but the envelope and the data, say STARTTLS, is about the session and not about the mail.
  const isAboutTheMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  return { address, outcome: isAboutTheMail && error.permanent ? 'failed' : 'delayed', reason };
};
