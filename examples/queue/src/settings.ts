// What the application is told by its environment. Trust in the mail server's certificate is Node's own matter: set
// NODE_EXTRA_CA_CERTS for a private authority.

interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first octet on. Otherwise STARTTLS is demanded. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls?: { readonly ca: string };
}

export interface Settings {
  /** A URL, or the path of a Unix socket. */
  readonly redisUrl: string;
  readonly queueName: string;
  readonly smtp: SmtpSettings;
  readonly from: string;
  /** How often a mail is tried while the server refuses it for now. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; they double before each further one. */
  readonly retryDelay: number;
  /** Milliseconds for which all mails wait when the server can't be reached. */
  readonly outagePause: number;
  /** How many mails a worker has under way at once. */
  readonly concurrency: number;
}

/** @throws Error that names the variable which is missing or not a number. */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => ({
  redisUrl: env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  queueName: env.MAIL_QUEUE ?? 'mail',
  smtp: {
    host: textFrom(env, 'SMTP_HOST'),
    port: numberFrom(env, 'SMTP_PORT', 587),
    secure: env.SMTP_SECURE === 'true',
    ...(env.SMTP_USER !== undefined && { auth: { user: env.SMTP_USER, pass: textFrom(env, 'SMTP_PASS') } }),
  },
  from: env.MAIL_FROM ?? 'Shop <shop@example.com>',
  attempts: numberFrom(env, 'MAIL_ATTEMPTS', 8),
  retryDelay: numberFrom(env, 'MAIL_RETRY_MS', 30_000),
  outagePause: numberFrom(env, 'MAIL_OUTAGE_MS', 60_000),
  concurrency: numberFrom(env, 'MAIL_CONCURRENCY', 5),
});

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
