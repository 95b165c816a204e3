// The certificates of an SMTPServer by servername. They may be replaced while it runs.
import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocketOptions } from 'node:tls';
import { domainToUnicode } from 'node:url';
import type { TlsMaterial } from '../server/tls.ts';
import { builtInCertificate, builtInKey } from './built-in-certificate.ts';
import { warnOnce, type Log } from './log.ts';
import type { SMTPServerOptions } from './options.ts';

/** What belongs to the socket and not to its context, of the options of `tls.createServer`. */
const SOCKET_OPTIONS = [
  'requestCert',
  'ALPNProtocols',
  'ALPNCallback',
  'enableTrace',
  'pskCallback',
  'pskIdentityHint',
] as const;
/** The context of who names no server, or one that is not known here. */
const DEFAULT = '*';
/** Whose TLS sessions are resumed. Where certificates are asked of clients, OpenSSL refuses to resume any without it. */
const SESSION_ID_CONTEXT = 'mailrig';

export class SecureContexts implements TlsMaterial {
  /** By servername as Unicode, in lower case; `*` is everybody else's. */
  readonly byServername: Map<string, SecureContext> = new Map();
  #options: SMTPServerOptions = {};

  constructor(options: SMTPServerOptions) {
    this.update(options);
  }

  /** From the next handshake on. @throws what OpenSSL has against a key or a certificate; then all stays as it was. */
  update(options: SMTPServerOptions): void {
    const contexts = [[DEFAULT, defaultContext(options)] as const, ...namedContexts(options)];
    this.#options = options;
    for (const [servername, context] of contexts) this.byServername.set(servername, context);
  }

  get secureContext(): SecureContext {
    return this.byServername.get(DEFAULT)!;
  }

  get options(): NonNullable<TlsMaterial['options']> {
    const options: TLSSocketOptions = { rejectUnauthorized: this.#options.rejectUnauthorized === true };
    for (const name of SOCKET_OPTIONS) {
      if (this.#options[name] !== undefined) Object.assign(options, { [name]: this.#options[name] });
    }
    return { ...options, SNICallback: (servername, callback) => this.#choose(canonicalName(servername), callback) };
  }

  /** A name that nobody has a context for is no reason to refuse the client: it is told who is there, and may judge itself. */
  #choose(servername: string, callback: (error: Error | null, context: SecureContext) => void): void {
    const { SNICallback } = this.#options;
    if (SNICallback === undefined) return callback(null, this.#contextFor(servername));
    SNICallback(servername, (_error, context) => callback(null, context ?? this.#contextFor(servername)));
  }

  #contextFor(servername: string): SecureContext {
    return this.byServername.get(servername) ?? this.secureContext;
  }
}

function hasOwnIdentity({ cert, key, pfx }: SecureContextOptions): boolean {
  return Boolean(cert ?? key ?? pfx);
}

/** The key of the built-in certificate is public. `logger: false` asks for silence. */
export function warnOfBuiltInCertificate(options: SMTPServerOptions, log: Log | undefined): void {
  const startTls = !options.secured && !options.disabledCommands?.includes('STARTTLS');
  if (hasOwnIdentity(options) || !(options.secure || startTls)) return;
  const problem = 'No key and cert given: TLS has the built-in certificate for localhost, whose key is public';
  if (log !== undefined) log.warn({}, problem);
  else if (options.logger !== false) warnOnce(`${problem}. Set logger to false to hear nothing of it.`);
}

/** The built-in certificate serves where none is given. */
function withIdentity(options: SMTPServerOptions): SecureContextOptions {
  return hasOwnIdentity(options) ? options : { ...options, key: builtInKey, cert: builtInCertificate };
}

/** OpenSSL goes by the context that a handshake begins with, whatever context SNI leads to. */
function defaultContext(options: SMTPServerOptions): SecureContext {
  const { sessionIdContext = SESSION_ID_CONTEXT } = options;
  return createSecureContext({ ...withIdentity(options), sessionIdContext });
}

function namedContexts({ sniOptions }: SMTPServerOptions): (readonly [string, SecureContext])[] {
  const entries = sniOptions instanceof Map ? [...sniOptions] : Object.entries(sniOptions ?? {});
  return entries.map(([servername, own]: [string, SecureContextOptions]) => [
    canonicalName(servername),
    createSecureContext(own),
  ]);
}

/** RFC 6066 §3: names are compared without regard to case; as Unicode, whatever form they have come in. */
function canonicalName(servername: string): string {
  return domainToUnicode(servername) || servername.toLowerCase();
}
