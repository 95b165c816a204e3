// OAUTHBEARER, RFC 7628: client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep
import { readGs2Header } from './gs2-header.ts';
import type { SaslExchange, SaslMechanism, SaslStep } from './mechanism.ts';
import { decodeText } from './text.ts';

/**
 * RFC 7628. The secret is the bearer token. The username is the client's word for whose it is: `''` where it says nothing, for
 * the token tells (RFC 7628 §3.1). `host` and `port` are not compared: by which name a client came to a server the server can't know.
 */
export const oauthbearer: SaslMechanism = {
  name: 'OAUTHBEARER',
  begin: () => new OauthbearerExchange(),
};

const KVSEP = '\x01';
/** RFC 7628 §3.2.2: why there is no access, in JSON. */
const INVALID_TOKEN = '{"status":"invalid_token"}';

class OauthbearerExchange implements SaslExchange {
  #failed = false;

  next(response: Buffer | undefined): SaslStep {
    // RFC 7628 §3.2.3: the failure was told, and whatever the client says to it ends the exchange.
    if (this.#failed) return { refused: true };
    if (response === undefined) return { challenge: '' };
    const message = decodeText(response);
    if (message === undefined) return { malformed: true };
    // RFC 7628 §3.1: this answers a failure, and is one as a first message.
    if (message === KVSEP) return { refused: true };
    const [head = '', ...pairs] = message.split(KVSEP);
    const header = readGs2Header(head);
    const authorization = readAuthorization(pairs);
    if (header?.text !== head || authorization === undefined) return { malformed: true };
    // There is no OAUTHBEARER-PLUS.
    if (header.flag === 'p') return { refused: true };
    const secret = readBearerToken(authorization);
    if (secret === undefined) {
      // RFC 7628 §4.3: a client without a token asks in this way what it takes.
      this.#failed = true;
      return { challenge: INVALID_TOKEN };
    }
    const username = header.authorizationIdentity;
    return { credentials: { mechanism: 'OAUTHBEARER', username, authorizationIdentity: '', secret } };
  }
}

/** kvpair = key "=" value kvsep; pairs other than `auth` are ignored. `undefined` where there is not exactly one of these. */
function readAuthorization(pairs: readonly string[]): string | undefined {
  // Each pair has its separator, and one more ends the message.
  if (pairs.length < 2 || pairs.at(-1) !== '' || pairs.at(-2) !== '') return undefined;
  let authorization: string | undefined;
  for (const pair of pairs.slice(0, -2)) {
    const match = /^([A-Za-z]+)=([\t\r\n\x20-\x7e]*)$/.exec(pair);
    if (match === null) return undefined;
    if (match[1] !== 'auth') continue;
    if (authorization !== undefined) return undefined;
    authorization = match[2];
  }
  return authorization;
}

/** RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token; the scheme is not case sensitive (RFC 7628 §4). */
function readBearerToken(authorization: string): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1];
}
