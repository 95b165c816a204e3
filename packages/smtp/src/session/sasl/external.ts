// EXTERNAL, RFC 4422 appendix A: the proof is the client's certificate; extern-resp = authzid, which may be empty.
import type { SaslMechanism } from './mechanism.ts';
import { decodeText, hasControls } from './text.ts';

/** RFC 4422 appendix A. To be had by a client whose certificate was verified; the username is the certificate's. */
export const external: SaslMechanism = {
  name: 'EXTERNAL',
  isAvailable: ({ clientIdentity }) => isIdentity(clientIdentity),
  begin: ({ clientIdentity: username }) => ({
    next(response) {
      if (!isIdentity(username)) return { refused: true };
      if (response === undefined) return { challenge: '' };
      const authorizationIdentity = decodeText(response);
      if (authorizationIdentity === undefined || hasControls(authorizationIdentity)) return { malformed: true };
      return { credentials: { mechanism: 'EXTERNAL', username, authorizationIdentity, secret: '' } };
    },
  }),
};

function isIdentity(identity: string | null): identity is string {
  return identity !== null && identity !== '' && !hasControls(identity);
}
