// What the application is told by its environment. Trust in the mail server's certificate is Node's own matter: set
// NODE_EXTRA_CA_CERTS for a private authority.

/** How mail is submitted. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
  readonly from: string;
  /** How often a mail is tried while the server answers with 4xx. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; they double before each further one. */
  readonly retryDelay: number;
}

export interface Settings {
  readonly port: number;
  /** Where users reach the application: what the links in its mails begin with. */
  readonly publicUrl: string;
  readonly mail: MailSettings;
}

/** @throws Error that names the variable which is missing or not a number. */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const port = numberFrom(env, 'PORT', '3000');
  return {
    port,
    publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    mail: {
      host: textFrom(env, 'SMTP_HOST'),
      port: numberFrom(env, 'SMTP_PORT', '587'),
      credentials: env.SMTP_USER === undefined ? undefined : { user: env.SMTP_USER, pass: textFrom(env, 'SMTP_PASS') },
      from: env.MAIL_FROM ?? 'Anmeldung <signup@example.com>',
      attempts: numberFrom(env, 'MAIL_ATTEMPTS', '3'),
      retryDelay: numberFrom(env, 'MAIL_RETRY_MS', '1000'),
    },
  };
};

const textFrom = (env: NodeJS.ProcessEnv, name: string, fallback?: string): string => {
  const text = env[name] ?? fallback;
  if (text === undefined) throw new Error(`Set ${name}.`);
  return text;
};

const numberFrom = (env: NodeJS.ProcessEnv, name: string, fallback: string): number => {
  const text = textFrom(env, name, fallback);
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a number, not '${text}'.`);
  return Number(text);
};
