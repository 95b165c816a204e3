// What the settings of a transcript say, as transcripts/README.md lists them.
import type { FaultScript } from '../server/fault.ts';
import type { LineLimits } from '../server/hearing.ts';
import { saslCrypto } from '../server/sasl-crypto.ts';
import { xclient, xforward } from '../session/extensions/xclient.ts';
import type { SessionPolicy, StartTlsPolicy } from '../session/policy.ts';
import { cramMd5 } from '../session/sasl/cram-md5.ts';
import { external } from '../session/sasl/external.ts';
import { oauthbearer } from '../session/sasl/oauthbearer.ts';
import { scramSha256Plus } from '../session/sasl/scram-sha-256-plus.ts';
import { scramSha256 } from '../session/sasl/scram-sha-256.ts';
import type { Surroundings } from '../session/surroundings.ts';
import { parseReply, type Reply } from '../wire/reply.ts';
import { policyWith } from './policy.ts';
import type { TranscriptDialogue } from './read-transcript.ts';
import { surroundingsWith } from './surroundings.ts';

export interface TranscriptSettings {
  readonly policy: SessionPolicy;
  readonly surroundings: Surroundings;
  readonly lineLimits: LineLimits;
  /** Name and password, a space between them. */
  readonly user: string | undefined;
  readonly greeting: Reply | undefined;
  /** The application's answers by command and address. */
  readonly answers: ReadonlyMap<string, Reply>;
  readonly faults: FaultScript;
}

/** @throws Error where there is no such setting. */
export function readSettings(settings: TranscriptDialogue['settings']): TranscriptSettings {
  const { extensions, mechanisms } = policyWith();
  const allMechanisms = [...mechanisms, cramMd5, oauthbearer, external, scramSha256, scramSha256Plus];
  const keywords = new Set(['ENHANCEDSTATUSCODES']);
  const proxied: SessionPolicy['extensions'][number][] = [];
  let policy = policyWith({ mechanisms: [], advertisedMechanisms: [] });
  let surroundings = surroundingsWith();
  const lineLimits = { commandLineLimit: 512, credentialsLineLimit: 65_536 };
  const others = { lineLimits, user: undefined as string | undefined, greeting: undefined as Reply | undefined };
  const answers = new Map<string, Reply>();
  const faults: ScriptedFault[] = [];
  const set = (changes: Partial<SessionPolicy>): void => void (policy = { ...policy, ...changes });
  const surround = (changes: Partial<Surroundings>): void => void (surroundings = { ...surroundings, ...changes });
  const readers: Readonly<Record<string, (value: string) => void>> = {
    name: (value) => set({ name: value, helloText: () => value }),
    protocol: (value) => set({ protocol: value as SessionPolicy['protocol'] }),
    extensions: (value) => value.split(' ').forEach((keyword) => keywords.add(keyword)),
    xclient: (value) => proxied.push(xclient(value.split(' '))),
    xforward: (value) => proxied.push(xforward(value.split(' '))),
    'no-enhanced-codes': () => set({ enhancedStatusCodes: false }),
    tls: (value) => set({ startTls: value as StartTlsPolicy }),
    secure: () => surround({ secure: true }),
    peer: (value) => surround({ peerAddress: value }),
    certificate: (value) => surround({ clientIdentity: value }),
    channel: (value) =>
      surround({ channelBinding: (type) => (type === 'tls-exporter' ? Buffer.from(value) : undefined) }),
    random: (value) => surround({ crypto: { ...saslCrypto, randomBytes: oneByOne(value.split(' ')) } }),
    auth: (value) => {
      const names = value.split(' ');
      set({ advertisedMechanisms: names, mechanisms: allMechanisms.filter(({ name }) => names.includes(name)) });
    },
    'auth-required': () => set({ authRequired: true }),
    'auth-insecure': () => set({ authInsecure: true }),
    user: (value) => void (others.user = value),
    size: (value) => set({ maxSize: Number(value) }),
    'reject-oversized': () => set({ rejectOversized: true }),
    recipients: (value) => set({ maxRecipients: Number(value) }),
    'recipient-domains': (value) => set({ maxRecipientDomains: Number(value) }),
    transactions: (value) => set({ maxTransactions: Number(value) }),
    'unknown-commands': (value) => set({ maxUnknownCommands: Number(value) }),
    'unauthenticated-commands': (value) => set({ maxUnauthenticatedCommands: Number(value) }),
    line: (value) => void (lineLimits.commandLineLimit = Number(value)),
    'credentials-line': (value) => void (lineLimits.credentialsLineLimit = Number(value)),
    chunk: (value) => set({ maxChunkSize: Number(value) }),
    'commands-without-message': (value) => set({ maxCommandsWithoutMessage: Number(value) }),
    'auth-failures': (value) => set({ maxAuthFailures: Number(value) }),
    disabled: (value) => set({ disabledCommands: new Set(value.split(' ')) }),
    greeting: (value) => void (others.greeting = replyOf(value)),
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
  set({ extensions: [...extensions.filter(({ keyword }) => keywords.has(keyword)), ...proxied] });
  return { ...others, policy, surroundings, answers, faults: oneAfterTheOther(faults) };
}

interface ScriptedFault {
  readonly step: string;
  readonly reply: Reply;
}

/** Each fault strikes once, at the first moment of its step. */
function oneAfterTheOther(faults: ScriptedFault[]): FaultScript {
  return {
    take({ proposal }) {
      const index = faults.findIndex(({ step }) => step === proposal.step);
      return index === -1 ? undefined : faults.splice(index, 1)[0]!.reply;
    },
  };
}

/** Octets that are anything but random: these, in hexadecimal, one after the other. */
function oneByOne(values: string[]): (size: number) => Buffer {
  return (size) => {
    const octets = Buffer.from(values.shift() ?? '', 'hex');
    if (octets.length !== size) throw new Error(`${size} random octets are wanted, and not ${octets.length}`);
    return octets;
  };
}

function replyOf(text: string): Reply {
  const reply = parseReply(text);
  if (reply === undefined) throw new Error(`Not a reply: ${text}`);
  return reply;
}
