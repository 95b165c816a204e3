// PLAIN, RFC 4616: message = [authzid] NUL authcid NUL passwd
import type { SaslMechanism } from './mechanism.ts';
import { decodeText, hasControls } from './text.ts';

/** RFC 4616. It shows the password: let it be had under TLS only. */
export const plain: SaslMechanism = {
  name: 'PLAIN',
  begin: () => ({
    next(response) {
      if (response === undefined) return { challenge: '' };
      const [authorizationIdentity = '', username, secret, ...excess] = decodeText(response)?.split('\0') ?? [];
      // RFC 4616 §2: authcid and passwd have at least one octet each.
      if (!username || !secret || excess.length > 0) return { malformed: true };
      if (hasControls(authorizationIdentity + username)) return { malformed: true };
      return { credentials: { mechanism: 'PLAIN', username, authorizationIdentity, secret } };
    },
  }),
};
