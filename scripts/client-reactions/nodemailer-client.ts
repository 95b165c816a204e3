// nodemailer as a client, in its ways to send.
import { readFile } from 'node:fs/promises';
import { createTransport, type NodemailerError, type SMTPTransportOptions } from 'nodemailer';
import { root } from '../workspace.mjs';
import { RECIPIENTS, SENDER, type Client, type Job, type Program, type Told } from './client.ts';

type Options = Pick<SMTPTransportOptions, 'requireTLS'> & { readonly pool?: true };

export function nodemailer(name: string, options: Options = {}): Client {
  return { name, program: NODEMAILER, send: (job) => send(job, options) };
}

async function send({ afterFirst, mail, content, patience }: Job, options: Options): Promise<Told> {
  const limits = { connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience };
  const transport = createTransport({ ...mail.connection, ...limits, ...options });
  try {
    const envelope = { from: SENDER, to: [...RECIPIENTS] };
    const message = { envelope, raw: { path: content } };
    if (afterFirst !== undefined) await transport.sendMail(message);
    if (afterFirst === 'closes') await mail.idle();
    const { accepted, rejectedErrors = [] } = await transport.sendMail(message);
    return { accepted, words: rejectedErrors.map((error) => `${error.recipient} ${describe(error)}`).join(', ') };
  } catch (error) {
    return { accepted: [], words: describe(error as NodemailerError) };
  } finally {
    // Without a pool the connection ends by itself, after QUIT.
    if (options.pool) transport.close();
  }
}

/** What of an error is the same with each version of Node, and whichever of two events comes first. */
function describe({ code = '', originalCode = '', responseCode }: NodemailerError): string {
  if (responseCode !== undefined) return `${code} ${responseCode}`;
  // A reset may be told as an error of the socket, or as its end.
  if (code === 'ECONNECTION' || BROKEN.has(originalCode)) return 'ECONNECTION or ESOCKET';
  return /CERT|SIGNATURE/.test(originalCode) ? `${code} ${originalCode}` : code;
}

const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

export const NODEMAILER: Program = {
  name: 'nodemailer',
  isPinned: true,
  async version() {
    const manifest = await readFile(`${root}node_modules/nodemailer/package.json`, 'utf8');
    return (JSON.parse(manifest) as { readonly version: string }).version;
  },
};
