// What SMTPServer writes to its logger: the dialogue, without credentials.
import type { SessionObserver } from '../server/handler.ts';
import { encodeReply } from '../wire/reply.ts';
import type { SMTPServerLogger, SMTPServerOptions } from './types.ts';

export function loggerOf({ logger = false }: SMTPServerOptions): SMTPServerLogger | undefined {
  if (typeof logger === 'object') return logger;
  return logger ? consoleLogger : undefined;
}

/** Logs one session. */
export function logTo(logger: SMTPServerLogger, sid: string, enhanced: boolean): SessionObserver {
  const fields = { sid };
  return {
    received: (line) => logger.debug(fields, `C: ${line}`),
    replied: (_proposal, replies) => {
      for (const reply of replies) logger.debug(fields, `S: ${encodeReply(reply, enhanced).trimEnd()}`);
    },
    secured: ({ version, cipher }) => logger.info(fields, `TLS established: ${version}, ${cipher.standardName}`),
    handshakeFailed: (failure) => logger.warn(fields, `TLS handshake failed: ${failure.message}`),
    failed: (error) => logger.error(fields, `A handler failed: ${error.message}`),
    discarded: (octets) => logger.warn(fields, `${octets} octets of clear text after STARTTLS thrown away`),
    closed: (by) => logger.info(fields, `Closed by ${by}`),
  };
}

const line =
  (level: string) =>
  (fields: object, text: string): void =>
    console.log(new Date().toISOString(), level, (fields as { readonly sid?: string }).sid ?? '-', text);

const consoleLogger: SMTPServerLogger = {
  debug: line('DEBUG'),
  info: line('INFO'),
  warn: line('WARN'),
  error: line('ERROR'),
};
