// What a SASL mechanism is to a session (RFC 4422, RFC 4954): write one and list it in the policy.

/** Who somebody claims to be, and the proof. */
export interface Credentials {
  readonly mechanism: string;
  /** The authentication identity. */
  readonly username: string;
  /** The identity to act as (RFC 4422 §2), `''` where it is the same. */
  readonly authorizationIdentity: string;
  /** The password, or the bearer token. */
  readonly secret: string;
}

/** What an exchange wants next. */
export type SaslStep =
  | { readonly challenge: string }
  | { readonly credentials: Credentials }
  /** What the client sent is not of this mechanism's form: 501. */
  | { readonly malformed: true }
  /** The exchange itself failed: 535. */
  | { readonly refused: true };

/** One AUTH command's exchange. */
export interface SaslExchange {
  /** Takes the decoded response; `undefined` where AUTH came without an initial response. */
  next(response: Buffer | undefined): SaslStep;
}

export interface SaslMechanism {
  /** In upper case (RFC 4422 §3.1). */
  readonly name: string;
  begin(): SaslExchange;
}
