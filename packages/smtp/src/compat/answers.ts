// What handlers say, as replies.
import type { Answer } from '../server/handler.ts';
import { reply, type Reply } from '../wire/reply.ts';
import type {
  SMTPServerAuthenticationResponse,
  SMTPServerDataAnswer,
  SMTPServerError,
  SMTPServerRecipientAnswer,
} from './types.ts';

/** An error's `responseCode`, or else the code given, and its message. */
export function errorReply(error: unknown, code: number): Reply {
  const { message = String(error), responseCode } = (error ?? {}) as Partial<SMTPServerError>;
  const usable = Number.isInteger(responseCode) && responseCode! >= 400 && responseCode! <= 599;
  return reply(usable ? responseCode! : code, null, message);
}

export function authReply({ data, message, responseCode, user }: SMTPServerAuthenticationResponse): Reply {
  if (user) return reply(235, null, message ?? 'Authentication successful');
  // RFC 7628 §3.2.2: the error travels as a challenge; the client's empty line then earns the 535.
  if (data !== undefined) return reply(334, null, Buffer.from(JSON.stringify(data)).toString('base64'));
  return reply(responseCode ?? 535, null, message ?? 'Error: Authentication credentials invalid');
}

/** In LMTP a list has an answer for each recipient, and a text is for all. */
export function dataReplies(answer: SMTPServerDataAnswer, lmtp: boolean): Answer | readonly Answer[] {
  if (lmtp && Array.isArray(answer)) return (answer as readonly SMTPServerRecipientAnswer[]).map(recipientReply);
  return typeof answer === 'string' ? reply(250, null, answer) : undefined;
}

function recipientReply(answer: SMTPServerRecipientAnswer): Answer {
  if (answer instanceof Error) return errorReply(answer, 450);
  return typeof answer === 'string' ? reply(250, null, answer) : undefined;
}
