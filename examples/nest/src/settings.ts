// What the application is told by its environment. Trust in the mail server's certificate is Node's own matter: set
// NODE_EXTRA_CA_CERTS for a private authority.

/** What the settings are injected by. */
export const SETTINGS = Symbol('settings');

interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first octet on. Otherwise STARTTLS is demanded. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls?: { readonly ca: string };
}

export interface Settings {
  readonly port: number;
  /** Where users reach the application: what the links in its mails begin with. */
  readonly publicUrl: string;
  readonly smtp: SmtpSettings;
  readonly from: string;
  /** How often a mail is tried while the server refuses it for now, or can't be reached. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; they double before each further one. */
  readonly retryDelay: number;
}

/** @throws Error that names the variable which is missing or not a number. */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const port = numberFrom(env, 'PORT', 3000);
  return {
    port,
    publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    smtp: {
      host: textFrom(env, 'SMTP_HOST'),
      port: numberFrom(env, 'SMTP_PORT', 587),
      secure: env.SMTP_SECURE === 'true',
      ...(env.SMTP_USER !== undefined && { auth: { user: env.SMTP_USER, pass: textFrom(env, 'SMTP_PASS') } }),
    },
    from: env.MAIL_FROM ?? 'The team <team@example.com>',
    attempts: numberFrom(env, 'MAIL_ATTEMPTS', 6),
    retryDelay: numberFrom(env, 'MAIL_RETRY_MS', 60_000),
  };
};

const textFrom = (env: NodeJS.ProcessEnv, name: string): string => {
  const text = env[name];
  if (text === undefined) throw new Error(`Set ${name}.`);
  return text;
};

const numberFrom = (env: NodeJS.ProcessEnv, name: string, fallback: number): number => {
  const text = env[name] ?? String(fallback);
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a number, not '${text}'.`);
  return Number(text);
};
