// Replies of RFC 5321 §4.2 with the enhanced status codes of RFC 3463: values ↔ text.

/** A reply: reply code, enhanced status code where there is one, and at least one line of text. */
export interface Reply {
  /** Three digits, 200 to 599. */
  readonly code: number;
  /** For example `5.1.1` (RFC 3463). It is sent only where ENHANCEDSTATUSCODES (RFC 2034) is on. */
  readonly enhanced?: string;
  readonly lines: readonly string[];
}

/** What a reply means for the dialogue (RFC 5321 §4.2.1), by its first digit. */
export type ReplyClass = 'completion' | 'intermediate' | 'transient' | 'permanent';

/** Builds a reply, which is frozen; `enhanced` is `null` where RFC 2034 §4 has none: greetings, EHLO and 3yz replies. */
export function reply(code: number, enhanced: string | null, ...lines: readonly [string, ...string[]]): Reply {
  Object.freeze(lines);
  return Object.freeze(enhanced === null ? { code, lines } : { code, enhanced, lines });
}

/** Whether nobody can change a reply: what is made of it once holds for good. */
function isFixed(reply: Reply): boolean {
  return Object.isFrozen(reply) && Object.isFrozen(reply.lines);
}

/** The same few replies are sent all the time, and each is written down as well: that is half a microsecond each time. */
const ENCODED = new WeakMap<Reply, string>();

/** Encodes a reply as it goes on the wire, a line of text each, CRLF at the end of each. */
export function encodeReply(reply: Reply): string {
  const known = ENCODED.get(reply);
  if (known !== undefined) return known;
  const text = encode(reply);
  if (isFixed(reply)) ENCODED.set(reply, text);
  return text;
}

function encode(reply: Reply): string {
  const prefix = reply.enhanced === undefined ? '' : `${reply.enhanced} `;
  const last = reply.lines.length - 1;
  let text = '';
  for (let index = 0; index < last; index++) text += `${reply.code}-${printable(prefix + reply.lines[index]!)}\r\n`;
  return `${text}${reply.code} ${printable(prefix + (reply.lines[last] ?? ''))}\r\n`;
}

/** The reply as it is sent where ENHANCEDSTATUSCODES (RFC 2034) is off. */
export function withoutEnhanced(reply: Reply): Reply {
  if (reply.enhanced === undefined) return reply;
  const known = PLAIN.get(reply);
  if (known !== undefined) return known;
  const plain = { code: reply.code, lines: reply.lines };
  if (isFixed(reply)) PLAIN.set(reply, Object.freeze(plain));
  return plain;
}

/** So that a stock reply is the same each time without its code too, and is encoded once. */
const PLAIN = new WeakMap<Reply, Reply>();

/** Reads `'451 4.7.1 Greylisted'`; LF separates lines of text. `undefined` where the reply code is missing or no reply code. */
export function parseReply(text: string): Reply | undefined {
  const match = /^([2-5]\d\d)(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?([^]*))?$/.exec(text);
  if (match === null) return undefined;
  const [, code, enhanced, rest] = match;
  return reply(Number(code), enhanced ?? null, ...((rest ?? '').split('\n') as [string, ...string[]]));
}

export function replyClass(reply: Reply): ReplyClass {
  if (reply.code < 300) return 'completion';
  if (reply.code < 400) return 'intermediate';
  return reply.code < 500 ? 'transient' : 'permanent';
}

export function isCompletion(reply: Reply): boolean {
  return reply.code < 300;
}

export function isRefusal(reply: Reply): boolean {
  return reply.code >= 400;
}

// oxlint-disable-next-line no-control-regex -- RFC 5321 §4.2: textstring has HT and printable characters only
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f-\x9f]+/g;

/** Text may come from an application: a line break in it would be a reply of its own. */
function printable(line: string): string {
  return line.search(CONTROLS) === -1 ? line : line.replace(CONTROLS, ' ').trim();
}
