// What SMTPServer writes to its logger: the dialogue, without credentials.
import type { SessionObserver } from '../server/handler.ts';
import { encodeReply } from '../wire/reply.ts';
import type { SMTPServerLogger, SMTPServerOptions } from './types.ts';

/** Writes to the logger of the options; what that throws is nobody's business here. */
export function loggerOf({
  component = 'smtp-server',
  logger = false,
}: SMTPServerOptions): SMTPServerLogger | undefined {
  if (logger === false) return undefined;
  const target = logger === true ? consoleLogger : logger;
  const level =
    (name: keyof SMTPServerLogger) =>
    (fields: object, text: string): void => {
      try {
        target[name]({ component, ...fields }, text);
      } catch {
        // A session does not fail for its log.
      }
    };
  return { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
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
