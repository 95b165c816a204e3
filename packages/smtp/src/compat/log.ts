// What SMTPServer writes to its logger: the dialogue, without credentials.
import { format } from 'node:util';
import type { SessionObserver } from '../server/handler.ts';
import { isLater } from '../server/is-later.ts';
import { redactReply } from '../session/redaction.ts';
import { encodeReply } from '../wire/reply.ts';
import type { SMTPServerLogger, SMTPServerOptions } from './options.ts';
import type { SMTPServerSession } from './types.ts';

/** A logger that has every level. */
export type Log = Required<SMTPServerLogger>;

/** Further values are for the places that the text has for them, as in `util.format`. */
type Write = Log['info'];

/** Writes to the logger of the options; what that throws is nobody's business here. */
export function loggerOf({ component = 'smtp-server', logger }: SMTPServerOptions): Log | undefined {
  if (!logger) return undefined;
  const target: Partial<Log> = logger === true ? consoleLogger : logger;
  return everyLevel((name) => (fields, text, ...values) => {
    try {
      const written: unknown = target[name]?.({ component, ...fields }, text, ...values);
      if (isLater(written)) written.then(undefined, ignore);
    } catch {
      // A session does not fail for its log.
    }
  });
}

function everyLevel(writeOf: (name: keyof Log) => Write): Log {
  return {
    trace: writeOf('trace'),
    debug: writeOf('debug'),
    info: writeOf('info'),
    warn: writeOf('warn'),
    error: writeOf('error'),
    fatal: writeOf('fatal'),
  };
}

const ignore = (): void => {};

/** For a server without a log: subclasses may write to it all the same. */
export const noLog: Log = everyLevel(() => ignore);

const warnings = new Set<string>();

/** On the console, once in a process: suites start a server for each test. */
export function warnOnce(text: string): void {
  if (warnings.has(text)) return;
  warnings.add(text);
  console.warn(`Warning: ${text}`);
}

/** Logs one session, which begins now. Its address is looked at anew each time: a proxy may yet name another. */
export function logTo(logger: Log, session: Pick<SMTPServerSession, 'id' | 'remoteAddress'>): SessionObserver {
  const fields = (tnx: Topic, more: object = {}): object => ({ sid: session.id, cid: session.id, tnx, ...more });
  const client = (): object => ({ host: session.remoteAddress });
  // A client on a Unix socket has no address.
  const connection = (): string => `Connection from ${session.remoteAddress || 'a local socket'}`;
  logger.info(fields('connection', client()), connection());
  return {
    received: (line) => logger.debug(fields('command'), `C: ${line}`),
    replied: ({ step }, replies) => {
      for (const reply of replies) {
        logger.debug(fields('send'), `S: ${encodeReply(redactReply(step, reply)).trimEnd()}`);
      }
    },
    secured: ({ version, cipher }) => logger.info(fields('tls'), `TLS established: ${version}, ${cipher.standardName}`),
    handshakeFailed: (failure) => logger.warn(fields('tls'), `TLS handshake failed: ${failure.message}`),
    failed: (error) => logger.error(fields('error'), `A handler failed: ${error.message}`),
    discarded: (octets) => logger.warn(fields('tls'), `${octets} octets of clear text after STARTTLS thrown away`),
    closed: (by) => logger.info(fields('close', client()), `${connection()} closed by ${by}`),
  };
}

/** What an entry is about, by the words that smtp-server has for it: there is much that filters by them. */
type Topic = 'connection' | 'command' | 'send' | 'tls' | 'error' | 'close';

const consoleLogger: Log = everyLevel((level) => (fields, text, ...values) => {
  const { sid, cid }: { readonly sid?: unknown; readonly cid?: unknown } = fields;
  console.log(new Date().toISOString(), level.toUpperCase(), sid ?? cid ?? '-', format(text, ...values));
});
