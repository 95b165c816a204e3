import type { Difference } from './difference.ts';

export const handlerDifferences: readonly Difference[] = [
  {
    what: 'a `responseCode` that refuses nothing: one that is not between 400 and 599',
    rfc: '5321 §4.2.1',
    peer: 'sent as it is: an error with 250 reads as success',
    ours: 'the code that the handler refuses with by default',
    tests: [
      'onConnect that refuses with a code that refuses nothing refuses with 554',
      'onMailFrom that refuses with a code that refuses nothing refuses with 550',
      'onRcptTo that refuses with a code that refuses nothing refuses with 550',
      'onData that refuses with a code that refuses nothing refuses with 450',
      'onAuth gives an error with a responseCode that refuses nothing: /^535 /',
      'onAuth gives a responseCode that refuses nothing: /^535 /',
    ],
  },
  {
    what: 'a handler that calls back twice',
    rfc: '5321 §4.2',
    peer: 'two replies to one command; a refusal after the greeting',
    ours: 'the first one counts',
    tests: [
      'onConnect that calls back twice has said the first thing',
      'onAuth that calls back twice has said the first thing',
      'onMailFrom that calls back twice has said the first thing',
      'onRcptTo that calls back twice has said the first thing',
      'onData that calls back twice has said the first thing',
    ],
  },
  {
    what: 'a handler that returns a promise in the place of calling back',
    peer: 'no reply, ever',
    ours: 'what it resolves to, or rejects with, is the answer',
    tests: [
      'onMailFrom may return a promise in the place of the callback',
      'onRcptTo may return a promise in the place of the callback',
      'onData may return a promise in the place of the callback',
    ],
    notRun: true,
  },
  {
    what: 'a handler that does not take the callback',
    peer: 'no reply, ever',
    ours: 'it accepts by returning',
    tests: [
      'onMailFrom without parameters for it needs no callback',
      'onRcptTo without parameters for it needs no callback',
    ],
    notRun: true,
  },
  {
    what: '`onConnect` that throws',
    peer: 'ends the process',
    ours: '451, closed',
    tests: ['onConnect that throws ends that session alone'],
    notRun: true,
  },
  {
    what: '`onSecure` that throws',
    peer: 'ends the process',
    ours: '451, closed',
    tests: [
      'onSecure, implicit TLS: an exception ends the connection, and nothing else',
      'onSecure, STARTTLS: an exception ends the connection, and nothing else',
    ],
    notRun: true,
  },
  {
    what: '`onSecure` with `needsUpgrade`',
    peer: 'called twice',
    ours: 'called once',
    tests: ['needsUpgrade: onSecure is called once'],
  },
];
