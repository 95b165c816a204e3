// A server in memory, as the settings of a transcript describe it.
import { Dialogue } from '../server/dialogue.ts';
import type { FaultScript } from '../server/fault.ts';
import type { Answer, MaybeLater, SessionHandler } from '../server/handler.ts';
import type { SessionPolicy, StartTlsPolicy } from '../session/policy.ts';
import { Session } from '../session/session.ts';
import { Unstuffer } from '../wire/dot-stuffing.ts';
import * as replies from '../wire/replies.ts';
import { parseReply, type Reply } from '../wire/reply.ts';
import { MemoryChannel } from './memory-channel.ts';
import { policyWith } from './policy.ts';
import type { TranscriptDialogue } from './read-transcript.ts';

export class TranscriptServer {
  readonly channel: MemoryChannel = new MemoryChannel();
  readonly dialogue: Dialogue;
  /** Content that the application was handed, of all messages. */
  content = '';
  /** Octets of clear text thrown away behind STARTTLS. */
  discarded = 0;
  readonly #script: Script;
  /** Whether the application takes its time. */
  readonly #later: boolean;

  constructor(settings: TranscriptDialogue['settings'], later: boolean) {
    this.#script = readScript(settings);
    this.#later = later;
    const { lineLimit, policy, secure } = this.#script;
    this.dialogue = new Dialogue(new Session(policy, { secure }), this.#handler(), this.channel, lineLimit);
    this.dialogue.greet();
  }

  #handler(): SessionHandler {
    const { answers, greeting, user } = this.#script;
    const answer = <T>(value: T): MaybeLater<T> => (this.#later ? Promise.resolve(value) : value);
    const answerFor = (command: string, address: string): Answer => answers.get(`${command} ${address}`);
    return {
      connect: () => answer(greeting),
      auth: ({ username, secret }) =>
        answer(`${username} ${secret}` === user ? undefined : replies.authenticationFailed),
      mail: (reversePath) => answer(answerFor('mail', reversePath?.address ?? '<>')),
      rcpt: (forwardPath) => answer(answerFor('rcpt', forwardPath.address)),
      body: () => {
        const unstuffer = new Unstuffer();
        return {
          write: (piece) => void (this.content += unstuffer.push(piece).toString('latin1')),
          end: (recipients) => answer(recipients.map(({ forwardPath }) => answerFor('message', forwardPath.address))),
          abort: () => {},
        };
      },
      faults: this.#script.faults,
      observer: { discarded: (octets) => void (this.discarded += octets) },
    };
  }
}

interface Script {
  readonly policy: SessionPolicy;
  readonly secure: boolean;
  readonly lineLimit: number;
  /** Name and password, a space between them. */
  readonly user: string | undefined;
  readonly greeting: Reply | undefined;
  /** The application's answers by command and address. */
  readonly answers: ReadonlyMap<string, Reply>;
  readonly faults: FaultScript;
}

/** @throws Error where there is no such setting. */
function readScript(settings: TranscriptDialogue['settings']): Script {
  const { extensions, mechanisms } = policyWith();
  const keywords = new Set(['ENHANCEDSTATUSCODES']);
  let policy = policyWith({ mechanisms: [], advertisedMechanisms: [] });
  const script = { secure: false, lineLimit: 512, user: undefined, greeting: undefined } as Omit<Script, 'policy'>;
  const answers = new Map<string, Reply>();
  const faults: { readonly step: string; readonly reply: Reply }[] = [];
  const set = (changes: Partial<SessionPolicy>): void => void (policy = { ...policy, ...changes });
  const say = (changes: Partial<Script>): void => void Object.assign(script, changes);
  const readers: Readonly<Record<string, (value: string) => void>> = {
    protocol: (value) => set({ protocol: value as SessionPolicy['protocol'] }),
    tls: (value) => set({ startTls: value as StartTlsPolicy }),
    secure: () => say({ secure: true }),
    auth: (value) => {
      const advertisedMechanisms = value.split(' ');
      set({ advertisedMechanisms, mechanisms: mechanisms.filter(({ name }) => advertisedMechanisms.includes(name)) });
    },
    'auth-required': () => set({ authRequired: true }),
    'auth-insecure': () => set({ authInsecure: true }),
    user: (value) => say({ user: value }),
    size: (value) => set({ maxSize: Number(value) }),
    'reject-oversized': () => set({ rejectOversized: true }),
    recipients: (value) => set({ maxRecipients: Number(value) }),
    line: (value) => say({ lineLimit: Number(value) }),
    'no-enhanced-codes': () => set({ enhancedStatusCodes: false }),
    extensions: (value) => value.split(' ').forEach((keyword) => keywords.add(keyword)),
    disabled: (value) => set({ disabledCommands: new Set(value.split(' ')) }),
    greeting: (value) => say({ greeting: replyOf(value) }),
    answer: (value) => {
      const [command, address, ...text] = value.split(' ');
      answers.set(`${command} ${address}`, replyOf(text.join(' ')));
    },
    fault: (value) => {
      const [step, ...text] = value.split(' ');
      faults.push({ step: step!, reply: replyOf(text.join(' ')) });
    },
  };
  for (const [name, value] of settings) {
    const reader = readers[name];
    if (reader === undefined) throw new Error(`No such setting: ${name}`);
    reader(value);
  }
  set({ extensions: extensions.filter(({ keyword }) => keywords.has(keyword)) });
  return { ...script, policy, answers, faults: oneAfterTheOther(faults) };
}

/** Each fault strikes once, at the first moment of its step. */
function oneAfterTheOther(faults: { readonly step: string; readonly reply: Reply }[]): FaultScript {
  return {
    take({ proposal }) {
      const index = faults.findIndex(({ step }) => step === proposal.step);
      return index === -1 ? undefined : faults.splice(index, 1)[0]!.reply;
    },
  };
}

function replyOf(text: string): Reply {
  const reply = parseReply(text);
  if (reply === undefined) throw new Error(`Not a reply: ${text}`);
  return reply;
}
