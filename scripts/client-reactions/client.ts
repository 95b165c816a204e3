// What a client is that is told to send a mail: unmodified, with its own time-outs and its own opinion of what came of it.
import type { TestSmtp } from '../../packages/fixture/src/index.ts';

/** Each client sends the same mail, to both of these. */
export const RECIPIENTS: readonly string[] = ['bob@example.org', 'carol@example.org'];
export const SENDER = 'ann@example.org';

/** A mail to be sent. */
export interface Job {
  readonly mail: TestSmtp;
  /** A file with the content. */
  readonly content: string;
  /** Milliseconds that the client waits for a sign of life. */
  readonly patience: number;
  /** Whether it is the second mail of a client, and what the server does to the connection after the first. */
  readonly afterFirst?: AfterFirst;
}

export type AfterFirst = 'closes' | 'stays';

/** What the client told its caller. */
export interface Told {
  /** To whom, as its caller has to believe, the mail is on its way. */
  readonly accepted: readonly string[];
  /** The error's class or code and the reply codes in it; `''` where there is nothing but success. */
  readonly words: string;
}

/** What has to be installed. */
export interface Program {
  readonly name: 'OpenSSL' | 'Postfix' | 'Python' | 'curl' | 'emailjs' | 'msmtp' | 'nodemailer' | 'swaks';
  /** Whether it is the same version everywhere, so that all that it does can be held against the document. */
  readonly isPinned: boolean;
  /** `null` where it is not installed. */
  version(): Promise<string | null>;
}

/** A program, and a way to use it. */
export interface Client {
  /** As a head of a table. */
  readonly name: string;
  readonly program: Program;
  send(job: Job): Promise<Told>;
}
