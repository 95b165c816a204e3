// PLAIN, RFC 4616: message = [authzid] NUL authcid NUL passwd
import type { SaslMechanism } from './mechanism.ts';

export const plain: SaslMechanism = {
  name: 'PLAIN',
  begin: () => ({
    next(response) {
      if (response === undefined) return { challenge: '' };
      const fields = response.toString('utf8').split('\0');
      const [authorizationIdentity, username, secret] = fields;
      // RFC 4616 §2: authcid and passwd have at least one octet each.
      if (fields.length !== 3 || !username || !secret) return { malformed: true };
      return { credentials: { mechanism: 'PLAIN', username, authorizationIdentity: authorizationIdentity!, secret } };
    },
  }),
};
