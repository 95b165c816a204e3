// LOGIN, never a standard, described by draft-murchison-sasl-login: two prompts, two answers.
import type { SaslMechanism } from './mechanism.ts';
import { decodeText, hasControls } from './text.ts';

/** As clients have it. It shows the password: let it be had under TLS only. */
export const login: SaslMechanism = {
  name: 'LOGIN',
  begin() {
    let username: string | undefined;
    return {
      next(response) {
        // Clients send the name as an initial response, although the server speaks first.
        if (response === undefined) return { challenge: 'Username:' };
        const text = decodeText(response);
        if (text === undefined) return { malformed: true };
        if (username === undefined) {
          if (text === '' || hasControls(text)) return { malformed: true };
          username = text;
          return { challenge: 'Password:' };
        }
        return { credentials: { mechanism: 'LOGIN', username, authorizationIdentity: '', secret: text } };
      },
    };
  },
};
