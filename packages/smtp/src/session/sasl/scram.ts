// The exchange of SCRAM, RFC 5802 §5, with SHA-256 (RFC 7677), with or without channel binding.
import { readGs2Header, type Gs2Header } from './gs2-header.ts';
import type { SaslContext, SaslExchange, SaslStep } from './mechanism.ts';
import { prepareString } from './saslprep.ts';
import { hasMandatoryExtension, readClientFinal, readClientFirst } from './scram-messages.ts';
import { signProof, type ScramProof } from './scram-proof.ts';
import { decodeText } from './text.ts';

/** RFC 7677 §4: at least. It keeps tests quick, and who guesses passwords here guesses a test's. */
const ITERATIONS = 4096;
const SALT_SIZE = 16;
/** Octets of SHA-256. */
const PROOF_SIZE = 32;
/** As many characters as in the example of RFC 7677 §3; they hold more than 190 bits. */
const NONCE_SIZE = 30;

/** What is known once the first messages are exchanged. */
interface Opened {
  readonly username: string;
  readonly header: Gs2Header;
  readonly clientFirstBare: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly salt: Buffer;
  /** What `c` must be, decoded. */
  readonly channelBinding: Buffer;
}

/** The channel bindings of which one must be there, the better one first (RFC 9266 §2, RFC 5929 §4). */
const BINDING_TYPES = ['tls-exporter', 'tls-server-end-point'] as const;

/** Whether there is a channel to bind to. */
export function isBindable(context: SaslContext): boolean {
  return context.secure && BINDING_TYPES.some((type) => context.channelBinding(type) !== undefined);
}

export class ScramExchange implements SaslExchange {
  readonly #mechanism: string;
  readonly #withBinding: boolean;
  readonly #context: SaslContext;
  #opened: Opened | null = null;

  constructor(mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS', context: SaslContext) {
    this.#mechanism = mechanism;
    this.#withBinding = mechanism === 'SCRAM-SHA-256-PLUS';
    this.#context = context;
  }

  next(response: Buffer | undefined): SaslStep {
    if (response === undefined) return { challenge: '' };
    const message = decodeText(response);
    if (message === undefined) return { malformed: true };
    return this.#opened === null ? this.#open(message) : this.#judge(message, this.#opened);
  }

  #open(message: string): SaslStep {
    const header = readGs2Header(message);
    if (header === undefined) return { malformed: true };
    const clientFirstBare = message.slice(header.text.length);
    if (hasMandatoryExtension(clientFirstBare)) return { refused: true };
    const clientFirst = readClientFirst(clientFirstBare);
    // RFC 5802 §5.1: a name that can't be prepared, or is nothing then, ends the exchange.
    const username = clientFirst && prepareString(clientFirst.username);
    if (!username) return { malformed: true };
    const binding = this.#bindingFor(header);
    if (binding === undefined) return { refused: true };
    const { crypto } = this.#context;
    const nonce = clientFirst.nonce + printable(crypto.randomBytes(NONCE_SIZE));
    const salt = crypto.randomBytes(SALT_SIZE);
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
    const channelBinding = Buffer.concat([Buffer.from(header.text), binding]);
    this.#opened = { username, header, clientFirstBare, serverFirst, nonce, salt, channelBinding };
    return { challenge: serverFirst };
  }

  /** RFC 5802 §6: the channel binding data that the client must have too; `undefined` where it can't be as the client says. */
  #bindingFor({ flag, bindingType }: Gs2Header): Buffer | undefined {
    if (this.#withBinding !== (flag === 'p')) return undefined;
    if (flag === 'p') return this.#context.channelBinding(bindingType);
    // The client knows of no -PLUS although it was offered: somebody has taken it out of the list.
    return flag === 'y' && isPlusOffered(this.#context) ? undefined : Buffer.alloc(0);
  }

  #judge(message: string, opened: Opened): SaslStep {
    const { channelBinding, clientFirstBare, nonce, salt, serverFirst, username } = opened;
    if (hasMandatoryExtension(message)) return { refused: true };
    const final = readClientFinal(message);
    if (final === undefined) return { malformed: true };
    // RFC 5802 §5.1 (r), §6 (c)
    if (final.nonce !== nonce || !final.channelBinding.equals(channelBinding)) return { refused: true };
    if (final.proof.length !== PROOF_SIZE) return { refused: true };
    const authMessage = `${clientFirstBare},${serverFirst},${final.withoutProof}`;
    const proof: ScramProof = { salt, iterations: ITERATIONS, authMessage, proof: final.proof };
    let serverSignature: Buffer | undefined;
    const verify = (password: string): boolean => {
      const signature = signProof(this.#context.crypto, 'sha256', proof, password);
      serverSignature ??= signature;
      return signature !== undefined;
    };
    const success = (): string => {
      if (serverSignature === undefined) throw unverified(this.#mechanism);
      return `v=${serverSignature.toString('base64')}`;
    };
    const { authorizationIdentity } = opened.header;
    return {
      credentials: { mechanism: this.#mechanism, username, authorizationIdentity, secret: '', verify },
      success,
    };
  }
}

function isPlusOffered(context: SaslContext): boolean {
  return context.advertisedMechanisms.includes('SCRAM-SHA-256-PLUS') && isBindable(context);
}

/** printable = %x21-2B / %x2D-7E. Some come a little oftener than others, which takes nothing from a nonce. */
function printable(octets: Buffer): string {
  const codes = Array.from(octets, (octet) => 0x21 + (octet % 93));
  return String.fromCharCode(...codes.map((code) => (code < 0x2c ? code : code + 1)));
}

function unverified(mechanism: string): Error {
  const message =
    `${mechanism} was accepted, but its proof was not verified, without which the server can't sign its reply: ` +
    'accept only after verify(password), or validatePassword(password) in onAuth, has given true.';
  return Object.assign(new Error(message), { code: 'ERR_MAILRIG_SCRAM_UNVERIFIED' });
}
