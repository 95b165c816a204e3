// What handlers say, as replies.
import type { Answer } from '../server/handler.ts';
import type { Recipient } from '../session/state.ts';
import * as replies from '../wire/replies.ts';
import { reply, type Reply } from '../wire/reply.ts';
import type { Outcome } from './callbacks.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthenticationResponse,
  SMTPServerDataAnswer,
  SMTPServerError,
  SMTPServerRecipientAnswer,
} from './types.ts';

/** Reply codes of errors that have none of their own, and what RFC 3463 §3 says of them after the class. */
const REFUSALS = {
  onConnect: { code: 554, detail: '7.1' },
  onAuth: { code: 535, detail: '7.8' },
  onMailFrom: { code: 550, detail: '1.0' },
  onRcptTo: { code: 550, detail: '1.1' },
  onData: { code: 450, detail: '0.0' },
} as const;
const FAILURE = { code: 451, detail: '3.0' } as const;

/** The refusal, if it is one: with the error's `responseCode`, or else the handler's usual one, and its message. */
export function refusalOf(handler: keyof typeof REFUSALS, outcome: Outcome<unknown>): Answer {
  if (outcome.kind === 'accepted') return undefined;
  return errorReply(outcome.error, outcome.kind === 'failed' ? FAILURE : REFUSALS[handler]);
}

export function authReply(method: string, outcome: Outcome<SMTPServerAuthenticationResponse>): Reply {
  if (outcome.kind !== 'accepted') return refusalOf('onAuth', outcome)!;
  const { data, message, responseCode, user } = outcome.value ?? {};
  if (user) return { ...replies.authenticated, ...(message === undefined ? {} : { lines: [message] }) };
  // The error travels as a challenge; the client's empty line then earns the 535 (as in RFC 7628 §3.2.2).
  if (data && method === 'XOAUTH2') return reply(334, null, Buffer.from(JSON.stringify(data)).toString('base64'));
  return errorReply({ message: message ?? replies.authenticationFailed.lines[0], responseCode }, REFUSALS.onAuth);
}

/** What is answered for a body: one answer for all, or in LMTP a list with one for each recipient. */
export function dataReplies(
  outcome: Outcome<SMTPServerDataAnswer>,
  envelope: readonly SMTPServerAddress[],
  recipients: readonly Recipient[],
): Answer | readonly Answer[] {
  if (outcome.kind !== 'accepted') return refusalOf('onData', outcome);
  const { value } = outcome;
  if (!Array.isArray(value)) return textReply(value);
  const answers = value as readonly SMTPServerRecipientAnswer[];
  // RFC 2033 §4.2: a recipient that is repeated stands once in the envelope, yet is answered as often as it was accepted.
  const byAddress = new Map(envelope.map(({ address }, index) => [address, recipientReply(answers[index])]));
  return recipients.map(({ forwardPath }) => byAddress.get(forwardPath.address));
}

function recipientReply(answer: SMTPServerRecipientAnswer): Answer {
  // Not `instanceof`: a test runner's sandbox has an Error of its own.
  return typeof answer === 'object' && answer !== null ? errorReply(answer, REFUSALS.onData) : textReply(answer);
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
  const code = isRefusalCode(responseCode) ? responseCode : usual;
  return reply(code, `${Math.trunc(code / 100)}.${detail}`, message || String(error));
}

function isRefusalCode(code: number | undefined): code is number {
  return code !== undefined && Number.isInteger(code) && code >= 400 && code <= 599;
}
