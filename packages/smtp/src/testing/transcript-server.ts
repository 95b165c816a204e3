// A server in memory, as the settings of a transcript describe it, and what its application is told.
import { Dialogue } from '../server/dialogue.ts';
import type { Answer, BodySink, MaybeLater, SessionHandler, Transfer } from '../server/handler.ts';
import type { ProxyAttributes } from '../session/proxy-attributes.ts';
import type { Credentials } from '../session/sasl/mechanism.ts';
import { Session } from '../session/session.ts';
import { Unstuffer } from '../wire/dot-stuffing.ts';
import * as replies from '../wire/replies.ts';
import { reply } from '../wire/reply.ts';
import { MemoryChannel } from './memory-channel.ts';
import type { TranscriptDialogue } from './read-transcript.ts';
import { readSettings, type TranscriptSettings } from './transcript-settings.ts';

export class TranscriptServer {
  readonly channel: MemoryChannel = new MemoryChannel();
  readonly dialogue: Dialogue;
  /** Content that the application was handed, of all messages. */
  content = '';
  /** What else it was told, one text for each event. */
  readonly told: string[] = [];
  /** Octets of clear text thrown away behind STARTTLS. */
  discarded = 0;
  readonly #settings: TranscriptSettings;
  /** Whether the application takes its time. */
  readonly #later: boolean;

  constructor(settings: TranscriptDialogue['settings'], later: boolean) {
    this.#settings = readSettings(settings);
    this.#later = later;
    const { lineLimits, policy, surroundings } = this.#settings;
    this.dialogue = new Dialogue(new Session(policy, surroundings), this.#handler(), this.channel, lineLimits);
    this.dialogue.greet();
  }

  #handler(): SessionHandler {
    const { faults, greeting } = this.#settings;
    return {
      connect: () => this.#answer(greeting),
      auth: (credentials) => this.#answer(this.#judge(credentials)),
      mail: (reversePath) => this.#answer(this.#answerFor('mail', reversePath?.address ?? '<>')),
      rcpt: (forwardPath) => this.#answer(this.#answerFor('rcpt', forwardPath.address)),
      xclient: (attributes) => this.#answer(this.#note('XCLIENT', attributes)),
      xforward: (attributes) => this.#answer(this.#note('XFORWARD', attributes)),
      body: (_resume, transfer) => this.#body(transfer),
      faults,
      observer: { discarded: (octets) => void (this.discarded += octets) },
    };
  }

  #body(transfer: Transfer): BodySink {
    const unstuffer = transfer === 'DATA' ? new Unstuffer() : undefined;
    return {
      write: (piece) => void (this.content += (unstuffer?.push(piece) ?? piece).toString('latin1')),
      end: (recipients) =>
        this.#answer(recipients.map(({ forwardPath }) => this.#answerFor('message', forwardPath.address))),
      abort: () => void this.told.push('aborted'),
    };
  }

  #answer<T>(value: T): MaybeLater<T> {
    return this.#later ? Promise.resolve(value) : value;
  }

  #answerFor(command: string, address: string): Answer {
    return this.#settings.answers.get(`${command} ${address}`);
  }

  #judge({ mechanism, secret, username, verify }: Credentials): Answer {
    const [name, password = ''] = this.#settings.user?.split(' ') ?? [];
    // RFC 4422 appendix A: the certificate has proved it already. RFC 7628 §3.1: the token tells whose it is.
    const isKnown = mechanism === 'OAUTHBEARER' || username === name;
    const hasProved = mechanism === 'EXTERNAL' || (verify?.(password) ?? secret === password);
    if (isKnown && hasProved) return undefined;
    // RFC 7628 §3.2.2: a bearer token is refused with a challenge that says why.
    return mechanism === 'OAUTHBEARER' ? INVALID_TOKEN : replies.authenticationFailed;
  }

  #note(verb: string, attributes: ProxyAttributes): Answer {
    const words = Array.from(attributes, ([name, value]) => `${name}=${value ?? '(unknown)'}`);
    this.told.push([`${verb}:`, ...words].join(' '));
    return this.#answerFor(verb.toLowerCase(), attributes.get('ADDR') ?? '');
  }
}

const INVALID_TOKEN = reply(334, null, Buffer.from('{"status":"invalid_token"}').toString('base64'));
