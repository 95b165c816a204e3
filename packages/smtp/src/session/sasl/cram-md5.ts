// CRAM-MD5, RFC 2195 §2: the server's challenge, and its keyed digest in return.
import type { SaslMechanism } from './mechanism.ts';
import { decodeText, hasControls } from './text.ts';

/** RFC 2195. The handler accepts where `credentials.verify(password)` does. */
export const cramMd5: SaslMechanism = {
  name: 'CRAM-MD5',
  begin({ crypto, serverName }) {
    let challenge: string | undefined;
    return {
      next(response) {
        if (response === undefined) {
          // RFC 2195 §2: a msg-id that never comes twice; what is random needs no time in it.
          const [left, right] = [crypto.randomBytes(8), crypto.randomBytes(8)];
          challenge = `<${left.readBigUInt64BE()}.${right.readBigUInt64BE()}@${serverName}>`;
          return { challenge };
        }
        // RFC 4954 §4: the server speaks first, so that there is no initial response.
        if (challenge === undefined) return { malformed: true };
        const sent = challenge;
        // RFC 2195 §2: the user name, a space, and the digest. Digits in upper case are somebody's slip.
        const [, username = '', digest = ''] = /^(.+) ([\da-f]{32})$/i.exec(decodeText(response) ?? '') ?? [];
        if (username === '' || hasControls(username)) return { malformed: true };
        const proof = Buffer.from(digest, 'hex');
        const verify = (password: string): boolean => crypto.equal(crypto.hmac('md5', password, sent), proof);
        const identity = { mechanism: 'CRAM-MD5', username, authorizationIdentity: '', secret: '' } as const;
        return { credentials: { ...identity, verify, challenge: sent, challengeResponse: digest } };
      },
    };
  },
};
