import type { Difference } from './difference.ts';

export const tlsDifferences: readonly Difference[] = [
  {
    what: 'the built-in certificate',
    peer: 'RSA, expired in 2025: no client can verify it',
    ours: 'of an elliptic curve, valid beyond 2100',
    tests: [
      'secure: without key and cert there is a certificate for localhost that clients can verify',
      'secure: the certificate for localhost is one of an elliptic curve, and valid beyond 2100',
    ],
  },
  {
    what: 'the warning of the built-in certificate',
    peer: 'for every server',
    ours: 'once in a process',
    tests: ['the built-in certificate: two servers earn one warning'],
  },
  {
    what: '`secured` without `secure`',
    peer: 'no effect',
    ours: 'the session is secure',
    tests: ['secured, secure false: clear text, in a session that is secure'],
  },
  {
    what: '`handshakeTimeout`',
    peer: 'no effect: `socketTimeout` ends a handshake',
    ours: 'ends a handshake, and its connection',
    tests: ['handshakeTimeout, implicit TLS', 'handshakeTimeout, STARTTLS'],
    notRun: true,
  },
  {
    what: '`ALPNProtocols`',
    peer: 'no effect',
    ours: 'a protocol is chosen',
    tests: ['ALPNProtocols, implicit TLS', 'ALPNProtocols, STARTTLS'],
  },
  {
    what: "`updateSecureContext` with a key that can't be read",
    peer: 'throws, and no handshake succeeds any more',
    ours: 'throws, and what was stays',
    tests: [
      "updateSecureContext: a key that can't be read throws, and what was stays, implicit TLS",
      "updateSecureContext: a key that can't be read throws, and what was stays, STARTTLS",
    ],
  },
  {
    what: 'a handshake of STARTTLS that fails',
    peer: 'two `error` events',
    ours: 'one',
    tests: ['a handshake that fails is told once, STARTTLS'],
  },
  {
    what: 'a handshake that fails, where nobody listens for `error`',
    peer: 'ends the process',
    ours: 'ends the connection',
    tests: [
      'a handshake that fails needs no listener for error, implicit TLS',
      'a handshake that fails needs no listener for error, STARTTLS',
    ],
    notRun: true,
  },
];
