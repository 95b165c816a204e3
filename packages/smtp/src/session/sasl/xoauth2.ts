// XOAUTH2, Google's and Microsoft's bearer token exchange: "user=" name ^A "auth=Bearer " token ^A ^A
import type { SaslMechanism } from './mechanism.ts';
import { decodeText, hasControls } from './text.ts';

/** As the large providers have it. The secret is the bearer token. */
export const xoauth2: SaslMechanism = {
  name: 'XOAUTH2',
  begin: () => ({
    next(response) {
      if (response === undefined) return { challenge: '' };
      const fields = decodeText(response)?.split('\x01') ?? [];
      const username = valueOf(fields, /^user=(.+)$/i);
      const secret = valueOf(fields, /^auth=Bearer (.+)$/i);
      if (username === undefined || secret === undefined || hasControls(username)) return { malformed: true };
      return { credentials: { mechanism: 'XOAUTH2', username, authorizationIdentity: '', secret } };
    },
  }),
};

function valueOf(fields: readonly string[], pattern: RegExp): string | undefined {
  for (const field of fields) {
    const match = pattern.exec(field);
    if (match !== null) return match[1];
  }
  return undefined;
}
