// Between a session and the handlers of an SMTPServer: calls them, and makes replies of what they say.
import { asError } from '../server/as-error.ts';
import type { Connection } from '../server/connection.ts';
import type { Answer, BodySink, MaybeLater, SessionHandler, SessionObserver, Transfer } from '../server/handler.ts';
import { whenKnown } from '../server/is-later.ts';
import type { TlsSession } from '../server/tls.ts';
import type { HelloProposal, Proposal } from '../session/proposal.ts';
import type { ProxyAttributes } from '../session/proxy-attributes.ts';
import type { Credentials } from '../session/sasl/mechanism.ts';
import type { Recipient } from '../session/state.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Mailbox, ReversePath } from '../wire/path.ts';
import * as replies from '../wire/replies.ts';
import type { Reply } from '../wire/reply.ts';
import { authReply, dataReplies, refusalOf, vouchedReply } from './answers.ts';
import { describeCredentials, describeLogin } from './authentication.ts';
import { outcomeOf, type Outcome } from './callbacks.ts';
import { combineObservers } from './combine-observers.ts';
import { DataStream } from './data-stream.ts';
import { addressOf, RecipientPlaces, recipientOf } from './envelope.ts';
import { hostNameOr, lookUpName } from './host-name.ts';
import { logTo, type Log } from './log.ts';
import type { SMTPServerResolver } from './options.ts';
import type { SessionView } from './session-view.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerCallback,
  SMTPServerDataAnswer,
  SMTPServerHandlers,
} from './types.ts';
import { takesCallback } from './takes-callback.ts';
import { ViewKeeper } from './view-keeper.ts';

/** What all sessions of a server share. */
export interface AdapterSettings {
  readonly handlers: SMTPServerHandlers;
  readonly logger: Log | undefined;
  /** `false` for no reverse lookup. */
  readonly resolver: SMTPServerResolver | undefined | false;
  /** First line of the reply to EHLO, by the client's host name. */
  readonly helloText: (clientHostname: string) => string;
  /** Octets beyond which a stream is flagged. */
  readonly sizeLimit: number;
  /** Whether a body beyond it is refused, whatever the handler says. */
  readonly rejectOversized: boolean;
  /** Whether the parameters of RFC 3461 are told apart. */
  readonly withDsn: boolean;
  /** Handlers that accept whatever they are asked about, and so need not be asked. */
  readonly accepting: ReadonlySet<unknown>;
  /** Whether proxies may name their clients, so that who has connected is not known from the beginning. */
  readonly behindProxy: boolean;
}

/** What a session tells its server. */
export interface AdapterEvents {
  /** The client is known and welcome. */
  connected(session: SessionView): void;
  handshakeFailed(failure: Error, session: SessionView): void;
  /** A handler threw, rejected, or answered twice. */
  failed(error: Error): void;
  /** The connection is gone. */
  closed(session: SessionView): void;
}

export class SessionAdapter implements SessionHandler {
  readonly observer: SessionObserver;
  readonly #connection: Connection;
  readonly #view: SessionView;
  readonly #settings: AdapterSettings;
  readonly #events: AdapterEvents;
  readonly #places = new RecipientPlaces();
  readonly #keeper: ViewKeeper;
  #state: 'new' | 'open' | 'closed' = 'new';
  #announced = false;

  constructor(connection: Connection, view: SessionView, settings: AdapterSettings, events: AdapterEvents) {
    this.#connection = connection;
    this.#view = view;
    this.#settings = settings;
    this.#events = events;
    this.#keeper = new ViewKeeper(view, connection.session, this.#places, this);
    const own = new ViewObserver(view, this.#keeper, events, this);
    const log = settings.logger && logTo(settings.logger, view);
    this.observer = log === undefined ? own : combineObservers([log, own]);
  }

  connect(): MaybeLater<Answer> {
    this.#state = 'open';
    const { resolver } = this.#settings;
    if (resolver === false) return this.#admit();
    const { remoteAddress } = this.#view;
    return lookUpName(remoteAddress, resolver).then((name) => {
      this.#view.clientHostname = hostNameOr(name, remoteAddress);
      return this.#admit();
    });
  }

  secured(): MaybeLater<Answer> {
    return whenKnown(this.#ask('onSecure', this.#connection.socket), (outcome) => {
      const refusal = refusalOf('onSecure', outcome);
      if (refusal === undefined) this.#welcome();
      return refusal;
    });
  }

  hello({ reply }: HelloProposal): Answer {
    const [, ...capabilities] = reply.lines;
    return { ...reply, lines: [this.#settings.helloText(this.#view.clientHostname), ...capabilities] };
  }

  auth(credentials: Credentials): MaybeLater<Answer> {
    const asked = this.#askWho(describeCredentials(credentials));
    return whenKnown(asked, (outcome) => authReply(credentials.mechanism, outcome));
  }

  xclient(attributes: ProxyAttributes): MaybeLater<Answer> {
    const username = attributes.get('LOGIN');
    if (username === undefined || username === null) return undefined;
    return whenKnown(this.#askWho(describeLogin(username)), vouchedReply);
  }

  mail(reversePath: ReversePath, parameters: Parameters): MaybeLater<Answer> {
    const address = addressOf(reversePath, parameters);
    this.#view.envelope = this.#view.newEnvelope(parameters);
    this.#places.clear();
    return this.#askAbout('onMailFrom', address);
  }

  rcpt(forwardPath: Mailbox, parameters: Parameters): MaybeLater<Answer> {
    return this.#askAbout('onRcptTo', recipientOf(forwardPath, parameters, this.#settings.withDsn));
  }

  body(resume: () => void, transfer: Transfer): BodySink {
    const { rejectOversized, sizeLimit } = this.#settings;
    const { envelope } = this.#view;
    const stream = new DataStream({ limit: sizeLimit, transfer, envelope, resume });
    const asked = this.#ask<SMTPServerDataAnswer>('onData', stream);
    // What nobody reads on after the answer is drained.
    void whenKnown(asked, ({ kind }) => stream.drain(kind !== 'accepted'));
    return {
      write: (piece, dotted) => stream.feed(piece, dotted),
      end: (recipients: readonly Recipient[]) => {
        stream.finish();
        return whenKnown(asked, (outcome) => {
          if (rejectOversized && stream.sizeExceeded) return replies.tooLarge;
          return dataReplies(outcome, recipients, (path) => this.#places.placeOf(path));
        });
      },
      abort: () => stream.abort(),
    };
  }

  /** It is known who the client is: the server is told once who has connected. */
  clientKnown(): void {
    if (this.#announced || this.#state !== 'open') return;
    this.#announced = true;
    this.#events.connected(this.#view);
  }

  /** A proxy vouches for a user. */
  vouched(username: string): void {
    this.#connection.authenticate(username);
  }

  /** The connection is gone. */
  closed(): void {
    // A session begins with its greeting: one whose handshake failed is none.
    const begun = this.#state === 'open';
    this.#state = 'closed';
    this.#events.closed(this.#view);
    if (!begun) return;
    const { handlers } = this.#settings;
    const call = (callback: SMTPServerCallback): unknown => handlers.onClose(this.#view, callback);
    // A stream that is destroyed says so in the next tick, and onClose comes after everything else.
    nextTick(() => void outcomeOf(call, true, (error) => this.#report(error)));
  }

  #admit(): MaybeLater<Answer> {
    // It may have left while its name was looked up.
    if (this.#state === 'closed') return undefined;
    return whenKnown(this.#ask('onConnect'), (outcome) => {
      const refusal = refusalOf('onConnect', outcome);
      // Under TLS it is still to be asked about the handshake.
      if (refusal === undefined && !this.#connection.session.secure) this.#welcome();
      return refusal;
    });
  }

  /** Nobody has anything against the client. Behind a proxy it is not known yet who that is. */
  #welcome(): void {
    if (!this.#settings.behindProxy) this.clientKnown();
  }

  #askWho(authentication: SMTPServerAuthentication): MaybeLater<Outcome<SMTPServerAuthenticationResponse>> {
    const asked = this.#ask<SMTPServerAuthenticationResponse>('onAuth', authentication);
    return whenKnown(asked, (outcome) => {
      this.#keeper.user = outcome.kind === 'accepted' ? outcome.value?.user : undefined;
      return outcome;
    });
  }

  /** What the handler makes of its address is what the envelope has. */
  #askAbout(name: 'onMailFrom' | 'onRcptTo', address: SMTPServerAddress): MaybeLater<Answer> {
    this.#keeper.address = address;
    return whenKnown(this.#ask(name, address), (outcome) => refusalOf(name, outcome));
  }

  #ask<T>(name: Exclude<keyof SMTPServerHandlers, 'onClose'>, ...subject: unknown[]): MaybeLater<Outcome<T>> {
    const { accepting, handlers } = this.#settings;
    // Looked up at each call: handlers may be assigned and overridden at any time.
    const handler = handlers[name] as (...args: unknown[]) => unknown;
    if (accepting.has(handler)) return ACCEPTED;
    const call = (callback: SMTPServerCallback<T>): unknown => handler.call(handlers, ...subject, this.#view, callback);
    return outcomeOf(call, takesCallback(handler, subject.length + 1), (error) => this.#report(error));
  }

  #report(error: unknown): void {
    this.observer.failed?.(asError(error));
  }
}

/** Keeps a view true to what happens. */
class ViewObserver implements SessionObserver {
  readonly #view: SessionView;
  readonly #keeper: ViewKeeper;
  readonly #events: AdapterEvents;
  readonly #adapter: SessionAdapter;

  constructor(view: SessionView, keeper: ViewKeeper, events: AdapterEvents, adapter: SessionAdapter) {
    this.#view = view;
    this.#keeper = keeper;
    this.#events = events;
    this.#adapter = adapter;
  }

  replied(proposal: Proposal, sent: readonly Reply[]): void {
    this.#keeper.replied(proposal, sent);
  }

  secured(tls: TlsSession): void {
    this.#view.secured(tls);
  }

  handshakeFailed(failure: Error): void {
    this.#events.handshakeFailed(failure, this.#view);
  }

  failed(error: Error): void {
    this.#events.failed(error);
  }

  closed(): void {
    this.#adapter.closed();
  }
}

const ACCEPTED = { kind: 'accepted', value: undefined } as const;
// Taken at import: the runner's fake timers would keep the call for ever.
const nextTick = process.nextTick.bind(process);
