// The state machine of a session, as a table to be checked against RFC 5321 §4.1.4, RFC 3030 §2, RFC 3207 §4 and RFC 4954 §4.

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
  | 'bdat'
  | 'end-of-data'
  | 'rset'
  | 'noop'
  | 'quit'
  | 'xclient'
  | 'other';

/** What the server awaits: after a chunk `chunks`, after one that failed `reset`. */
export type Phase =
  | 'connect'
  | 'hello'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'chunks'
  | 'reset'
  | 'credentials'
  | 'handshake'
  | 'closed';

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
// Whom the server does not want is sent away, as at the greeting.
const xclient = { completion: 'hello', refusal: 'closed' } as const;
// RFC 3030 §2: what a failed chunk leaves is to be reset.
const bdat = { completion: 'chunks', intermediate: 'chunks', refusal: 'reset' } as const;
// Whatever is answered, the body was the last of its transaction.
const endOfData = { completion: 'mail', intermediate: 'mail', refusal: 'mail' } as const;

export const transitions: Readonly<Record<Phase, Readonly<Partial<Record<Step, Transition>>>>> = {
  connect: { connect: { completion: 'hello', refusal: 'closed' } },
  hello: { ehlo, starttls, xclient, quit },
  mail: {
    ehlo,
    starttls,
    auth: { completion: 'mail', intermediate: 'credentials' },
    mail: { completion: 'rcpt' },
    xclient,
    quit,
  },
  // RFC 3207 §4.2: what was said in clear text is forgotten, a transaction too.
  rcpt: { ehlo, starttls, rcpt: { completion: 'data' }, rset, quit },
  data: {
    ehlo,
    starttls,
    rcpt: { completion: 'data' },
    data: { intermediate: 'body' },
    bdat,
    'end-of-data': endOfData,
    rset,
    quit,
  },
  body: { 'end-of-data': endOfData },
  chunks: { ehlo, starttls, bdat, 'end-of-data': endOfData, rset, quit },
  reset: { ehlo, starttls, rset, quit },
  credentials: { auth: { completion: 'mail', intermediate: 'credentials', refusal: 'mail' } },
  handshake: { handshake: { completion: 'hello', refusal: 'closed' } },
  closed: {},
};
