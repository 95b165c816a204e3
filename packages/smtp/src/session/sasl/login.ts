// LOGIN, never a standard, described by draft-murchison-sasl-login: two prompts, two answers.
import type { SaslMechanism } from './mechanism.ts';

export const login: SaslMechanism = {
  name: 'LOGIN',
  begin() {
    let username: string | undefined;
    return {
      next(response) {
        if (response === undefined) return { challenge: 'Username:' };
        const text = response.toString('utf8');
        if (username === undefined) {
          username = text;
          return { challenge: 'Password:' };
        }
        return { credentials: { mechanism: 'LOGIN', username, authorizationIdentity: '', secret: text } };
      },
    };
  },
};
