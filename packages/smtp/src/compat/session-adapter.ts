// Between a session and the handlers of an SMTPServer: calls them, and makes replies of what they say.
import { Resolver } from 'node:dns/promises';
import type { Connection } from '../server/connection.ts';
import type { Answer, BodySink, MaybeLater, SessionHandler, SessionObserver } from '../server/handler.ts';
import type { Credentials } from '../session/sasl/mechanism.ts';
import type { Recipient } from '../session/state.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import * as replies from '../wire/replies.ts';
import { authReply, dataReplies, refusalOf } from './answers.ts';
import { outcomeOf, whenKnown, type Outcome } from './callbacks.ts';
import { combineObservers } from './combine-observers.ts';
import { DataStream } from './data-stream.ts';
import { logTo } from './log.ts';
import { addressOf, SessionView, watch } from './session-view.ts';
import type {
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerCallback,
  SMTPServerDataAnswer,
  SMTPServerHandlers,
  SMTPServerLogger,
} from './types.ts';

/** What all sessions of a server share. */
export interface AdapterSettings {
  readonly handlers: SMTPServerHandlers;
  readonly logger: SMTPServerLogger | undefined;
  readonly reverseLookup: boolean;
  /** Octets beyond which a stream is flagged. */
  readonly sizeLimit: number;
  /** Whether a body beyond it is refused, whatever the handler says. */
  readonly rejectOversized: boolean;
  /** The client is known and welcome. */
  readonly connected: (view: SessionView) => void;
  readonly handshakeFailed: (failure: Error) => void;
}

export class SessionAdapter implements SessionHandler {
  readonly observer: SessionObserver;
  readonly #view: SessionView;
  readonly #settings: AdapterSettings;
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(connection: Connection, settings: AdapterSettings) {
    const { enhancedStatusCodes, protocol } = connection.session.policy;
    const { handshakeFailed, logger } = settings;
    this.#settings = settings;
    this.#view = new SessionView(connection, protocol);
    const own: SessionObserver = { ...watch(this.#view, connection), handshakeFailed, closed: () => this.#close() };
    const log = logger && logTo(logger, this.#view.id, enhancedStatusCodes);
    this.observer = log === undefined ? own : combineObservers([log, own]);
  }

  connect(): MaybeLater<Answer> {
    this.#state = 'open';
    if (!this.#settings.reverseLookup) return this.#admit();
    return hostnameOf(this.#view).then((name) => {
      this.#view.clientHostname = name;
      return this.#admit();
    });
  }

  auth(credentials: Credentials): MaybeLater<Answer> {
    const asked = this.#ask<SMTPServerAuthenticationResponse>('onAuth', describeCredentials(credentials));
    return whenKnown(asked, (outcome) => {
      if (outcome.kind === 'accepted' && outcome.value?.user) this.#view.user = outcome.value.user;
      return authReply(credentials.mechanism, outcome);
    });
  }

  mail(reversePath: ReversePath, parameters: Parameters): MaybeLater<Answer> {
    const asked = this.#ask('onMailFrom', addressOf(reversePath, parameters));
    return whenKnown(asked, (outcome) => refusalOf('onMailFrom', outcome));
  }

  rcpt(forwardPath: Mailbox, parameters: Parameters): MaybeLater<Answer> {
    const asked = this.#ask('onRcptTo', addressOf(forwardPath, parameters));
    return whenKnown(asked, (outcome) => refusalOf('onRcptTo', outcome));
  }

  body(resume: () => void): BodySink {
    const { rejectOversized, sizeLimit } = this.#settings;
    const stream = new DataStream(sizeLimit, resume);
    const asked = this.#ask<SMTPServerDataAnswer>('onData', stream);
    // A handler that answers before it has read everything wants no more of it: the rest is drained.
    void whenKnown(asked, () => stream.drain());
    return {
      write: (piece) => stream.feed(piece),
      end: (recipients: readonly Recipient[]) => {
        stream.finish();
        return whenKnown(asked, (outcome) => {
          if (rejectOversized && stream.sizeExceeded) return replies.tooLarge;
          return dataReplies(outcome, this.#view.envelope.rcptTo, recipients);
        });
      },
      abort: () => stream.abort(),
    };
  }

  #admit(): MaybeLater<Answer> {
    // It may have left while its name was looked up.
    if (this.#state === 'closed') return undefined;
    return whenKnown(this.#ask('onConnect'), (outcome) => {
      const refusal = refusalOf('onConnect', outcome);
      if (refusal === undefined && this.#state === 'open') this.#settings.connected(this.#view);
      return refusal;
    });
  }

  #close(): void {
    // A session begins with its greeting: one whose handshake failed is none.
    const begun = this.#state === 'open';
    this.#state = 'closed';
    if (!begun) return;
    const { handlers } = this.#settings;
    // A stream that is destroyed says so in the next tick, and onClose comes after everything else.
    nextTick(() => void outcomeOf(() => handlers.onClose(this.#view), true, this.#report));
  }

  #ask<T>(name: Exclude<keyof SMTPServerHandlers, 'onClose'>, ...subject: unknown[]): MaybeLater<Outcome<T>> {
    const { handlers } = this.#settings;
    const args = [...subject, this.#view];
    // Looked up at each call: handlers may be assigned and overridden at any time.
    const handler = handlers[name] as (...args: unknown[]) => unknown;
    const call = (callback: SMTPServerCallback<T>): unknown => handler.apply(handlers, [...args, callback]);
    return outcomeOf(call, handler.length > args.length, this.#report);
  }

  readonly #report = (error: unknown): void => {
    this.observer.failed?.(error instanceof Error ? error : new Error(String(error)));
  };
}

// Taken at import: the runner's fake timers would keep the call for ever.
const nextTick = process.nextTick.bind(process);

/** A greeting waits for no slow name server. */
const LOOKUP = { timeout: 1_000, tries: 1 } as const;

async function hostnameOf({ remoteAddress, clientHostname }: SessionView): Promise<string> {
  try {
    const [name] = await new Resolver(LOOKUP).reverse(remoteAddress);
    return name ?? clientHostname;
  } catch {
    return clientHostname;
  }
}

function describeCredentials({ mechanism, secret, username }: Credentials): SMTPServerAuthentication {
  return mechanism === 'XOAUTH2'
    ? { method: mechanism, username, accessToken: secret }
    : { method: mechanism, username, password: secret };
}
