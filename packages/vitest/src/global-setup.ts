// One server for a whole run, for an application that is started before the tests. It runs in vitest's main process.
import { startTestSmtp, type ConnectionOptions, type TestSmtpOptions } from '@mailrig/fixture';

/** Where the run's server is: `inject('mail')` in a test. */
export interface ProvidedMail {
  readonly host: string;
  readonly port: number;
  /** For example `smtp://127.0.0.1:49152`. */
  readonly url: string;
  /** The certificate authority in PEM; `undefined` without TLS. */
  readonly ca: string | undefined;
  /** Fits `nodemailer.createTransport`. */
  readonly connection: ConnectionOptions;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** By the global setup of `@mailrig/vitest/global-setup`. */
    mail: ProvidedMail;
  }
}

/** What vitest hands to a global setup, as far as it is needed here. */
export interface Provider {
  provide(key: 'mail', value: ProvidedMail): void;
}

/** A function of the form that vitest's `globalSetup` takes; what it resolves to tears down. */
export type MailSetup = (project: Provider) => Promise<() => Promise<void>>;

/**
 * A global setup: starts a server, provides its address as `mail`, and sets the variables of `mail.env()`, which workers and
 * child processes inherit. In the end it stops the server and restores the environment.
 *
 * @param options Those of `startTestSmtp`, and the `prefix` of the variables.
 * @example
 * ```ts
 * // test/mail.setup.ts, named in `globalSetup` of the configuration
 * export const setup = mailSetup({ auth: { users: { shop: 'secret' } }, prefix: 'MAIL_' });
 * ```
 */
export function mailSetup(options: MailSetupOptions = {}): MailSetup {
  const { prefix, ...serverOptions } = options;
  return async (project) => {
    const mail = await startTestSmtp(serverOptions);
    const { host, port, url, ca, connection } = mail;
    project.provide('mail', { host, port, url, ca, connection });
    const restore = setVariables(mail.env(prefix === undefined ? {} : { prefix }));
    return async () => {
      restore();
      await mail.stop();
    };
  };
}

export interface MailSetupOptions extends TestSmtpOptions {
  /** What the names of the variables begin with. @defaultValue 'SMTP_' */
  readonly prefix?: string;
}

/** {@link mailSetup} with its defaults, so that the module itself is one. */
export const setup: MailSetup = mailSetup();

/** Returns what brings the earlier values back. */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const earlier = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of earlier) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
