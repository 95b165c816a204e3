import type { Difference } from './difference.ts';

export const lifecycleDifferences: readonly Difference[] = [
  {
    what: '`close()`: idle clients',
    peer: '421 when `closeTimeout` is over',
    ours: '421 at once',
    tests: ['close(): an idle client gets its 421 at once'],
    notRun: true,
  },
  {
    what: '`close()`: a client whose handler has answered meanwhile',
    peer: '421 when `closeTimeout` is over',
    ours: '421 at once',
    tests: ['close(): a handler that is asked answers, and its client gets 421 at once'],
    notRun: true,
  },
  {
    what: '`close()` during a handshake of implicit TLS',
    peer: 'Node 20 crashes',
    ours: 'the connection is closed',
    tests: ['close(): does not wait for a handshake of implicit TLS'],
    notRun: true,
  },
  {
    what: '`close(callback)`',
    peer: 'calls back before `onClose`',
    ours: 'calls back after it',
    tests: ['close(): calls back after onClose'],
  },
  {
    what: '`listen()` after `close()`',
    peer: 'greets, and answers 421 to every command',
    ours: 'serves again',
    tests: ['listen() after close(): clients are served, and their commands too'],
  },
  {
    what: '`close()` of a server that does not listen, but was given sockets by `connect(socket)`',
    peer: 'does not end their sessions',
    ours: '421, closed',
    tests: ['connect(socket): cut off by close()'],
    notRun: true,
  },
  {
    what: '`connect(socket)` with a socket that is gone',
    peer: 'stays one of the `connections`',
    ours: 'leaves them',
    tests: ['connect(socket): a socket that is gone already harms nobody'],
    notRun: true,
  },
  {
    what: 'a client that resets in mid-message, where nobody listens for `error`',
    peer: 'ends the process',
    ours: 'ends the connection',
    tests: ['a client that resets needs no listener for error'],
    notRun: true,
  },
];

export const loggingDifferences: readonly Difference[] = [
  {
    what: 'credentials in a line that is no AUTH command as it should be: `AUTHPLAIN …`, `AUTH …`',
    peer: 'logged',
    ours: 'not logged',
    tests: ['logger: no secret: a mechanism that was forgotten', 'logger: no secret: a blank that was forgotten'],
  },
  {
    what: '`ignoredHosts`, and `connect(socket, { ignore: true })`',
    peer: 'leave out the line of the PROXY header only',
    ours: 'leave out the session',
    tests: [
      'ignoredHosts: sessions are served, and not logged',
      'ignoredHosts: the address of the PROXY header counts',
      'connect(socket, { ignore }): served, and not logged',
    ],
  },
];
