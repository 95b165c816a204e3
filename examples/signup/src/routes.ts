// The HTTP side: what each request does, and the status that each problem earns.
import type { IncomingMessage, RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Account, Accounts } from './accounts.ts';
import { MailFailure, type MailFailureReason } from './mail-failure.ts';
import type { Mailer } from './mailer.ts';
import { verificationMail } from './verification-mail.ts';

export interface Parts {
  readonly accounts: Accounts;
  readonly mailer: Mailer;
  readonly publicUrl: string;
}

export const requestListener = (parts: Parts): RequestListener => {
  return (request, response) => {
    void route(parts, request)
      .catch(problemAnswer)
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  };
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

class Problem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const route = async (parts: Parts, request: IncomingMessage): Promise<Answer> => {
  const { pathname, searchParams } = new URL(request.url ?? '/', parts.publicUrl);
  const [, page, email] = pathname.split('/');
  if (request.method === 'POST' && page === 'signup') return signUp(parts, readSignUp(await readJson(request)));
  if (request.method === 'GET' && page === 'verify') return verify(parts, searchParams.get('token') ?? '');
  if (request.method === 'GET' && page === 'accounts' && email) return show(parts, decodeURIComponent(email));
  throw new Problem(404, 'not_found', 'There is nothing at this address.');
};

interface SignUp {
  readonly email: string;
  readonly name: string;
  readonly avatar?: Buffer;
}

const signUp = async (parts: Parts, { email, name, avatar }: SignUp): Promise<Answer> => {
  const account = parts.accounts.open(email, name);
  if (!account) throw new Problem(409, 'account_exists', `${email} has an account.`);
  try {
    await parts.mailer.send(verificationMail(account, parts.publicUrl, avatar));
  } catch (error) {
    // Nobody could ever verify it: the address stays free for another try.
    parts.accounts.remove(email);
    throw error;
  }
  return { status: 201, body: publicView(account) };
};

const verify = (parts: Parts, token: string): Answer => {
  const account = parts.accounts.verify(token);
  if (!account) throw new Problem(404, 'unknown_token', 'This link is not valid.');
  return { status: 200, body: publicView(account) };
};

const show = (parts: Parts, email: string): Answer => {
  const account = parts.accounts.find(email);
  if (!account) throw new Problem(404, 'unknown_account', `${email} has no account.`);
  return { status: 200, body: publicView(account) };
};

const publicView = ({ email, name, status }: Account): Omit<Account, 'token'> => ({ email, name, status });

const readJson = (request: IncomingMessage): Promise<unknown> =>
  json(request).catch(() => {
    throw new Problem(400, 'bad_request', 'The body must be JSON.');
  });

const readSignUp = (body: unknown): SignUp => {
  const { email, name, avatar } = Object(body) as Record<string, unknown>;
  if (typeof email !== 'string' || !email.includes('@')) throw new Problem(400, 'bad_request', 'email is missing.');
  if (typeof name !== 'string') throw new Problem(400, 'bad_request', 'name is missing.');
  return { email, name, ...(typeof avatar === 'string' && { avatar: Buffer.from(avatar, 'base64') }) };
};

const MAIL_PROBLEMS = {
  'recipient-refused': { status: 422, code: 'recipient_refused' },
  'message-too-large': { status: 413, code: 'avatar_too_large' },
  unavailable: { status: 503, code: 'mail_unavailable' },
} as const satisfies Record<MailFailureReason, { status: number; code: string }>;

const problemAnswer = (error: unknown): Answer => {
  if (error instanceof Problem) return refusal(error.status, error.code, error.message);
  if (error instanceof MailFailure) {
    if (error.reason === 'unavailable') console.error(error.message);
    const { status, code } = MAIL_PROBLEMS[error.reason];
    return refusal(status, code, error.message);
  }
  console.error(error);
  return refusal(500, 'internal', 'Something went wrong.');
};

const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});
