// The client's side of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677), written for itself, so that the server has somebody to disagree with.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

export interface ScramClientOptions {
  readonly username?: string;
  readonly password?: string;
  readonly nonce?: string;
  /** The gs2-header. */
  readonly header?: string;
  /** What follows the header in `c`. */
  readonly bindingData?: Buffer;
  /** Goes to the end of either message before the proof, a comma in front. */
  readonly extension?: string;
}

export class ScramClient {
  readonly #options: Required<ScramClientOptions>;
  #authMessage = '';
  #saltedPassword = Buffer.alloc(0);

  constructor(options: ScramClientOptions = {}) {
    const nonce = randomBytes(12).toString('base64');
    const bindingData = Buffer.alloc(0);
    this.#options = {
      username: 'ann',
      password: 'pencil',
      nonce,
      header: 'n,,',
      bindingData,
      extension: '',
      ...options,
    };
  }

  get first(): string {
    return this.#options.header + this.#firstBare;
  }

  get #firstBare(): string {
    const { extension, nonce, username } = this.#options;
    return `n=${username},r=${nonce}${extension}`;
  }

  /** Answers the server's first message; `changes` has attributes that the client gets wrong. */
  final(serverFirst: string, changes: { readonly c?: string; readonly r?: string } = {}): string {
    const {
      nonce = '',
      salt = '',
      iterations,
    } = /^r=(?<nonce>[^,]+),s=(?<salt>[^,]+),i=(?<iterations>\d+)$/.exec(serverFirst)!.groups!;
    const { bindingData, extension, header, password } = this.#options;
    this.#saltedPassword = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const binding = changes.c ?? Buffer.concat([Buffer.from(header), bindingData]).toString('base64');
    const withoutProof = `c=${binding},r=${changes.r ?? nonce}${extension}`;
    this.#authMessage = `${this.#firstBare},${serverFirst},${withoutProof}`;
    const clientKey = hmac(this.#saltedPassword, 'Client Key');
    const storedKey = createHash('sha256').update(clientKey).digest();
    const signature = hmac(storedKey, this.#authMessage);
    const proof = Buffer.from(clientKey.map((octet, index) => octet ^ signature[index]!));
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  /** Whether the server has shown that it knows the password too. */
  trusts(serverFinal: string): boolean {
    const signature = hmac(hmac(this.#saltedPassword, 'Server Key'), this.#authMessage);
    return serverFinal === `v=${signature.toString('base64')}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
