// SMTP service extensions (RFC 5321 §2.2): what EHLO lists, and the MAIL and RCPT parameters that each defines.
import * as replies from '../wire/replies.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Reply } from '../wire/reply.ts';
import type { SessionPolicy } from './policy.ts';

/** What an extension may look at. */
export interface ExtensionContext {
  readonly policy: SessionPolicy;
  readonly secure: boolean;
  readonly authOffered: boolean;
}

/** Judges a parameter's value: a reply refuses it. */
export type ParameterCheck = (value: string | true, context: ExtensionContext) => Reply | undefined;

/** One extension: write one and list it in the policy. */
export interface Extension {
  /** The keyword after which it is registered. */
  readonly keyword: string;
  /** Its line in the EHLO reply; `undefined` where it is not offered now. */
  offer(context: ExtensionContext): string | undefined;
  /** Checks by keyword, in upper case, for the parameters of MAIL. */
  readonly mail?: Readonly<Record<string, ParameterCheck>>;
  /** The same for RCPT. */
  readonly rcpt?: Readonly<Record<string, ParameterCheck>>;
}

/** The extension, working but not listed. */
export function hidden(extension: Extension): Extension {
  return { ...extension, offer: () => undefined };
}

/** RFC 2920. */
export const pipelining: Extension = { keyword: 'PIPELINING', offer: () => 'PIPELINING' };

/** RFC 2034. */
export const enhancedStatusCodes: Extension = { keyword: 'ENHANCEDSTATUSCODES', offer: () => 'ENHANCEDSTATUSCODES' };

/** RFC 6152. */
export const eightBitMime: Extension = {
  keyword: '8BITMIME',
  offer: () => '8BITMIME',
  mail: { BODY: (value) => (/^(?:7BIT|8BITMIME)$/i.test(String(value)) ? undefined : replies.parameterSyntax) },
};

/** RFC 6531. */
export const smtpUtf8: Extension = {
  keyword: 'SMTPUTF8',
  offer: () => 'SMTPUTF8',
  mail: { SMTPUTF8: (value) => (value === true ? undefined : replies.parameterSyntax) },
};

/** RFC 1870. */
export const size: Extension = {
  keyword: 'SIZE',
  offer: ({ policy }) => (policy.maxSize === undefined ? 'SIZE' : `SIZE ${policy.maxSize}`),
  mail: {
    SIZE(value, { policy }) {
      // RFC 1870 §3: size-value = 1*20DIGIT
      if (value === true || !/^\d{1,20}$/.test(value)) return replies.parameterSyntax;
      return policy.maxSize !== undefined && Number(value) > policy.maxSize ? replies.tooLarge : undefined;
    },
  },
};

/** RFC 3207. */
export const startTls: Extension = {
  keyword: 'STARTTLS',
  // RFC 3207 §4.2: not listed once TLS is on.
  offer: ({ policy, secure }) => (secure || policy.startTls === 'absent' ? undefined : 'STARTTLS'),
};

/** RFC 4954. */
export const auth: Extension = {
  keyword: 'AUTH',
  offer: ({ policy, authOffered }) => (authOffered ? `AUTH ${policy.advertisedMechanisms.join(' ')}` : undefined),
  // RFC 4954 §5: who submitted the message; a server that does not trust the client ignores it.
  mail: { AUTH: (value) => (value === true ? replies.parameterSyntax : undefined) },
};

/** Checks the parameters of a MAIL or RCPT command against the extensions in force. */
export function checkParameters(
  command: 'mail' | 'rcpt',
  parameters: Parameters,
  context: ExtensionContext,
): Reply | undefined {
  for (const keyword in parameters) {
    const check = findCheck(command, keyword, context.policy.extensions);
    // RFC 5321 §4.1.1.11
    if (check === undefined) return replies.unknownParameter;
    const refusal = check(parameters[keyword]!, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function findCheck(
  command: 'mail' | 'rcpt',
  keyword: string,
  extensions: readonly Extension[],
): ParameterCheck | undefined {
  for (const extension of extensions) {
    const checks = extension[command];
    if (checks !== undefined && Object.hasOwn(checks, keyword)) return checks[keyword];
  }
  return undefined;
}
