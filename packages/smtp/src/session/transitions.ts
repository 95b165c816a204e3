// The state machine of a session, as a table to be checked against RFC 5321 §4.1.4, RFC 3207 §4 and RFC 4954 §4.

/** A step of the dialogue: what the server is about to answer. */
export type Step =
  | 'connect'
  | 'ehlo'
  | 'starttls'
  | 'handshake'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'end-of-data'
  | 'rset'
  | 'noop'
  | 'quit'
  | 'other';

/** What the server awaits. */
export type Phase = 'connect' | 'hello' | 'mail' | 'rcpt' | 'data' | 'body' | 'credentials' | 'handshake' | 'closed';

/** Where the reply that was sent leads, by its class. What is missing stays where it is. */
export interface Transition {
  /** After 2yz. */
  readonly completion?: Phase;
  /** After 3yz. */
  readonly intermediate?: Phase;
  /** After 4yz and 5yz, and where the protocol refused. 421 always leads to `closed` (RFC 5321 §3.8). */
  readonly refusal?: Phase;
}

const ehlo = { completion: 'mail' } as const;
const rset = { completion: 'mail' } as const;
const quit = { completion: 'closed' } as const;
const starttls = { completion: 'handshake' } as const;

export const transitions: Readonly<Record<Phase, Readonly<Partial<Record<Step, Transition>>>>> = {
  connect: { connect: { completion: 'hello', refusal: 'closed' } },
  hello: { ehlo, starttls, quit },
  mail: {
    ehlo,
    starttls,
    auth: { completion: 'mail', intermediate: 'credentials' },
    mail: { completion: 'rcpt' },
    quit,
  },
  rcpt: { ehlo, rcpt: { completion: 'data' }, rset, quit },
  data: { ehlo, rcpt: { completion: 'data' }, data: { intermediate: 'body' }, rset, quit },
  // Whatever is answered, the body was the last of its transaction.
  body: { 'end-of-data': { completion: 'mail', intermediate: 'mail', refusal: 'mail' } },
  credentials: { auth: { completion: 'mail', intermediate: 'credentials', refusal: 'mail' } },
  handshake: { handshake: { completion: 'hello', refusal: 'closed' } },
  closed: {},
};
