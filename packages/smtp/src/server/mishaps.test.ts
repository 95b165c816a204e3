import { describe, expect, test } from 'vitest';
import { inBody, MemoryDialogue, RecordingSink } from '../testing/memory-dialogue.ts';
import { reply, type Reply } from '../wire/reply.ts';
import type { FaultMoment, FaultScript, Mishap } from './fault.ts';
import type { SessionObserver } from './handler.ts';

const HELLO = 'EHLO client.example';
const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';

/** Befalls the first reply of a step, in LMTP that to one recipient. */
function once(step: FaultMoment['proposal']['step'], mishap: Mishap, localPart?: string): FaultScript {
  let left = 1;
  return {
    take: ({ proposal, recipients }) => {
      const isIt = localPart === undefined || recipients?.[0]?.forwardPath.address.startsWith(localPart);
      return proposal.step === step && isIt && left-- > 0 ? mishap : undefined;
    },
  };
}

/** What an observer is told of replies. */
function watch(): SessionObserver & { readonly told: unknown[] } {
  const told: unknown[] = [];
  const code = (one: Reply | null): number | null => one && one.code;
  return {
    told,
    replied: ({ step }, replies) => told.push([step, ...replies.map(code)]),
    troubled: ({ step }, replies) => told.push(['troubled', step, ...replies.map(code)]),
    sent: (_proposal, { code: sent }, octets) => told.push(['sent', sent, octets]),
  };
}

describe('a reply that is delayed', () => {
  const delay: Mishap = { effect: 'delay', milliseconds: 5_000 };

  test('comes when its time has come, and nothing is read meanwhile', () => {
    const it = new MemoryDialogue({ faults: once('mail', delay) });
    it.say(HELLO, MAIL, 'NOOP');
    expect([it.heard(), it.dialogue.reading]).toEqual([[220, 250], false]);
    it.channel.clock.advance(4_999);
    expect(it.heard()).toEqual([]);
    it.channel.clock.advance(1);
    expect(it.heard()).toEqual([250, 250]);
    expect(it.channel.resumed).toBe(1);
  });

  test('was decided before: its message is kept though the client goes', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink, faults: once('end-of-data', delay) });
    it.send('content\r\n.\r\n');
    expect(sink.events).toEqual(['content\r\n', 'end']);
    it.dialogue.abort();
    expect([sink.events, it.channel.clock.running]).toEqual([['content\r\n', 'end', 'flushed'], 0]);
    it.channel.clock.advance(5_000);
    expect(it.heard()).toEqual([]);
  });

  test('releases whoever waits for its message when it is sent, not with what was sent before', () => {
    const sink = new RecordingSink();
    const it = new MemoryDialogue({ body: () => sink, faults: once('end-of-data', delay) });
    it.say(HELLO, MAIL, RCPT);
    it.channel.leaving = false;
    // The 354 is collected, and goes out first.
    it.send('DATA\r\ncontent\r\n.\r\n');
    it.channel.leave();
    expect([it.heard().at(-1), sink.events.includes('flushed')]).toEqual([354, false]);
    it.channel.clock.advance(5_000);
    it.channel.leave();
    expect([it.heard(), sink.events.includes('flushed')]).toEqual([[250], true]);
  });

  test('may be the protocol’s own refusal', () => {
    const it = new MemoryDialogue({ faults: once('data', delay) });
    it.say(HELLO, 'DATA');
    it.heard();
    it.channel.clock.advance(5_000);
    expect(it.heard()).toEqual([503]);
  });

  test('may be one that an application takes its time for', async () => {
    const it = new MemoryDialogue({ mail: async () => undefined, faults: once('mail', delay) });
    it.say(HELLO, MAIL);
    await Promise.resolve();
    await Promise.resolve();
    it.heard();
    it.channel.clock.advance(5_000);
    expect(it.heard()).toEqual([250]);
  });

  test('begins TLS, the body and the end when it is sent, and not before', () => {
    const starttls = new MemoryDialogue({ faults: once('starttls', delay) }, { startTls: 'available' });
    starttls.say(HELLO, 'STARTTLS');
    expect(starttls.channel.handshakes).toBe(0);
    starttls.channel.clock.advance(5_000);
    expect(starttls.channel.handshakes).toBe(1);

    const quit = new MemoryDialogue({ faults: once('quit', delay) });
    quit.say('QUIT');
    expect(quit.channel.closedBy).toBeNull();
    quit.channel.clock.advance(5_000);
    expect([quit.heard(), quit.channel.closedBy]).toEqual([[220, 221], 'quit']);
  });

  test('is not sent when the session is ended meanwhile', () => {
    const it = new MemoryDialogue({ faults: once('mail', delay) });
    it.say(HELLO, MAIL);
    it.heard();
    it.dialogue.closeWith(reply(421, '4.3.2', 'Closing'), 'server');
    it.channel.clock.advance(5_000);
    expect(it.heard()).toEqual([421]);
  });
});

describe('a reply that trickles', () => {
  test('comes in pieces, each after its time', () => {
    const it = new MemoryDialogue({ faults: once('noop', { effect: 'trickle', octets: 6, milliseconds: 10 }) });
    const before = it.channel.writes.length;
    it.say('NOOP', 'NOOP');
    expect(it.channel.writes.slice(before)).toEqual(['250 2.']);
    it.channel.clock.advance(10);
    expect(it.channel.writes.slice(before)).toEqual(['250 2.', '0.0 OK']);
    it.channel.clock.advance(10);
    expect(it.channel.writes.slice(before)).toEqual(['250 2.', '0.0 OK', '\r\n', '250 2.0.0 OK\r\n']);
  });

  test('goes out at once where it is one piece, for however many recipients of LMTP', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `user${index}`);
    const faults: FaultScript = {
      take: ({ proposal }) =>
        proposal.step === 'end-of-data' ? { effect: 'trickle', octets: 1_000, milliseconds: 1 } : undefined,
    };
    const it = inBody({ faults }, { protocol: 'lmtp' }, names);
    it.send('content\r\n.\r\n');
    expect(it.heard()).toHaveLength(names.length);
  });

  test('goes out in octets, not in characters', () => {
    const greet = once('noop', { effect: 'trickle', octets: 1, milliseconds: 1 });
    const it = new MemoryDialogue({ faults: greet });
    it.say('NOOP');
    it.channel.clock.advance(1);
    expect(it.channel.writes.slice(-2)).toEqual(['2', '5']);
  });
});

describe('a body whose replies meet with mishaps', () => {
  /** A dialogue in its body, of which nothing leaves by itself. */
  function held(sink: RecordingSink, faults: FaultScript, ...names: string[]): MemoryDialogue {
    const it = inBody({ body: () => sink, faults }, names.length > 1 ? { protocol: 'lmtp' } : {}, names);
    it.channel.leaving = false;
    return it;
  }

  test('releases whoever waits for it with the last piece of a reply that trickles, not with the first', () => {
    const sink = new RecordingSink();
    const it = held(sink, once('end-of-data', { effect: 'trickle', octets: 20, milliseconds: 10 }), 'bob');
    it.send('content\r\n.\r\n');
    it.channel.leave();
    expect([it.channel.writes.at(-1), sink.events.includes('flushed')]).toEqual(['250 2.6.0 Message ac', false]);
    it.channel.clock.advance(10);
    expect([it.heard(), sink.events.includes('flushed')]).toEqual([[250], false]);
    it.channel.leave();
    expect(sink.events.at(-1)).toBe('flushed');
  });

  test('in LMTP releases them when the last of its replies has left, though the first went long before', () => {
    const sink = new RecordingSink();
    const it = held(sink, once('end-of-data', { effect: 'delay', milliseconds: 10 }, 'bob'), 'ann', 'bob');
    it.send('content\r\n.\r\n');
    it.channel.leave();
    expect([it.heard(), sink.events.includes('flushed')]).toEqual([[250], false]);
    it.channel.clock.advance(10);
    it.channel.leave();
    expect([it.heard(), sink.events.at(-1)]).toEqual([[250], 'flushed']);
  });

  test('in LMTP releases them with the reply before one that never comes', () => {
    const sink = new RecordingSink();
    const it = held(sink, once('end-of-data', { effect: 'stall' }, 'bob'), 'ann', 'bob');
    it.send('content\r\n.\r\n');
    expect(sink.events.includes('flushed')).toBe(false);
    it.channel.leave();
    expect([it.heard(), sink.events.at(-1)]).toEqual([[250], 'flushed']);
  });

  // They were told with the reply to the next command, for which somebody was asked.
  test('does not let them wait for the answer to the next command', () => {
    const sink = new RecordingSink();
    const faults = once('end-of-data', { effect: 'garble', octets: Buffer.from('250-') });
    const answers = [undefined, new Promise<undefined>(() => {})];
    const it = inBody({ body: () => sink, faults, mail: () => answers.shift() });
    it.send(`content\r\n.\r\n${MAIL}\r\n`);
    expect([it.dialogue.awaitingAnswer, it.channel.text.slice(-4), sink.events.at(-1)]).toEqual([
      true,
      '250-',
      'flushed',
    ]);
  });

  test('does not let them wait for what befalls the reply to the next command', () => {
    const sink = new RecordingSink();
    const it = held(sink, once('noop', { effect: 'delay', milliseconds: 10 }), 'bob');
    it.send('content\r\n.\r\nNOOP\r\n');
    it.channel.leave();
    expect([it.heard(), sink.events.at(-1)]).toEqual([[250], 'flushed']);
  });
});

describe('a reply that is cut', () => {
  test.each([
    [4, '250 ', ['sent', 250, 4]],
    [0, '', ['sent', 250, 0]],
    [Infinity, '250 2.1.0 Sender accepted\r\n', ['sent', 250, 27]],
  ])('after %s octets', (after, written, sent) => {
    const observer = watch();
    const it = new MemoryDialogue({ observer, faults: once('mail', { effect: 'cut', by: 'rst', after }) });
    it.say(HELLO);
    const before = it.channel.text.length;
    it.say(MAIL, RCPT);
    expect(it.channel.text.slice(before)).toBe(written);
    expect([it.channel.endedBy, it.channel.closedBy, it.session.phase]).toEqual(['rst', 'server', 'rcpt']);
    expect(observer.told.slice(2)).toEqual([['troubled', 'mail', 250], sent]);
  });

  test('has its message kept', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink, faults: once('end-of-data', { effect: 'cut', by: 'fin', after: 0 }) });
    it.send('content\r\n.\r\n');
    it.dialogue.abort();
    expect([it.heard(), sink.events]).toEqual([[], ['content\r\n', 'end', 'flushed']]);
  });
});

describe('where there is no reply', () => {
  test('the connection is dropped, after what was said before, and the application is not asked', () => {
    const asked: string[] = [];
    const observer = watch();
    const it = new MemoryDialogue({
      observer,
      rcpt: ({ address }) => void asked.push(address),
      faults: once('rcpt', { effect: 'drop', by: 'fin' }),
    });
    it.say(HELLO, MAIL, RCPT, 'DATA');
    expect([it.heard(), asked, it.channel.endedBy]).toEqual([[220, 250, 250], [], 'fin']);
    expect(observer.told.at(-1)).toEqual(['troubled', 'rcpt', null]);
  });

  test('a message is not kept', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink, faults: once('end-of-data', { effect: 'drop', by: 'rst' }) });
    it.send('content\r\n.\r\n');
    expect([it.heard(), sink.events]).toEqual([[], ['content\r\n', 'abort', 'flushed']]);
  });

  test('the client waits in vain, and what it says is not read, until it goes', () => {
    const it = new MemoryDialogue({ faults: once('noop', { effect: 'stall' }) });
    it.say('NOOP', 'NOOP');
    expect([it.heard(), it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([[220], false, true]);
    it.dialogue.endInput();
    expect(it.channel.closedBy).toBe('client');
  });

  test('octets come in its place, and the command has no effect', () => {
    const octets = Buffer.from([0xff, 0x00, 0x0a]);
    const it = new MemoryDialogue({ faults: once('rcpt', { effect: 'garble', octets }) });
    it.say(HELLO, MAIL);
    const before = it.channel.text.length;
    it.say('NOOP', RCPT, 'DATA');
    // What was said before goes first.
    expect(it.channel.text.slice(before)).toMatch(/^250 .*\r\n\xff\0\n503 /);
  });

  test('a body counts as refused', () => {
    const sink = new RecordingSink();
    const it = inBody({
      body: () => sink,
      faults: once('end-of-data', { effect: 'garble', octets: Buffer.from('?') }),
    });
    it.send('content\r\n.\r\nMAIL FROM:<>\r\n');
    expect([sink.events[1], it.session.phase]).toEqual(['abort', 'rcpt']);
  });

  test('a client that goes on without a greeting is served', () => {
    const it = new MemoryDialogue({ faults: once('connect', { effect: 'garble', octets: Buffer.from('?\r\n') }) });
    it.say(HELLO);
    expect(it.heard()).toEqual([250]);
  });
});

describe('in LMTP each recipient has a reply of its own (RFC 2033 §4.2)', () => {
  const lmtp = { protocol: 'lmtp' } as const;
  const names = ['ann', 'bob', 'eve'];

  test.each([
    ['dropped', { effect: 'drop', by: 'fin' }, [250], ['ann'], [250, null, null]],
    ['cut', { effect: 'cut', by: 'rst', after: Infinity }, [250, 250], names, [250, 250, 250]],
    ['stalled', { effect: 'stall' }, [250], ['ann'], [250, null, null]],
    ['garbled', { effect: 'garble', octets: Buffer.from('?\r\n') }, [250, 250], ['ann', 'eve'], [250, null, 250]],
  ] as const)('and the second is %s', (_name, mishap, heard, keptFor, counting) => {
    const kept: string[] = [];
    const observer = watch();
    const sink = new RecordingSink((recipients) => {
      for (const { forwardPath } of recipients) kept.push(forwardPath.address.split('@')[0]!);
      return undefined;
    });
    const handler = { observer, body: () => sink, faults: once('end-of-data', mishap, 'bob') };
    const it = inBody(handler, lmtp, names);
    it.send('content\r\n.\r\n');
    expect([it.heard(), kept]).toEqual([heard, keptFor]);
    expect(observer.told).toContainEqual(['troubled', 'end-of-data', ...counting]);
  });

  test('and the second is delayed, the third with it', () => {
    const it = inBody({ faults: once('end-of-data', { effect: 'delay', milliseconds: 9 }, 'bob') }, lmtp, names);
    it.send('content\r\n.\r\n');
    expect(it.heard()).toEqual([250]);
    it.channel.clock.advance(9);
    expect(it.heard()).toEqual([250, 250]);
  });
});

test('a chunk whose reply trickles is followed by no other command until that has come, though its sink pauses', () => {
  const sink = new RecordingSink();
  sink.accepting = false;
  let resume!: () => void;
  const it = new MemoryDialogue({
    body: (toResume) => ((resume = toResume), sink),
    faults: once('bdat', { effect: 'trickle', octets: 4, milliseconds: 10 }),
  });
  it.say(HELLO, MAIL, RCPT);
  const before = it.channel.text.length;
  it.send('BDAT 2\r\nhiNOOP\r\n');
  resume();
  expect(it.channel.text.slice(before)).toBe('250 ');
  for (let pieces = 0; pieces < 10; pieces++) it.channel.clock.advance(10);
  expect(it.channel.text.slice(before)).toBe('250 2.5.0 Chunk accepted\r\n250 2.0.0 OK\r\n');
});

test('a sink that pauses within a chunk whose reply is delayed keeps its pause when that has come', () => {
  const sink = new RecordingSink();
  sink.accepting = false;
  const it = new MemoryDialogue({ body: () => sink, faults: once('bdat', { effect: 'delay', milliseconds: 10 }) });
  it.say(HELLO, MAIL, RCPT);
  it.heard();
  it.send('BDAT 2\r\nhiNOOP\r\n');
  it.channel.clock.advance(10);
  expect([it.heard(), it.dialogue.reading]).toEqual([[250], false]);
});

test('a session that is ended in the midst of a reply says nothing: it would be read as the rest of that', () => {
  const it = new MemoryDialogue({ faults: once('noop', { effect: 'trickle', octets: 4, milliseconds: 10 }) });
  it.heard();
  const before = it.channel.text.length;
  it.say('NOOP');
  it.dialogue.closeWith(reply(421, '4.3.2', 'Closing'), 'server');
  expect([it.channel.text.slice(before), it.channel.closedBy, it.channel.clock.running]).toEqual(['250 ', 'server', 0]);
});

test('a chunk that goes unanswered leaves what a refused one leaves (RFC 3030 §2)', () => {
  const it = new MemoryDialogue({ faults: once('bdat', { effect: 'garble', octets: Buffer.from('?') }) });
  it.say(HELLO, MAIL, RCPT);
  it.send('BDAT 2\r\nhi');
  expect(it.session.phase).toBe('reset');
});

describe('a content that is held up before anything has come', () => {
  test.each([
    ['DATA', 'DATA\r\ncontent\r\n.\r\n', [354, 250]],
    ['BDAT', 'BDAT 9 LAST\r\ncontent\r\n', [250]],
  ])('is not read: by %s', (_verb, octets, codes) => {
    const sink = Object.assign(new RecordingSink(), { paused: true });
    let resume!: () => void;
    const it = new MemoryDialogue({ body: (toResume) => ((resume = toResume), sink) });
    it.say(HELLO, MAIL, RCPT);
    it.heard();
    it.send(octets);
    expect(sink.events).toEqual([]);
    resume();
    expect([sink.events.slice(0, 2), it.heard()]).toEqual([['content\r\n', 'end'], codes]);
  });
});

describe('a session that is stalled', () => {
  test('while an answer is awaited says nothing when that comes', async () => {
    const observer = watch();
    const it = new MemoryDialogue({ observer, mail: async () => undefined });
    it.say(HELLO, MAIL);
    it.dialogue.stall();
    const told = observer.told.length;
    await Promise.resolve();
    await Promise.resolve();
    expect([it.heard(), observer.told.length, it.dialogue.reading]).toEqual([[220, 250], told, false]);
  });

  test('while a reply is delayed never sends it, and has nothing to wait for', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink, faults: once('end-of-data', { effect: 'delay', milliseconds: 10 }) });
    it.send('content\r\n.\r\n');
    it.dialogue.stall();
    expect([it.channel.clock.running, sink.events.at(-1)]).toEqual([0, 'flushed']);
    it.channel.clock.advance(10);
    expect(it.heard()).toEqual([]);
  });

  test.each([
    ['stall', (it: MemoryDialogue) => it.dialogue.stall(), null],
    ['cut', (it: MemoryDialogue) => it.dialogue.cut('fin'), 'server'],
  ] as const)('or cut by its sink at the end of a content answers nothing: by %s', (_way, end, closedBy) => {
    const observer = watch();
    const trickle = once('end-of-data', { effect: 'trickle', octets: 4, milliseconds: 10 });
    const sink = new RecordingSink(() => {
      end(it);
      return undefined;
    });
    const it = inBody({ observer, body: () => sink, faults: trickle });
    const told = observer.told.length;
    it.send('content\r\n.\r\nNOOP\r\n');
    expect([it.heard(), observer.told.length, it.channel.closedBy]).toEqual([[], told, closedBy]);
    expect(sink.events).toEqual(['content\r\n', 'end', 'flushed']);
  });

  test('is ended without a word: a 421 would be read as the reply that never comes', () => {
    const observer = watch();
    const it = new MemoryDialogue({ observer, faults: once('noop', { effect: 'stall' }) });
    it.say('NOOP');
    it.dialogue.closeWith(reply(421, '4.3.2', 'Closing'), 'server');
    expect([it.heard(), it.channel.closedBy]).toEqual([[220], 'server']);
    expect(observer.told.at(-1)).toEqual(['troubled', 'noop', null]);
  });

  test('is over at once where the client has said its last word before', async () => {
    const lmtp = { protocol: 'lmtp' } as const;
    const answer = async (): Promise<undefined> => undefined;
    const faults = once('end-of-data', { effect: 'stall' }, 'bob');
    const it = inBody({ body: () => new RecordingSink(answer), faults }, lmtp, ['ann', 'bob']);
    it.send('content\r\n.\r\n');
    it.dialogue.endInput();
    await it.answered();
    expect([it.heard(), it.channel.closedBy]).toEqual([[250], 'client']);
  });

  test('in its handshake is asked nothing when that is done', () => {
    const asked: string[] = [];
    const it = new MemoryDialogue({ secured: () => void asked.push('secured') }, { startTls: 'available' });
    it.say(HELLO, 'STARTTLS');
    it.dialogue.stall();
    it.dialogue.secured();
    expect([asked, it.dialogue.reading]).toEqual([[], false]);
  });

  test('in the midst of a content answers nothing, though all of it has come', () => {
    const sink = new RecordingSink();
    const discarded: number[] = [];
    const it = inBody({ body: () => sink, observer: { discarded: (octets) => discarded.push(octets) } });
    const write = sink.write.bind(sink);
    sink.write = (piece) => {
      const glad = write(piece);
      it.dialogue.stall();
      return glad;
    };
    it.send('content\r\n.\r\nNOOP\r\n');
    it.send('NOOP\r\n');
    expect([it.heard(), sink.events]).toEqual([[], ['content\r\n', 'abort']]);
    // What still comes is read on, and not kept.
    it.dialogue.discard();
    expect(discarded).toEqual(['NOOP\r\n'.length]);
    expect([it.dialogue.saturated, it.channel.resumed]).toEqual([false, 1]);
    it.dialogue.endInput();
    expect(it.channel.closedBy).toBe('client');
  });
});

test.each(['stall', 'cut'] as const)('by a sink that puts an end to it no more is written to it: by %s', (way) => {
  const sink = new RecordingSink();
  const it = inBody({ body: () => sink });
  const write = sink.write.bind(sink);
  sink.write = (piece) => {
    const glad = write(piece);
    if (way === 'stall') it.dialogue.stall();
    else it.dialogue.cut('fin');
    return glad;
  };
  // The dot may have been the end, and so comes as a piece of its own.
  it.send('.');
  it.send('\n');
  expect(sink.events).toEqual(['.', 'abort']);
});

test('a session that is ended while its last reply is delayed says why once, and is over', () => {
  const it = new MemoryDialogue({ faults: once('quit', { effect: 'delay', milliseconds: 10 }) });
  it.say('QUIT');
  it.heard();
  for (let times = 0; times < 2; times++) it.dialogue.closeWith(reply(421, '4.3.2', 'Closing'), 'server');
  expect([it.heard(), it.channel.closedBy]).toEqual([[421], 'server']);
});

test('a connection that is cut in the midst of a content has no message, though all of it has come', () => {
  const sink = new RecordingSink();
  const it = inBody({ body: () => sink });
  const write = sink.write.bind(sink);
  sink.write = (piece) => {
    const glad = write(piece);
    it.dialogue.cut('rst');
    return glad;
  };
  it.send('content\r\n.\r\n');
  it.dialogue.abort();
  expect([it.heard(), sink.events, it.channel.endedBy]).toEqual([[], ['content\r\n', 'abort'], 'rst']);
});
