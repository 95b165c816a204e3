// The extensions that a keyword says everything about: no parameter and no command of their own, or none that needs a thought.
import * as replies from '../../wire/replies.ts';
import type { Extension } from '../extension.ts';

/** RFC 2920. */
export const pipelining: Extension = { keyword: 'PIPELINING', offer: () => 'PIPELINING' };

/** RFC 2034. */
export const enhancedStatusCodes: Extension = { keyword: 'ENHANCEDSTATUSCODES', offer: () => 'ENHANCEDSTATUSCODES' };

/** RFC 6531. */
export const smtpUtf8: Extension = {
  keyword: 'SMTPUTF8',
  offer: () => 'SMTPUTF8',
  mail: { SMTPUTF8: (value) => (value === true ? undefined : replies.parameterSyntax) },
};

/** RFC 3207. */
export const startTls: Extension = {
  keyword: 'STARTTLS',
  // RFC 3207 §4.2: not listed once TLS is on.
  offer: ({ isDisabled, policy, secure }) =>
    secure || policy.startTls === 'absent' || isDisabled('STARTTLS') ? undefined : 'STARTTLS',
};

/** RFC 8689. */
export const requireTls: Extension = {
  keyword: 'REQUIRETLS',
  // RFC 8689 §2: only a session under TLS has it.
  offer: ({ secure }) => (secure ? 'REQUIRETLS' : undefined),
  mail: {
    REQUIRETLS(value, { secure }) {
      if (value !== true) return replies.parameterSyntax;
      return secure ? undefined : replies.requireTlsNeedsTls;
    },
  },
};
