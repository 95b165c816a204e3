import type { Difference } from './difference.ts';

export const commandDifferences: readonly Difference[] = [
  {
    what: '`EXPN`',
    rfc: '5321 §4.2.4',
    peer: '500',
    ours: '502',
    tests: ['EXPN is known, and not implemented: 502'],
  },
  {
    what: '`RSET`, `DATA` or `QUIT` with an argument',
    rfc: '5321 §4.1.1',
    peer: 'taken',
    ours: '501',
    tests: [
      'RSET takes no argument: 501 (RFC 5321 §4.1.1)',
      'DATA takes no argument: 501 (RFC 5321 §4.1.1)',
      'QUIT takes no argument: 501 (RFC 5321 §4.1.1)',
    ],
  },
  {
    what: 'a bare LF in a command',
    rfc: '5321 §2.3.8',
    peer: 'ends it: two commands, two replies',
    ours: '500: one reply',
    tests: ['a bare LF does not end a command (RFC 5321 §2.3.8)'],
  },
  {
    what: '`OPTIONS`, `PATCH` or `CONNECT` of HTTP',
    peer: '500, and the session goes on; other methods: 421, closed',
    ours: '421, closed',
    tests: [
      'OPTIONS * HTTP/1.1: 421 or 554, and the connection is closed, before EHLO',
      'OPTIONS * HTTP/1.1: 421 or 554, and the connection is closed, after EHLO',
      'PATCH / HTTP/1.1: 421 or 554, and the connection is closed, before EHLO',
      'PATCH / HTTP/1.1: 421 or 554, and the connection is closed, after EHLO',
      'CONNECT [::1]:25 HTTP/1.1: 421 or 554, and the connection is closed, before EHLO',
      'CONNECT [::1]:25 HTTP/1.1: 421 or 554, and the connection is closed, after EHLO',
    ],
  },
  {
    what: 'a TLS hello in clear text',
    peer: 'waits for the end of a line',
    ours: '421, closed',
    tests: ['a TLS hello on a clear port: 421 or 554, and the connection is closed'],
    notRun: true,
  },
  {
    what: '`WIZ`, `SHELL` and `KILL`',
    peer: 'a joke and 500, as often as they come',
    ours: 'unknown commands, the tenth of which gets 421',
    tests: ['unknown commands: WIZ, SHELL and KILL are among them'],
  },
  {
    what: '`maxAllowedUnauthenticatedCommands: false`',
    peer: '10, as by default',
    ours: 'no limit',
    tests: ['maxAllowedUnauthenticatedCommands: false: no limit'],
  },
];
