import { describe, expect, test } from 'vitest';
import type { SessionPolicy } from '../session/policy.ts';
import type { Proposal } from '../session/proposal.ts';
import { MemoryDialogue, RecordingSink, pausedBy } from '../testing/memory-dialogue.ts';
import * as replies from '../wire/replies.ts';
import { reply, type Reply } from '../wire/reply.ts';
import type { FaultScript } from './fault.ts';
import type { Answer, SessionHandler, Transfer } from './handler.ts';
import { withResolvers } from './with-resolvers.ts';

const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';
const greylisted = reply(451, '4.7.1', 'Greylisted');
const fine = reply(250, '2.0.0', 'Fine');
const full = reply(452, '4.2.2', 'Mailbox full');
const closing = reply(421, '4.3.2', 'Closing');

/** A fault in the place of the first reply of that step. */
function faultAt(step: Proposal['step'], fault: Reply): FaultScript {
  let struck = false;
  return { take: ({ proposal }) => (proposal.step === step && !struck ? ((struck = true), fault) : undefined) };
}

/** A dialogue in which BDAT is due; what led there is not heard. */
function beforeChunks(handler: SessionHandler, changes: Partial<SessionPolicy> = {}): MemoryDialogue {
  const it = new MemoryDialogue(handler, changes);
  it.say(changes.protocol === 'lmtp' ? 'LHLO client.example' : 'EHLO client.example', MAIL, RCPT);
  it.heard();
  return it;
}

describe('a chunk', () => {
  test('is answered when its octets are there, and not before', () => {
    const it = beforeChunks({});
    it.say('BDAT 6');
    expect(it.heard()).toEqual([]);
    it.send('text\r');
    expect(it.heard()).toEqual([]);
    it.send('\n');
    expect(it.heard()).toEqual([250]);
    it.send('BDAT 0\r\nBDAT 3 LAST\r\nab');
    expect(it.heard()).toEqual([250]);
    it.send('cNOOP\r\n');
    expect(it.heard()).toEqual([250, 250]);
  });

  test('goes to the application as it comes, and the message to one sink', () => {
    const sinks: RecordingSink[] = [];
    const transfers: Transfer[] = [];
    const body: SessionHandler['body'] = (_resume, transfer) => {
      transfers.push(transfer);
      return sinks[sinks.push(new RecordingSink()) - 1]!;
    };
    const it = beforeChunks({ body });
    expect(sinks).toHaveLength(0);
    it.send('BDAT 6\r\nab');
    it.send('cd');
    it.send('ef');
    it.send('BDAT 0\r\nBDAT 2 LAST\r\n.\n');
    it.say(MAIL, RCPT, 'BDAT 0 LAST');
    expect(sinks.map(({ events }) => events)).toEqual([
      ['ab', 'cd', 'ef', '.\n', 'end', 'flushed'],
      ['end', 'flushed'],
    ]);
    expect(transfers).toEqual(['BDAT', 'BDAT']);
  });

  test('may be longer than any line', () => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink });
    it.send(`BDAT 2000 LAST\r\n${'x'.repeat(1_000)}`);
    it.send('x'.repeat(1_000));
    expect(it.heard()).toEqual([250]);
  });

  test('that is refused makes no sink, and gives it nothing', () => {
    const sinks: RecordingSink[] = [];
    const body = (): RecordingSink => sinks[sinks.push(new RecordingSink()) - 1]!;
    const it = beforeChunks({ body }, { maxSize: 5, rejectOversized: true });
    it.send('BDAT 6\r\nabcdefRSET\r\n');
    expect(sinks).toHaveLength(0);
    it.send(`${MAIL}\r\n${RCPT}\r\nBDAT 3\r\nabcBDAT 3\r\ndefBDAT 1 LAST\r\ng`);
    expect(it.heard()).toEqual([552, 250, 250, 250, 250, 552, 503]);
    expect(sinks.map(({ events }) => events)).toEqual([['abc', 'abort']]);
  });

  test('is read without a sink as well', () => {
    const it = beforeChunks({});
    it.send('BDAT 6\r\nRSET\r\nBDAT 6 LAST\r\nQUIT\r\n');
    expect(it.heard()).toEqual([250, 250]);
    expect(it.session.phase).toBe('mail');
  });

  test('is shown to an observer by its command, and not by its octets', () => {
    const received: string[] = [];
    const told: [string, number][] = [];
    const it = beforeChunks({
      observer: {
        received: (line) => void received.push(line),
        replied: ({ step }, sent) => void told.push([step, sent[0]!.code]),
      },
    });
    it.send('BDAT 6\r\nQUIT\r\nBDAT 0 LAST\r\n');
    expect(received.slice(3)).toEqual(['BDAT 6', 'BDAT 0 LAST']);
    expect(told.slice(4)).toEqual([
      ['bdat', 250],
      ['end-of-data', 250],
    ]);
  });
});

test('a chunk goes to no sink that has ended its session when it was asked for', () => {
  const sink = new RecordingSink();
  const it = beforeChunks({
    body: () => {
      it.dialogue.stall();
      return sink;
    },
  });
  it.send('BDAT 4\r\nabcd');
  expect(sink.events).toEqual([]);
  it.dialogue.abort();
  expect(sink.events).toEqual(['abort']);
});

describe('the last chunk', () => {
  test('has the application asked, once, with the size of them all', () => {
    const asked: unknown[] = [];
    const sink = new RecordingSink((recipients, size) => void asked.push([recipients.length, size]));
    const it = beforeChunks({ body: () => sink });
    it.send('RCPT TO:<carl@example.com>\r\nBDAT 4\r\nabcdBDAT 3\r\nefgBDAT 2 LAST\r\nhi');
    expect(asked).toEqual([[2, 9]]);
  });

  test('holds the pipeline until that is answered', async () => {
    const answer = withResolvers<Answer>();
    const it = beforeChunks({ body: () => new RecordingSink(() => answer.promise) });
    it.send(`BDAT 4 LAST\r\nabcd${MAIL}\r\n`);
    expect(it.heard()).toEqual([]);
    answer.resolve(full);
    await answer.promise;
    expect(it.heard()).toEqual([452, 250]);
  });

  test('has a reply for each recipient in LMTP, faults among them (RFC 2033 §4.3)', () => {
    const sink = new RecordingSink(() => [full]);
    const it = beforeChunks({ body: () => sink, faults: faultAt('end-of-data', greylisted) }, { protocol: 'lmtp' });
    it.send('RCPT TO:<carl@example.com>\r\nBDAT 4\r\nabcdBDAT 0 LAST\r\nNOOP\r\n');
    expect(it.heard()).toEqual([250, 250, 451, 452, 250]);
    expect(sink.events).toEqual(['abcd', 'end', 'flushed']);
  });

  test('that is too large is told to no sink, in LMTP neither', () => {
    const sink = new RecordingSink();
    const changes = { protocol: 'lmtp', maxSize: 5, rejectOversized: true } as const;
    const it = beforeChunks({ body: () => sink }, changes);
    it.send('RCPT TO:<carl@example.com>\r\nBDAT 4\r\nabcdBDAT 2 LAST\r\nef');
    expect(it.heard()).toEqual([250, 250, 552, 552]);
    expect(sink.events).toEqual(['abcd', 'abort', 'flushed']);
  });
});

describe('a fault', () => {
  test('at a chunk comes after its octets, and ends the content (RFC 3030 §2)', () => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink, faults: faultAt('bdat', greylisted) });
    it.say('BDAT 6');
    expect(it.heard()).toEqual([]);
    it.send('text\r\nBDAT 6 LAST\r\nQUIT\r\nRSET\r\n');
    expect(it.heard()).toEqual([451, 503, 250]);
    expect(sink.events).toEqual(['text\r\n', 'abort']);
  });

  test('at the last chunk asks nobody', () => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink, faults: faultAt('end-of-data', greylisted) });
    it.send('BDAT 4 LAST\r\nabcdBDAT 0 LAST\r\n');
    expect(it.heard()).toEqual([451, 503]);
    expect(sink.events).toEqual(['abcd', 'abort', 'flushed']);
  });

  test('of 421 ends the session, behind the octets', () => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink, faults: faultAt('bdat', closing) });
    it.send('BDAT 4\r\nabcdBDAT 0 LAST\r\n');
    expect(it.heard()).toEqual([421]);
    expect(it.channel.closedBy).toBe('server');
    expect(sink.events).toEqual(['abcd', 'abort']);
  });

  test('can make no acceptance of what the protocol refuses', () => {
    const it = new MemoryDialogue({ faults: faultAt('bdat', fine) });
    it.send('EHLO client.example\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n');
    expect(it.heard()).toEqual([220, 250, 503, 250]);
  });

  test('can’t have a message kept whose last chunk was too large, and is thrown away', () => {
    const sink = new RecordingSink();
    const script = { body: () => sink, faults: faultAt('end-of-data', fine) };
    const it = beforeChunks(script, { maxSize: 5, rejectOversized: true });
    it.send('BDAT 4\r\nabcdBDAT 2 LAST\r\nef');
    expect(it.heard()).toEqual([250, 552]);
    expect(sink.events).toEqual(['abcd', 'abort', 'flushed']);
  });

  test('of another wording changes nothing else', () => {
    const it = beforeChunks({ faults: faultAt('bdat', fine) });
    it.send('BDAT 4\r\nabcdBDAT 0 LAST\r\n');
    expect(it.channel.text).toMatch(/250 2\.0\.0 Fine\r\n250 2\.6\.0 .*\r\n$/);
  });
});

describe('a sink that asks for a pause', () => {
  const paused = (): ReturnType<typeof pausedBy> => pausedBy('BDAT 9\r\none', beforeChunks);

  test('is given nothing until it resumes, in the middle of a chunk', () => {
    const { it, sink, resume } = paused();
    expect([it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([false, true]);
    it.send('two');
    it.send('six');
    expect(sink.events).toEqual(['one']);
    sink.accepting = true;
    resume();
    expect(sink.events).toEqual(['one', 'twosix']);
    expect(it.heard()).toEqual([250]);
    expect(it.channel.resumed).toBe(1);
  });

  test('does not wait for more where the chunk is whole: its reply is due', () => {
    const { it, resume } = paused();
    it.send('twosix');
    resume();
    expect(it.heard()).toEqual([250]);
  });

  test('is told where the client goes meanwhile', () => {
    const { it, sink, resume } = paused();
    it.dialogue.abort();
    resume();
    expect(sink.events).toEqual(['one', 'abort']);
  });
});

describe('the content is given up', () => {
  test.each([
    ['with RSET', 'RSET', 250],
    ['with EHLO', 'EHLO client.example', 250],
    ['with STARTTLS', 'STARTTLS', 220],
    ['with QUIT', 'QUIT', 221],
    ['with a size that can not be read', 'BDAT many', 501],
    ['with HTTP', 'POST / HTTP/1.1', 421],
  ])('%s', (_how, line, code) => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink }, { startTls: 'available' });
    it.send('BDAT 4\r\nabcd');
    it.say(line);
    expect(it.heard()).toEqual([250, code]);
    expect(sink.events).toEqual(['abcd', 'abort']);
  });

  test.each([
    ['in a chunk', 'BDAT 6\r\nabcd'],
    ['between chunks', 'BDAT 4\r\nabcd'],
  ])('where the client goes %s', (_where, octets) => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink });
    it.send(octets);
    it.dialogue.endInput();
    it.dialogue.abort();
    expect(sink.events).toEqual(['abcd', 'abort']);
    expect(it.channel.closedBy).toBe('client');
  });

  test('where the server ends the session in a chunk', () => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink });
    it.send('BDAT 6\r\nabcd');
    it.dialogue.closeWith(replies.idleTooLong, 'timeout');
    expect(it.heard()).toEqual([421]);
    it.send('ef');
    it.dialogue.abort();
    expect(sink.events).toEqual(['abcd', 'abort']);
  });
});

describe('drain()', () => {
  test('lets a message that comes in chunks come to its end', () => {
    const it = beforeChunks({});
    it.send('BDAT 4\r\nab');
    it.dialogue.drain();
    it.send('cdBDAT 4\r\nefghBDAT 0 LAST\r\nNOOP\r\n');
    expect(it.heard()).toEqual([250, 250, 250, 421]);
    expect(it.channel.closedBy).toBe('server');
  });

  test('lets a chunk come in that is to be thrown away', () => {
    const it = new MemoryDialogue();
    it.send('EHLO client.example\r\nBDAT 4\r\nab');
    it.dialogue.drain();
    expect(it.heard()).toEqual([220, 250]);
    it.send('cd');
    expect(it.heard()).toEqual([503, 421]);
  });

  test.each(['RSET', 'NOOP', 'QUIT'])('ends the session at %s between chunks', (line) => {
    const sink = new RecordingSink();
    const it = beforeChunks({ body: () => sink });
    it.send('BDAT 4\r\nabcd');
    it.dialogue.drain();
    it.say(line);
    expect(it.heard()).toEqual([250, 421]);
    expect(sink.events).toEqual(['abcd', 'abort']);
  });

  test('ends it before the first chunk', () => {
    const it = beforeChunks({});
    it.dialogue.drain();
    it.send('BDAT 4\r\nabcd');
    expect(it.heard()).toEqual([421]);
  });
});

test('many small chunks: a sink that asks for a pause is given no further one', () => {
  const sink = new RecordingSink();
  let resume!: () => void;
  const it = beforeChunks({ body: (toResume) => ((resume = toResume), sink) });
  sink.accepting = false;
  for (let count = 0; count < 100; count++) it.send('BDAT 4\r\nabcd');
  expect(sink.events).toEqual(['abcd']);
  expect(it.heard()).toEqual([250]);
  sink.accepting = true;
  resume();
  expect(it.heard()).toHaveLength(99);
});
