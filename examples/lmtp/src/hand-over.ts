// Hands a mail to an LMTP server (RFC 2033) under verified STARTTLS, and tells what became of each recipient.
import type { NodemailerError } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SpooledMail } from './spool.ts';

export interface RecipientOutcome {
  readonly address: string;
  readonly outcome: 'delivered' | 'delayed' | 'failed';
  /** Why it was not delivered. */
  readonly reason?: string;
}

export const handOver = async (
  server: { readonly host: string; readonly port: number },
  { from, recipients }: SpooledMail,
  content: Buffer,
): Promise<readonly RecipientOutcome[]> => {
  const addresses = recipients.map(({ address }) => address);
  // The connection and not createTransport(), which would rewrite the addresses that the refusals are matched by.
  const connection = new SMTPConnection({ ...server, lmtp: true, requireTLS: true });
  try {
    await open(connection);
    const refusals = await send(connection, { from, to: addresses }, content);
    const byRecipient = new Map(refusals.map((refusal) => [refusal.recipient, refusal]));
    return addresses.map((address) => outcomeOf(address, byRecipient.get(address)));
  } catch (error) {
    // One cause for all. A session that breaks between the replies ends here too: who was accepted before it broke
    // gets the mail twice, which is better than never.
    return addresses.map((address) => outcomeOf(address, error as NodemailerError));
  } finally {
    connection.quit();
  }
};

const open = (connection: SMTPConnection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });

/** The refusals: of RCPT, and each recipient's own after the data. Rejects where the cause is not one recipient's. */
const send = (
  connection: SMTPConnection,
  envelope: { from: string; to: string[] },
  content: Buffer,
): Promise<readonly NodemailerError[]> =>
  new Promise((resolve, reject) => {
    connection.send(envelope, content, (error, sent) => {
      if (error && !error.rejectedErrors) reject(error);
      else resolve((error ?? sent).rejectedErrors ?? []);
    });
  });

const outcomeOf = (address: string, refusal: NodemailerError | undefined): RecipientOutcome => {
  if (!refusal) return { address, outcome: 'delivered' };
  // A 5yz reply to anything but the envelope and the data, say STARTTLS, is about the session and not about the mail.
  const isAboutTheMail = refusal.code === 'EENVELOPE' || refusal.code === 'EMESSAGE';
  return {
    address,
    outcome: isAboutTheMail && refusal.permanent ? 'failed' : 'delayed',
    reason: refusal.response ?? refusal.message,
  };
};
