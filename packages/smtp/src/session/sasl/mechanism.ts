// What a SASL mechanism is to a session (RFC 4422, RFC 4954): write one and list it in the policy.

/** Who somebody claims to be, and the proof: what a handler's `auth` judges. */
export interface Credentials {
  /** The mechanism's name, in upper case. */
  readonly mechanism: string;
  /** The authentication identity (RFC 4422 §2): whose proof this is. `''` where the client left that to its token. */
  readonly username: string;
  /** The identity to act as (RFC 4422 §2), `''` where it is the same. Whether that is permitted is the handler's to say. */
  readonly authorizationIdentity: string;
  /** The password, or the bearer token; `''` where the mechanism proves without showing either. */
  readonly secret: string;
  /**
   * Whether the proof was made with this password. It is there where the mechanism proves without showing, in CRAM-MD5 and SCRAM:
   * such credentials are to be accepted only where it gives `true`.
   */
  readonly verify?: (password: string) => boolean;
  /** CRAM-MD5: the challenge as it was sent, angle brackets and all. */
  readonly challenge?: string;
  /** CRAM-MD5: the digest that answered it, in hexadecimal digits as the client wrote them. */
  readonly challengeResponse?: string;
}

/** What an exchange wants next: one of these. */
export type SaslStep =
  /** 334 with this, encoded in base64; text goes as UTF-8. The client's answer is the next response. */
  | { readonly challenge: string | Buffer }
  /** The client has said everything: the handler judges it. */
  | {
      readonly credentials: Credentials;
      /**
       * Makes the additional data that comes with success (RFC 4422 §3.6). Called once the credentials were accepted. In SMTP it
       * travels as one more challenge, which the client answers with an empty line, and 235 follows (RFC 4954 §4). What it throws
       * counts as the handler's failure.
       */
      readonly success?: () => string;
    }
  /** What the client sent is not of this mechanism's form: 501. */
  | { readonly malformed: true }
  /** The exchange itself failed, whatever the handler would say: 535. */
  | { readonly refused: true };

/** One AUTH command's exchange. */
export interface SaslExchange {
  /**
   * Takes the client's response, decoded from base64; `undefined` where AUTH came without an initial response, and only then. It
   * is not called again after anything but a challenge. It must not throw, whatever the client says.
   */
  next(response: Buffer | undefined): SaslStep;
}

/** The hash functions that {@link SaslCrypto} has, by their names in OpenSSL. */
export type SaslHash = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** The cryptography that mechanisms are made of. Text counts as UTF-8. */
export interface SaslCrypto {
  /** So many octets from a cryptographically strong generator. */
  randomBytes(size: number): Buffer;
  /** The hash of that. */
  hash(algorithm: SaslHash, octets: Buffer | string): Buffer;
  /** HMAC, RFC 2104. */
  hmac(algorithm: SaslHash, key: Buffer | string, octets: Buffer | string): Buffer;
  /** PBKDF2 with HMAC, RFC 8018 §5.2: so many octets of key. It blocks: mind the iterations. */
  pbkdf2(algorithm: SaslHash, password: string, salt: Buffer, iterations: number, length: number): Buffer;
  /** Whether both are the same, in a time that tells nothing of where they differ. */
  equal(a: Buffer, b: Buffer): boolean;
}

/** What a mechanism may look at: the session as it is when AUTH, or EHLO, is answered. */
export interface SaslContext {
  /** The server's domain, the `name` of its policy. */
  readonly serverName: string;
  /** Whether TLS is on. */
  readonly secure: boolean;
  /** The names that the policy lists, in upper case. EHLO leaves out those that are not available now. */
  readonly advertisedMechanisms: readonly string[];
  /** The identity in the client's verified certificate; `null` without one. */
  readonly clientIdentity: string | null;
  /** The cryptography that a mechanism may use. */
  readonly crypto: SaslCrypto;
  /**
   * The channel binding data (RFC 5056) of that type, by its registered name: `tls-exporter` (RFC 9266) and `tls-server-end-point`
   * (RFC 5929). `undefined` where there is none.
   */
  channelBinding(type: string): Buffer | undefined;
}

/**
 * One mechanism: write one and list it in the policy.
 * @example
 * // RFC 4505: message = [ email / token ]
 * const anonymous: SaslMechanism = {
 *   name: 'ANONYMOUS',
 *   begin: () => ({
 *     next(response) {
 *       if (response === undefined) return { challenge: '' };
 *       const username = `anonymous ${response.toString('utf8')}`;
 *       return { credentials: { mechanism: 'ANONYMOUS', username, authorizationIdentity: '', secret: '' } };
 *     },
 *   }),
 * };
 */
export interface SaslMechanism {
  /** In upper case (RFC 4422 §3.1). */
  readonly name: string;
  /** Begins an exchange. Called for each AUTH command that names the mechanism and is not refused. */
  begin(context: SaslContext): SaslExchange;
  /**
   * Whether the mechanism is to be had now: one that is not is left out of the reply to EHLO, and AUTH gets 504 for it. Without
   * this it always is.
   */
  isAvailable?(context: SaslContext): boolean;
}
