import { describe, expect, test } from 'vitest';
import { inBody, MemoryDialogue, RecordingSink } from '../testing/memory-dialogue.ts';
import * as replies from '../wire/replies.ts';
import { reply } from '../wire/reply.ts';
import type { FaultScript } from './fault.ts';
import type { Answer, SessionObserver } from './handler.ts';
import { withResolvers } from './with-resolvers.ts';

const HELLO = 'EHLO client.example';
const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';
const greylisted = reply(451, '4.7.1', 'Greylisted');
const noSuchUser = reply(550, '5.1.1', 'No such user');
const faults = (take: FaultScript['take']): FaultScript => ({ take });

describe('a client that does not read', () => {
  test('is not read either, until it does', () => {
    const it = new MemoryDialogue();
    it.channel.accepting = false;
    it.say(HELLO);
    expect([it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([false, false]);
    it.say('NOOP', 'NOOP');
    expect(it.heard()).toEqual([220, 250]);
    it.channel.accepting = true;
    it.dialogue.release();
    expect(it.heard()).toEqual([250, 250]);
    expect(it.channel.resumed).toBe(1);
  });

  test('makes us hold no more than one long text of replies', () => {
    const it = new MemoryDialogue();
    it.channel.accepting = false;
    it.send('HELP\r\n'.repeat(10_000));
    expect(it.channel.writes).toHaveLength(2);
    expect(it.channel.writes[1]!.length).toBeLessThan(70_000);
    while (!it.dialogue.reading) it.dialogue.release();
    expect(it.heard()).toHaveLength(10_001);
  });

  test('does not get lost where an answer comes meanwhile', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ mail: () => answer.promise });
    it.channel.accepting = false;
    it.say(HELLO);
    it.dialogue.release();
    it.say(MAIL, 'NOOP');
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([220, 250, 250]);
    it.dialogue.release();
    expect(it.heard()).toEqual([250]);
  });
});

describe('a client that will send nothing more', () => {
  test('is answered what it said, and the connection closes', () => {
    const it = new MemoryDialogue();
    it.say(HELLO, 'NOOP');
    it.send('half a li');
    it.dialogue.endInput();
    expect(it.heard()).toEqual([220, 250, 250]);
    expect(it.channel.closedBy).toBe('client');
  });

  test('is answered what it said where that takes time', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ mail: () => answer.promise });
    it.say(HELLO, MAIL, 'NOOP');
    it.dialogue.endInput();
    expect(it.channel.closedBy).toBeNull();
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([220, 250, 250, 250]);
    expect(it.channel.closedBy).toBe('client');
  });

  test('is answered what it said where it reads slowly', () => {
    const it = new MemoryDialogue();
    it.channel.accepting = false;
    it.say(HELLO);
    it.say('NOOP');
    it.dialogue.endInput();
    expect(it.channel.closedBy).toBeNull();
    it.channel.accepting = true;
    it.dialogue.release();
    expect(it.heard()).toEqual([220, 250, 250]);
    expect(it.channel.closedBy).toBe('client');
  });

  test('is answered all that it said where it reads slowly and the replies are long', () => {
    const it = new MemoryDialogue();
    it.channel.accepting = false;
    it.send('HELP\r\n'.repeat(3_000));
    it.dialogue.endInput();
    while (it.channel.closedBy === null && it.channel.writes.length < 10) it.dialogue.release();
    expect(it.heard()).toHaveLength(3_001);
    expect(it.channel.closedBy).toBe('client');
  });

  test('has not sent a message whose end is missing', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink });
    it.send('text\r\n.');
    it.dialogue.endInput();
    it.dialogue.abort();
    expect(it.heard()).toEqual([]);
    expect(sink.events).toEqual(['text\r\n', 'abort']);
  });

  test('does not keep a connection waiting for a handshake that it can’t have', () => {
    const it = new MemoryDialogue({}, { startTls: 'available' });
    it.channel.accepting = false;
    it.say('STARTTLS');
    it.dialogue.endInput();
    it.dialogue.release();
    expect(it.heard()).toEqual([220, 220]);
    expect(it.channel.closedBy).toBe('client');
  });

  test('and quits has quit', () => {
    const it = new MemoryDialogue();
    it.say('QUIT');
    it.dialogue.endInput();
    expect(it.channel.closedBy).toBe('quit');
  });
});

describe('drain()', () => {
  test.each([
    ['before EHLO', []],
    ['after it', [HELLO]],
    ['after a message', [HELLO, MAIL, RCPT, 'DATA', '.']],
    ['in a transaction', [HELLO, MAIL]],
    ['before DATA', [HELLO, MAIL, RCPT]],
    ['in an AUTH exchange', [HELLO, 'AUTH LOGIN']],
  ])('ends a session at once %s', (_when, lines) => {
    const it = new MemoryDialogue();
    if (lines.length > 0) it.say(...lines);
    it.heard();
    it.dialogue.drain();
    expect(it.heard()).toEqual([421]);
    it.dialogue.drain();
    it.say('NOOP');
    expect(it.heard()).toEqual([]);
    expect(it.channel.closedBy).toBe('server');
  });

  test('lets a message go on that comes in chunks, and nothing else', () => {
    const it = inBody({ body: () => new RecordingSink() });
    it.say('.', MAIL, RCPT, 'BDAT 0');
    it.heard();
    it.dialogue.drain();
    it.send('BDAT 4\r\ntextBDAT 0 LAST\r\nNOOP\r\n');
    expect(it.heard()).toEqual([250, 250, 421]);
    const other = inBody({ body: () => new RecordingSink() });
    other.say('.', MAIL, RCPT, 'BDAT 0');
    other.heard();
    other.dialogue.drain();
    other.say('RSET');
    expect(other.heard()).toEqual([421]);
  });

  test('lets a body come to its end, and its answer', async () => {
    const answer = withResolvers<Answer>();
    const sink = new RecordingSink(() => answer.promise);
    const it = inBody({ body: () => sink });
    it.dialogue.drain();
    it.say('text', '.', MAIL);
    expect(it.heard()).toEqual([]);
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([250, 421]);
    expect(sink.events).toEqual(['text\r\n', 'end', 'flushed']);
  });

  test('waits for an answer that is awaited', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ mail: () => answer.promise });
    it.say(HELLO, MAIL);
    it.dialogue.drain();
    expect(it.heard()).toEqual([220, 250]);
    answer.resolve(noSuchUser);
    await answer.promise;
    expect(it.heard()).toEqual([550, 421]);
  });

  test('greets first where the connection is still being judged', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ connect: () => answer.promise });
    it.dialogue.drain();
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([220, 421]);
  });

  test('ends it after a handshake that is due', () => {
    const it = new MemoryDialogue({}, { startTls: 'available' });
    it.say('STARTTLS');
    it.dialogue.drain();
    expect(it.heard()).toEqual([220, 220]);
    it.dialogue.secured();
    expect(it.heard()).toEqual([421]);
  });
});

describe('STARTTLS', () => {
  const available = { startTls: 'available' } as const;

  test('waits with the handshake until its reply has left', () => {
    const it = new MemoryDialogue({}, available);
    it.channel.leaving = false;
    it.say(HELLO, 'STARTTLS');
    expect(it.heard()).toEqual([220, 250, 220]);
    expect(it.channel.handshakes).toBe(0);
    it.channel.leave();
    expect(it.channel.handshakes).toBe(1);
    expect(it.dialogue.reading).toBe(false);
    it.dialogue.secured();
    expect(it.dialogue.reading).toBe(true);
    expect(it.channel.resumed).toBe(1);
  });

  test('has its handshake where its reply leaves with that to a body', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink }, available);
    it.say('.', 'STARTTLS');
    expect(it.heard()).toEqual([250, 220]);
    expect(sink.events).toEqual(['end', 'flushed']);
    expect(it.channel.handshakes).toBe(1);
  });

  test('throws clear text away, behind it and during the handshake, and tells how much', () => {
    const discarded: number[] = [];
    const it = new MemoryDialogue({ observer: { discarded: (octets) => discarded.push(octets) } }, available);
    it.send('STARTTLS\r\nNOOP\r\nNO');
    it.send('OP\r\n');
    it.dialogue.secured();
    it.say('RSET');
    expect(it.heard()).toEqual([220, 220, 250]);
    expect(discarded).toEqual([8, 4]);
  });

  test('with nothing behind it has nothing to throw away', () => {
    const discarded: number[] = [];
    const it = new MemoryDialogue({ observer: { discarded: (octets) => discarded.push(octets) } }, available);
    it.say('STARTTLS');
    expect(discarded).toEqual([]);
  });

  test('has its handshake judged before anything else is read', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ secured: () => answer.promise }, available);
    it.say('STARTTLS');
    it.dialogue.secured();
    it.say('NOOP');
    expect([it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([false, true]);
    expect(it.heard()).toEqual([220, 220]);
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([250]);
  });

  test.each([
    ['at once', () => noSuchUser],
    ['later', async () => noSuchUser],
    [
      'by failing',
      () => {
        throw new Error('Broken');
      },
    ],
  ] as const)('is over where the handshake is judged a refusal %s', async (how, secured) => {
    const it = new MemoryDialogue({ secured }, available);
    it.say('STARTTLS');
    it.dialogue.secured();
    it.say('NOOP');
    await it.answered();
    expect(it.heard()).toEqual([220, 220, how === 'by failing' ? 451 : 550]);
    expect(it.channel.closedBy).toBe('server');
  });

  test('goes on where the handshake is accepted, in whatever words', () => {
    const it = new MemoryDialogue({ secured: () => replies.ok }, available);
    it.say('STARTTLS');
    it.dialogue.secured();
    it.say('NOOP');
    expect(it.heard()).toEqual([220, 220, 250]);
  });

  test('leads to no handshake where the session has ended before its reply has left', () => {
    const it = new MemoryDialogue({}, available);
    it.channel.leaving = false;
    it.say('STARTTLS');
    it.dialogue.closeWith(replies.shuttingDown, 'server');
    it.channel.leave();
    expect(it.heard()).toEqual([220, 220, 421]);
    expect(it.channel.handshakes).toBe(0);
  });

  test('that was refused leads to no handshake', () => {
    const it = new MemoryDialogue(
      { faults: faults(({ proposal }) => (proposal.step === 'starttls' ? greylisted : undefined)) },
      available,
    );
    it.say('STARTTLS', 'NOOP');
    expect(it.heard()).toEqual([220, 451, 250]);
    expect(it.channel.handshakes).toBe(0);
  });
});

describe('closeWith()', () => {
  test('says why, and closes', () => {
    const it = new MemoryDialogue();
    it.dialogue.closeWith(replies.idleTooLong, 'timeout');
    expect(it.heard()).toEqual([220, 421]);
    expect(it.channel.closedBy).toBe('timeout');
  });

  test('writes nothing where the observer has failed at it, for the connection is cut', () => {
    const replied: SessionObserver['replied'] = (_proposal, [first]) => {
      if (first!.code === 421) throw new Error('Broken');
    };
    const it = new MemoryDialogue({ observer: { replied } });
    const failures: unknown[] = [];
    it.channel.fail = (error) => void failures.push(error);
    it.send('x'.repeat(600));
    expect(failures).toEqual([new Error('Broken')]);
    expect(it.heard()).toEqual([220]);
  });

  test('says nothing, and tells nobody, once the session is over', () => {
    const told: number[] = [];
    const it = new MemoryDialogue({ observer: { replied: (_proposal, [first]) => told.push(first!.code) } });
    it.say('QUIT');
    it.dialogue.closeWith(replies.idleTooLong, 'timeout');
    expect(it.heard()).toEqual([220, 221]);
    expect(told).toEqual([220, 221]);
    expect(it.channel.closedBy).toBe('quit');
  });
});
