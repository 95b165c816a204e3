import type { Difference } from './difference.ts';

export const messageDifferences: readonly Difference[] = [
  {
    what: 'a line that begins with a dot which was not doubled',
    rfc: '5321 §4.5.2',
    peer: 'the dot stays',
    ours: 'the dot is removed',
    tests: ['a dot at the beginning of a line is removed, whatever follows it (RFC 5321 §4.5.2)'],
  },
  {
    what: 'two dots behind a bare LF',
    rfc: '5321 §2.3.8, §4.5.2',
    peer: 'one of them is removed',
    ours: 'both stay',
    tests: ['two dots behind a bare LF are content, for no line begins there'],
  },
  {
    what: '`onData` that answers before the end, and has paused the stream',
    peer: 'the session hangs',
    ours: 'the rest is drained',
    tests: ['an answer in mid-message leaves the rest to be drained'],
    notRun: true,
  },
  {
    what: '`onData` that destroys the stream at once',
    rfc: '5321 §4.1.1.4',
    peer: 'its answer comes before 354',
    ours: '354, then the message, then its answer',
    tests: ['a stream that the handler destroys before the message: 354 comes first all the same'],
  },
  {
    what: '`onData` that gives a list, in SMTP',
    rfc: '5321 §4.2',
    peer: 'a reply for each element',
    ours: 'one reply',
    tests: ['in SMTP a list makes one reply'],
  },
];

export const lmtpDifferences: readonly Difference[] = [
  {
    what: '`onData` that gives a list shorter than the recipients',
    rfc: '2033 §4.2',
    peer: 'too few replies',
    ours: 'the others are accepted',
    tests: ['LMTP: a list that is too short leaves the others accepted'],
  },
  {
    what: '`onData` that gives a list longer than the recipients',
    rfc: '2033 §4.2',
    peer: 'too many replies',
    ours: 'the excess is not said',
    tests: ['LMTP: of a list that is too long the rest is not said'],
  },
  {
    what: 'a recipient that is repeated',
    rfc: '2033 §4.2',
    peer: 'one reply for both of its RCPT',
    ours: 'a reply for each RCPT that was accepted',
    tests: [
      'LMTP: each RCPT that was accepted has its reply, also one that was repeated (RFC 2033 §4.2)',
      'LMTP: one text is for each RCPT that was accepted, also one that was repeated',
    ],
  },
];
