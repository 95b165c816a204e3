// What `onAuth` is handed: credentials by the names that users of smtp-server know.
import type { Credentials } from '../session/sasl/mechanism.ts';
import type { SMTPServerAuthentication } from './types.ts';

export function describeCredentials(credentials: Credentials): SMTPServerAuthentication {
  const { authorizationIdentity, mechanism, secret, username, verify } = credentials;
  // A handler may have found no password for that user.
  const validatePassword = (password: unknown): boolean =>
    typeof password === 'string' && (verify?.(password) ?? password === secret);
  const who = { method: mechanism, username, validatePassword };
  switch (mechanism) {
    case 'LOGIN':
      return { ...who, password: secret };
    case 'PLAIN':
      return { ...who, password: secret, authcid: username, authzid: authorizationIdentity };
    case 'XOAUTH2':
      return { ...who, accessToken: secret };
    case 'OAUTHBEARER':
      return { ...who, accessToken: secret, authzid: authorizationIdentity };
    case 'CRAM-MD5':
      return {
        ...who,
        challenge: credentials.challenge!,
        challengeResponse: credentials.challengeResponse!.toLowerCase(),
      };
    default:
      // Whether a mechanism shows a password or not is its own affair; one that does not has `''` here.
      return { ...who, authzid: authorizationIdentity, ...(secret === '' ? {} : { password: secret }) };
  }
}

/** A trusted proxy vouches for the user. */
export function describeLogin(username: string): SMTPServerAuthentication {
  return { method: 'XCLIENT', username, password: null, validatePassword: () => false };
}
