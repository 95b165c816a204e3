// The server that a scenario meets: a policy and its surroundings, drawn from a number.
import type { LineLimits } from '../../server/hearing.ts';
import { saslCrypto } from '../../server/sasl-crypto.ts';
import { hidden, type Extension } from '../../session/extension.ts';
import { xclient, xforward } from '../../session/extensions/xclient.ts';
import type { SessionPolicy } from '../../session/policy.ts';
import { cramMd5 } from '../../session/sasl/cram-md5.ts';
import { external } from '../../session/sasl/external.ts';
import type { SaslMechanism } from '../../session/sasl/mechanism.ts';
import { oauthbearer } from '../../session/sasl/oauthbearer.ts';
import { scramSha256Plus } from '../../session/sasl/scram-sha-256-plus.ts';
import { scramSha256 } from '../../session/sasl/scram-sha-256.ts';
import type { Surroundings } from '../../session/surroundings.ts';
import { policyWith } from '../policy.ts';
import { surroundingsWith } from '../surroundings.ts';
import { OnPurpose } from './on-purpose.ts';
import { Prng } from './prng.ts';

export interface Setting {
  readonly policy: SessionPolicy;
  readonly surroundings: Surroundings;
  readonly lineLimits: LineLimits;
}

/** Settings are many enough to differ in everything, and few enough to be kept. */
export const SETTINGS = 1_024;

/** The setting of that number; 0 is a plain one. */
export function settingOf(number: number): Setting {
  const index = number % SETTINGS;
  return (known[index] ??= draw(index));
}

const known: Setting[] = [];

/** An exchange of as many rounds as the client likes, with additional data at its end. */
const rounds: SaslMechanism = {
  name: 'ROUNDS',
  begin: () => ({
    next(response) {
      if (response?.toString() !== 'done') return { challenge: 'more' };
      const credentials = { mechanism: 'ROUNDS', username: 'ann', authorizationIdentity: '', secret: '' };
      return { credentials, success: () => 'proof' };
    },
  }),
};

const broken: SaslMechanism = {
  name: 'BROKEN',
  begin: () => ({
    next(response) {
      if (response === undefined) return { challenge: '' };
      throw new OnPurpose('mechanism');
    },
  }),
};

const brokenExtension: Extension = {
  keyword: 'BROKEN',
  offer: () => 'BROKEN',
  mail: {
    BROKEN() {
      throw new OnPurpose('extension');
    },
  },
};

const standard = policyWith();
const mechanisms = [
  ...standard.mechanisms,
  cramMd5,
  oauthbearer,
  external,
  scramSha256,
  scramSha256Plus,
  rounds,
  broken,
];
const everyExtension = [...standard.extensions, xclient(true), xforward(true), brokenExtension];
/** Those that may be disabled. */
export const VERBS = [
  'EHLO',
  'HELO',
  'MAIL',
  'RCPT',
  'DATA',
  'BDAT',
  'AUTH',
  'STARTTLS',
  'RSET',
  'VRFY',
  'XCLIENT',
  'QUIT',
];

/** What is computed must be the same in every play, and soon there. */
const crypto: Surroundings['crypto'] = {
  ...saslCrypto,
  randomBytes: (size) => Buffer.alloc(size, 7),
  pbkdf2: (algorithm, password, salt) => saslCrypto.hmac(algorithm, salt, password),
};

function draw(number: number): Setting {
  const plain = number % 4 === 0;
  const prng = new Prng(number);
  const often = <T>(value: T): T | undefined => (prng.oneIn(3) ? value : undefined);
  const secure = prng.oneIn(6);
  const names = prng.oneIn(6) ? [] : mechanisms.map(({ name }) => name);
  const limits = plain
    ? {}
    : {
        maxSize: often(prng.pick([0, 40, 400])),
        maxRecipients: often(2),
        maxRecipientDomains: often(1),
        maxTransactions: often(2),
        maxUnknownCommands: often(3),
        maxUnauthenticatedCommands: often(3),
        maxAuthFailures: often(2),
        maxCommandsWithoutMessage: often(8),
        maxChunkSize: often(60),
      };
  const policy = policyWith({
    protocol: prng.oneIn(3) ? 'lmtp' : 'smtp',
    // A name may be long, and a line of a reply may not (RFC 5321 §4.5.3.1.5).
    helloText: (clientName) => `mail.example greets ${clientName.slice(0, 100)}`,
    extensions: plain ? everyExtension : everyExtension.flatMap((it) => drawExtension(it, prng)),
    enhancedStatusCodes: !prng.oneIn(4),
    startTls: prng.pick(['available', 'available', 'required', 'refused', 'absent']),
    mechanisms,
    advertisedMechanisms: names,
    authRequired: !plain && prng.oneIn(4),
    authInsecure: plain || prng.oneIn(2),
    rejectOversized: prng.oneIn(2),
    lenientPaths: prng.oneIn(4),
    disabledCommands: new Set(plain || prng.oneIn(2) ? [] : [prng.pick(VERBS), prng.pick(VERBS)]),
    ...(Object.fromEntries(
      Object.entries(limits).filter(([, value]) => value !== undefined),
    ) as Partial<SessionPolicy>),
  });
  const surroundings = surroundingsWith({
    secure,
    crypto,
    clientIdentity: secure ? 'ann@example.org' : null,
    channelBinding: (type) => (secure && type === 'tls-exporter' ? Buffer.from('binding') : undefined),
  });
  const lineLimits = plain
    ? { commandLineLimit: 512, credentialsLineLimit: 600 }
    : { commandLineLimit: prng.pick([512, 80]), credentialsLineLimit: prng.pick([600, 40]) };
  return { policy, surroundings, lineLimits };
}

function drawExtension(extension: Extension, prng: Prng): readonly Extension[] {
  if (prng.oneIn(8)) return [];
  return [prng.oneIn(8) ? hidden(extension) : extension];
}
