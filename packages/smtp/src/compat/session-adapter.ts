// Between a session and the handlers of an SMTPServer: calls them, and makes replies of what they say.
import { reverse } from 'node:dns/promises';
import type { Connection } from '../server/connection.ts';
import type { Answer, BodySink, SessionHandler, SessionObserver } from '../server/handler.ts';
import type { Credentials } from '../session/sasl/mechanism.ts';
import type { Recipient } from '../session/state.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import { authReply, dataReplies, errorReply } from './answers.ts';
import { answerOf } from './callbacks.ts';
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

export interface AdapterSettings {
  readonly handlers: SMTPServerHandlers;
  readonly logger: SMTPServerLogger | undefined;
  readonly reverseLookup: boolean;
  /** Octets from which a stream is flagged. */
  readonly sizeLimit: number;
  /** The client is known and welcome. */
  readonly connected: (view: SessionView) => void;
}

export class SessionAdapter implements SessionHandler {
  readonly view: SessionView;
  readonly observer: SessionObserver;
  readonly #settings: AdapterSettings;
  readonly #lmtp: boolean;

  constructor(connection: Connection, settings: AdapterSettings) {
    const { protocol } = connection.session.policy;
    this.view = new SessionView(connection, protocol);
    const { enhancedStatusCodes } = connection.session.policy;
    this.observer = combineObservers([
      watch(this.view, connection),
      ...(settings.logger === undefined ? [] : [logTo(settings.logger, this.view.id, enhancedStatusCodes)]),
      { closed: () => settings.handlers.onClose(this.view) },
    ]);
    this.#settings = settings;
    this.#lmtp = protocol === 'lmtp';
  }

  async connect(): Promise<Answer> {
    if (this.#settings.reverseLookup) this.view.clientHostname = await hostnameOf(this.view);
    const refusal = await this.#refusal('onConnect', [], 554);
    if (refusal === undefined) this.#settings.connected(this.view);
    return refusal;
  }

  async auth(credentials: Credentials): Promise<Answer> {
    try {
      const args = [describeCredentials(credentials), this.view];
      const answer = (await this.#call<SMTPServerAuthenticationResponse>('onAuth', args)) ?? {};
      if (answer.user) this.view.user = answer.user;
      return authReply(answer);
    } catch (error) {
      return errorReply(error, 535);
    }
  }

  mail(reversePath: ReversePath, parameters: Parameters): Promise<Answer> {
    return this.#refusal('onMailFrom', [addressOf(reversePath, parameters)], 550);
  }

  rcpt(forwardPath: Mailbox, parameters: Parameters): Promise<Answer> {
    return this.#refusal('onRcptTo', [addressOf(forwardPath, parameters)], 550);
  }

  body(resume: () => void): BodySink {
    const stream = new DataStream(this.#settings.sizeLimit, resume);
    const answered = this.#call<SMTPServerDataAnswer>('onData', [stream, this.view]).then(
      (answer) => dataReplies(answer, this.#lmtp),
      (error: unknown) => errorReply(error, 450),
    );
    // A handler that answers before it has read everything wants no more of it: the rest is drained.
    void answered.then(() => stream.resume());
    return {
      write: (piece) => stream.feed(piece),
      end: (_recipients: readonly Recipient[]) => {
        stream.finish();
        return answered;
      },
      abort: () => stream.destroy(),
    };
  }

  async #refusal(
    name: 'onConnect' | 'onMailFrom' | 'onRcptTo',
    args: readonly unknown[],
    code: number,
  ): Promise<Answer> {
    try {
      await this.#call(name, [...args, this.view]);
      return undefined;
    } catch (error) {
      return errorReply(error, code);
    }
  }

  #call<T>(name: keyof SMTPServerHandlers, args: readonly unknown[]): Promise<T | undefined> {
    const { handlers } = this.#settings;
    // Looked up at each call: handlers may be assigned and overridden at any time.
    const handler = handlers[name] as (...args: unknown[]) => T | PromiseLike<T> | void;
    const bound = (callback: SMTPServerCallback<T>): T | PromiseLike<T> | void =>
      handler.apply(handlers, [...args, callback]);
    return answerOf(bound, handler.length > args.length);
  }
}

async function hostnameOf({ remoteAddress, clientHostname }: SessionView): Promise<string> {
  try {
    const [name] = await reverse(remoteAddress);
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
