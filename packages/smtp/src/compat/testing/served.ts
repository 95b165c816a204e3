// Servers of tests: on a port that the system chose, closed with their test.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import type { SendMailOptions, SMTPSentMessageInfo, SMTPTransportOptions } from 'nodemailer';
import { WireClient } from '../../testing/wire-client.ts';
import { builtInCertificate } from '../built-in-certificate.ts';
import { SMTPServer } from '../smtp-server.ts';
import type { SMTPServerOptions } from '../options.ts';

const MAIL: SendMailOptions = { from: 'ann@example.org', to: 'bob@example.org', subject: 'Hello', text: 'Hello Bob' };

export class Served<S extends SMTPServer = SMTPServer> implements AsyncDisposable {
  readonly server: S;
  readonly host = '127.0.0.1';
  readonly port: number;
  /** Trusts the built-in certificate. */
  readonly ca: string = builtInCertificate;

  private constructor(server: S) {
    this.server = server;
    this.port = (server.server.address() as AddressInfo).port;
  }

  static options(options: SMTPServerOptions): Promise<Served> {
    return Served.server(new SMTPServer({ disableReverseLookup: true, ...options }));
  }

  /** @param host `null` for every address of both families. */
  static async server<S extends SMTPServer>(server: S, host: string | null = '127.0.0.1'): Promise<Served<S>> {
    await once(server.listen(0, host ?? undefined), 'listening');
    return new Served(server);
  }

  /** Sends mail as an application does, the server's certificate verified. */
  async send(mail: SendMailOptions = {}, transportOptions: SMTPTransportOptions = {}): Promise<SMTPSentMessageInfo> {
    const { ca, host, port } = this;
    const tls = { ca, servername: 'localhost' };
    const transport = createTransport({ host, port, tls, ...transportOptions });
    try {
      return await transport.sendMail({ ...MAIL, ...mail });
    } finally {
      transport.close();
    }
  }

  /** A client that has read the greeting and the replies to the lines given. */
  async client(...lines: string[]): Promise<WireClient> {
    const client = await WireClient.greeted(this);
    await say(client, ...lines);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { server } = this;
    const closed = new Promise<void>((resolve) => server.close(resolve));
    for (const connection of server.connections) connection.close();
    await closed;
  }
}

/** Sends line by line, and gives the replies. */
export async function say(client: WireClient, ...lines: string[]): Promise<string[]> {
  const replies: string[] = [];
  for (const line of lines) replies.push(await client.ask(line));
  return replies;
}

/** What leads to the body of a message. */
export const ENVELOPE = ['EHLO client.example', 'MAIL FROM:<ann@example.org>', 'RCPT TO:<bob@example.org>'];
