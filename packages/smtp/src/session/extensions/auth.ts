// AUTH as an extension, RFC 4954: the mechanisms that EHLO lists, and the parameter of MAIL.
import * as replies from '../../wire/replies.ts';
import { decodeXtext } from '../../wire/xtext.ts';
import type { Extension, ExtensionContext } from '../extension.ts';

export const auth: Extension = {
  keyword: 'AUTH',
  offer(context) {
    const mechanisms = context.authOffered ? availableMechanisms(context) : [];
    return mechanisms.length === 0 ? undefined : `AUTH ${mechanisms.join(' ')}`;
  },
  mail: {
    // RFC 4954 §5: who submitted the message, in xtext, or `<>`; a server that does not trust the client ignores it.
    AUTH(value) {
      const readable = value === '<>' || (value !== true && decodeXtext(value) !== undefined);
      return readable ? undefined : replies.parameterSyntax;
    },
  },
};

/** A name without a mechanism behind it is listed too: that is how clients are tested. */
function availableMechanisms({ policy, saslContext }: ExtensionContext): readonly string[] {
  return policy.advertisedMechanisms.filter((name) => {
    const mechanism = policy.mechanisms.find((candidate) => candidate.name === name);
    return mechanism?.isAvailable?.(saslContext) ?? true;
  });
}
