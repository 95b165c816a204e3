// What handlers say, as replies.
import type { Answer } from '../server/handler.ts';
import type { Recipient } from '../session/state.ts';
import type { Mailbox } from '../wire/path.ts';
import * as replies from '../wire/replies.ts';
import { reply, type Reply } from '../wire/reply.ts';
import { isError, type Outcome } from './callbacks.ts';
import type {
  SMTPServerAuthenticationResponse,
  SMTPServerDataAnswer,
  SMTPServerError,
  SMTPServerRecipientAnswer,
} from './types.ts';

/** Reply codes of errors that have none of their own, and what RFC 3463 §3 says of them after the class. */
const REFUSALS = {
  onConnect: { code: 554, detail: '7.1' },
  onSecure: { code: 554, detail: '7.1' },
  onAuth: { code: 535, detail: '7.8' },
  onMailFrom: { code: 550, detail: '1.0' },
  onRcptTo: { code: 550, detail: '1.1' },
  onData: { code: 450, detail: '0.0' },
} as const;

/** The refusal, if it is one: with the error's `responseCode`, or else the handler's usual one, and its message. */
export function refusalOf(handler: keyof typeof REFUSALS, outcome: Outcome<unknown>): Answer {
  if (outcome.kind === 'accepted') return undefined;
  // What went wrong in it is no business of the client's.
  return outcome.kind === 'failed' ? replies.localError : errorReply(outcome.error, REFUSALS[handler]);
}

export function authReply(method: string, outcome: Outcome<SMTPServerAuthenticationResponse>): Reply {
  if (outcome.kind !== 'accepted') return refusalOf('onAuth', outcome)!;
  const { data, message, responseCode, user } = outcome.value ?? {};
  if (user) return { ...replies.authenticated, ...(message === undefined ? {} : { lines: [message] }) };
  // The error travels as a challenge; the client's empty line then earns the 535 (as in RFC 7628 §3.2.2).
  if (data && TELLING.has(method)) return reply(334, null, Buffer.from(JSON.stringify(data)).toString('base64'));
  return errorReply({ message: message ?? replies.authenticationFailed.lines[0], responseCode }, REFUSALS.onAuth);
}

/** Mechanisms whose failure may say more than no. */
const TELLING: ReadonlySet<string> = new Set(['XOAUTH2', 'OAUTHBEARER']);

/** What is answered to a proxy that vouches for a user. Where the handler has nothing to say of him he is not logged in. */
export function vouchedReply(outcome: Outcome<SMTPServerAuthenticationResponse>): Answer {
  if (outcome.kind !== 'accepted') {
    return outcome.kind === 'failed' ? replies.localError : errorReply(withCode(outcome.error, 550), REFUSALS.onAuth);
  }
  const { message, user = null } = outcome.value ?? { user: true };
  if (user) return undefined;
  return errorReply({ message: message ?? replies.authenticationFailed.lines[0], responseCode: 550 }, REFUSALS.onAuth);
}

/**
 * What is answered for a body: one answer for all, or in LMTP a list with one for each recipient. The handler's list is by the
 * places of the envelope.
 */
export function dataReplies(
  outcome: Outcome<SMTPServerDataAnswer>,
  recipients: readonly Recipient[],
  placeOf: (path: Mailbox) => number | undefined,
): Answer | readonly Answer[] {
  if (outcome.kind !== 'accepted') return refusalOf('onData', outcome);
  const { value } = outcome;
  if (!Array.isArray(value)) return textReply(value);
  const answers = value as readonly SMTPServerRecipientAnswer[];
  // RFC 2033 §4.2: a recipient that is repeated stands once in the envelope, yet is answered as often as it was accepted.
  return recipients.map(({ forwardPath }) => recipientReply(answers[placeOf(forwardPath)!]));
}

function recipientReply(answer: SMTPServerRecipientAnswer): Answer {
  return isError(answer) ? errorReply(answer, REFUSALS.onData) : textReply(answer);
}

/** Whatever else a handler may have called back with is no text for the client. */
function textReply(text: unknown): Answer {
  return typeof text === 'string' && text !== '' ? { ...replies.messageAccepted, lines: [text] } : undefined;
}

function errorReply(
  error: unknown,
  { code: usual, detail }: { readonly code: number; readonly detail: string },
): Reply {
  const { message, responseCode } = Object(error) as Partial<SMTPServerError>;
  const code = isRefusalCode(Number(responseCode)) ? Number(responseCode) : usual;
  const text = message || String(error);
  // Whoever knows better says so himself: `5.7.1 Blocked`.
  const [, own, rest] = /^([45]\.\d{1,3}\.\d{1,3}) (.+)$/s.exec(text) ?? [];
  if (own !== undefined && own[0] === String(code)[0]) return reply(code, own, rest!);
  return reply(code, ENHANCED[code] ?? `${Math.trunc(code / 100)}.${detail}`, text);
}

/** Reply codes that say enough to have one enhanced status code (RFC 3463, RFC 4954 §6, RFC 5248 §2.4). */
const ENHANCED: Readonly<Record<number, string>> = {
  421: '4.3.2',
  451: '4.3.0',
  452: '4.3.1',
  454: '4.7.0',
  500: '5.5.2',
  501: '5.5.4',
  502: '5.5.1',
  503: '5.5.1',
  504: '5.5.4',
  530: '5.7.0',
  534: '5.7.9',
  535: '5.7.8',
  538: '5.7.11',
  551: '5.1.6',
  552: '5.2.2',
  553: '5.1.3',
  555: '5.5.4',
};

function withCode(error: unknown, responseCode: number): object {
  const { message } = Object(error) as Partial<SMTPServerError>;
  return { message: message || String(error), responseCode };
}

function isRefusalCode(code: number): boolean {
  return Number.isInteger(code) && code >= 400 && code <= 599;
}
