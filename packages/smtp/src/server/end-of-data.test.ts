import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Proposal } from '../session/proposal.ts';
import { holds } from '../testing/holds.ts';
import { inBody, RecordingSink, type MemoryDialogue, pausedBy } from '../testing/memory-dialogue.ts';
import * as replies from '../wire/replies.ts';
import { reply } from '../wire/reply.ts';
import type { FaultScript } from './fault.ts';
import type { Answer, SessionHandler } from './handler.ts';
import { withResolvers } from './with-resolvers.ts';

const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';
const greylisted = reply(451, '4.7.1', 'Greylisted');
const noSuchUser = reply(550, '5.1.1', 'No such user');
const full = reply(452, '4.2.2', 'Mailbox full');
const closing = reply(421, '4.3.2', 'Closing');
const faults = (take: FaultScript['take']): FaultScript => ({ take });

describe('the end of data in LMTP', () => {
  test('of a message that was accepted for one of its recipients begins the count of commands anew', () => {
    const again = ['XYZZY', MAIL, RCPT, 'RCPT TO:<cid@example.com>', 'DATA', '.', 'XYZZY'];
    const heardBy = (answer: Answer | readonly Answer[]): number[] => {
      const body = (): RecordingSink => new RecordingSink(() => answer);
      const it = inBody({ body }, { protocol: 'lmtp', maxUnknownCommands: 2 }, ['bob', 'cid']);
      it.say('.', ...again);
      return it.heard();
    };
    expect(heardBy([undefined, full])).toEqual([250, 452, 500, 250, 250, 250, 354, 250, 452, 500]);
    expect(heardBy([full, undefined])).toEqual([452, 250, 500, 250, 250, 250, 354, 452, 250, 500]);
    expect(heardBy(full)).toEqual([452, 452, 500, 250, 250, 250, 354, 452, 452, 421]);
  });

  const lmtp = { protocol: 'lmtp' } as const;
  const names = ['bob', 'carl', 'dora'];

  test('has an answer for each recipient, in the order of RCPT', () => {
    const it = inBody({ body: () => new RecordingSink(() => [undefined, full, noSuchUser]) }, lmtp, names);
    it.say('.');
    expect(it.heard()).toEqual([250, 452, 550]);
  });

  test('later, too', async () => {
    const it = inBody({ body: () => new RecordingSink(async () => [full, undefined, noSuchUser]) }, lmtp, names);
    it.say('.', 'NOOP');
    expect(it.heard()).toEqual([]);
    await it.answered();
    expect(it.heard()).toEqual([452, 250, 550, 250]);
  });

  test('has one answer for all where the application gives one', () => {
    const it = inBody({ body: () => new RecordingSink(() => full) }, lmtp, names);
    it.say('.');
    expect(it.heard()).toEqual([452, 452, 452]);
  });

  test('is accepted where the application has no more to say', () => {
    const it = inBody({ body: () => new RecordingSink(() => [full]) }, lmtp, names);
    it.say('.');
    expect(it.heard()).toEqual([452, 250, 250]);
    const mute = inBody({}, lmtp, names);
    mute.say('.');
    expect(mute.heard()).toEqual([250, 250, 250]);
  });

  test('knows only recipients that were accepted', () => {
    const handler: SessionHandler = {
      rcpt: ({ localPart }) => (localPart === 'carl' ? noSuchUser : undefined),
      body: () =>
        new RecordingSink((recipients) => recipients.map(({ forwardPath }) => reply(250, null, forwardPath.localPart))),
    };
    const it = inBody(handler, lmtp, names);
    it.say('.');
    expect(it.channel.text).toMatch(/250 bob\r\n250 dora\r\n$/);
  });

  test('answers a recipient twice who was given twice, and asks for both', () => {
    let answers = 0;
    const handler = {
      body: () => new RecordingSink((recipients) => recipients.map(() => reply(250, null, `${++answers}`))),
    };
    const it = inBody(handler, lmtp, ['bob', 'carl', 'bob']);
    it.say('.');
    expect(it.channel.text).toMatch(/250 1\r\n250 2\r\n250 3\r\n$/);
  });

  test.each([
    [['carl'], [undefined, full], [250, 451, 452]],
    [['bob', 'dora'], [full], [451, 452, 451]],
    [['bob'], undefined, [451, 250, 250]],
  ])('faults for %s leave the rest to the application', (faulted, answers, codes) => {
    const asked: string[][] = [];
    const sink = new RecordingSink((recipients) => {
      asked.push(recipients.map(({ forwardPath }) => forwardPath.localPart));
      return answers;
    });
    const script = faults(({ recipients }) =>
      recipients?.some(({ forwardPath }) => faulted.includes(forwardPath.localPart)) ? greylisted : undefined,
    );
    const it = inBody({ body: () => sink, faults: script }, lmtp, names);
    it.say('.');
    expect(it.heard()).toEqual(codes);
    expect(asked).toEqual([names.filter((name) => !faulted.includes(name))]);
    expect(sink.events).toEqual(['end', 'flushed']);
  });

  test('faults for all leave nothing to the application', () => {
    const sink = new RecordingSink();
    const script = faults(({ recipients }) => (recipients === undefined ? undefined : greylisted));
    const it = inBody({ body: () => sink, faults: script }, lmtp, names);
    it.say('text', '.');
    expect(it.heard()).toEqual([451, 451, 451]);
    expect(sink.events).toEqual(['text\r\n', 'abort', 'flushed']);
  });

  test('a scripted acceptance words an acceptance, and hides no refusal', () => {
    const fine = reply(250, '2.0.0', 'Scripted');
    const script = faults(({ recipients }) => (recipients === undefined ? undefined : fine));
    const it = inBody({ body: () => new RecordingSink(() => [undefined, full]), faults: script }, lmtp, [
      'bob',
      'carl',
    ]);
    it.say('.');
    expect(it.channel.text).toMatch(/250 2\.0\.0 Scripted\r\n452 4\.2\.2 Mailbox full\r\n$/);
  });

  test('a 421 for one is told after the replies of all, and closes', () => {
    const it = inBody({ body: () => new RecordingSink(() => [closing, undefined, full]) }, lmtp, names);
    it.say('.', 'NOOP');
    expect(it.heard()).toEqual([421, 250, 452]);
    expect(it.channel.closedBy).toBe('server');
  });

  test('has as many replies as there were accepted recipients', () => {
    const rcpt: SessionHandler['rcpt'] = ({ localPart }) => (localPart === 'bad' ? noSuchUser : undefined);
    const bodies = fc
      .array(fc.constantFrom('bob', 'carl', 'bad'), { maxLength: 12 })
      .map((names) => [...names, 'dora']);
    holds(
      bodies,
      (names) => {
        const it = inBody({ rcpt }, lmtp, names);
        it.say('.');
        expect(it.heard()).toHaveLength(names.filter((name) => name !== 'bad').length);
      },
      50,
    );
  });
});

describe('the end of data in SMTP', () => {
  test('asks once, for all recipients, with the size', () => {
    const asked: unknown[] = [];
    const end = (recipients: readonly { forwardPath: { localPart: string } }[], size: number): undefined =>
      void asked.push([...recipients.map(({ forwardPath }) => forwardPath.localPart), size]);
    const it = inBody({ body: () => new RecordingSink(end) }, {}, ['bob', 'carl']);
    it.say('..text', '.');
    expect(it.heard()).toEqual([250]);
    expect(asked).toEqual([['bob', 'carl', 7]]);
  });

  test('a fault, or a body that is too large, is answered without asking', () => {
    const script = faults(({ proposal }) => (proposal.step === 'end-of-data' ? greylisted : undefined));
    for (const [handler, changes, code] of [
      [{ faults: script }, {}, 451],
      [{}, { maxSize: 5, rejectOversized: true }, 552],
    ] as const) {
      const sink = new RecordingSink();
      const it = inBody({ ...handler, body: () => sink }, changes);
      it.say('text', '.', 'DATA');
      expect(it.heard()).toEqual([code, 503]);
      expect(sink.events).toEqual(['text\r\n', 'abort', 'flushed']);
    }
  });

  test('a script can make no acceptance of a body that is too large', () => {
    const script = faults(({ proposal }) => (proposal.step === 'end-of-data' ? replies.ok : undefined));
    const sink = new RecordingSink();
    const it = inBody({ faults: script, body: () => sink }, { maxSize: 5, rejectOversized: true });
    it.say('text', '.');
    expect(it.heard()).toEqual([552]);
    expect(sink.events).toEqual(['text\r\n', 'abort', 'flushed']);
  });

  test('without a sink the body is thrown away', () => {
    const it = inBody({});
    it.say('text', '.', 'NOOP');
    expect(it.heard()).toEqual([250, 250]);
  });

  test('a sink is made for each body, and for nothing else', () => {
    let made = 0;
    const it = inBody({ body: () => (made++, new RecordingSink()) });
    it.say('.', MAIL, RCPT, 'DATA now', 'DATA', '.', 'DATA');
    expect(made).toBe(2);
  });
});

describe('a sink that asks for a pause', () => {
  const paused = (): ReturnType<typeof pausedBy> => pausedBy('one', inBody);

  test('is given nothing until it resumes', () => {
    const { it, sink, resume } = paused();
    expect([it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([false, true]);
    it.send(' two');
    it.send('\r\n.\r\nNOOP\r\n');
    expect(sink.events).toEqual(['one']);
    expect(it.heard()).toEqual([]);
    sink.accepting = true;
    resume();
    expect(sink.events).toEqual(['one', ' two\r\n', 'end', 'flushed']);
    expect(it.heard()).toEqual([250, 250]);
    expect(it.channel.resumed).toBe(1);
  });

  test('may pause again and again', () => {
    const { it, sink, resume } = paused();
    for (const octets of [' two', ' three', '\r\n']) {
      it.send(octets);
      resume();
      expect(it.dialogue.reading).toBe(false);
    }
    resume();
    expect(it.dialogue.reading).toBe(true);
    expect(sink.events).toEqual(['one', ' two', ' three', '\r\n']);
    it.send('.\r\n');
    expect(it.heard()).toEqual([250]);
  });

  test('is not waited for where the end has come with the piece', () => {
    const sink = new RecordingSink();
    sink.accepting = false;
    const it = inBody({ body: () => sink });
    it.say('text', '.', 'NOOP');
    expect(it.heard()).toEqual([250, 250]);
  });

  test('resumes only what it had paused', () => {
    const { it, resume } = paused();
    resume();
    resume();
    expect(it.channel.resumed).toBe(1);
    it.send('\r\n.\r\n');
    resume();
    expect(it.heard()).toEqual([250]);
  });

  test('does not go on where the sink of an earlier body asks to', () => {
    const resumes: (() => void)[] = [];
    const sinks = [new RecordingSink(), new RecordingSink()];
    for (const sink of sinks) sink.accepting = false;
    const it = inBody({ body: (resume) => sinks[resumes.push(resume) - 1]! });
    it.say('.', MAIL, RCPT, 'DATA');
    it.send('one');
    it.send(' two');
    resumes[0]!();
    expect(sinks[1]!.events).toEqual(['one']);
    resumes[1]!();
    expect(sinks[1]!.events).toEqual(['one', ' two']);
  });

  test('is told where the client goes meanwhile', () => {
    const { it, sink, resume } = paused();
    it.dialogue.abort();
    resume();
    expect(sink.events).toEqual(['one', 'abort']);
  });
});

describe('a sink ends', () => {
  test('with abort where the client goes in the body, once', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink });
    it.say('text');
    it.dialogue.abort();
    it.dialogue.abort();
    it.say('.');
    expect(sink.events).toEqual(['text\r\n', 'abort']);
  });

  test('with abort where the server ends the session in the body', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink });
    it.dialogue.closeWith(replies.idleTooLong, 'timeout');
    expect(it.heard()).toEqual([421]);
    expect(it.channel.closedBy).toBe('timeout');
    it.dialogue.abort();
    expect(sink.events).toEqual(['abort']);
  });

  test('with end where the client goes after it, and is told once that nothing was flushed', async () => {
    const answer = withResolvers<Answer>();
    const sink = new RecordingSink(() => answer.promise);
    const it = inBody({ body: () => sink });
    it.say('.');
    it.dialogue.abort();
    expect(sink.events).toEqual(['end']);
    answer.resolve(undefined);
    await answer.promise;
    it.dialogue.abort();
    expect(sink.events).toEqual(['end', 'flushed']);
    expect(it.heard()).toEqual([]);
  });

  test('and knows when its reply has left, not before', () => {
    const sink = new RecordingSink();
    const it = inBody({ body: () => sink });
    it.channel.leaving = false;
    it.say('.');
    it.say('NOOP');
    expect(it.heard()).toEqual([250, 250]);
    expect(sink.events).toEqual(['end']);
    it.channel.leave();
    it.channel.leave();
    it.dialogue.abort();
    expect(sink.events).toEqual(['end', 'flushed']);
  });

  test('and knows it too where several end in one turn', () => {
    const sinks: RecordingSink[] = [];
    const it = inBody({ body: () => sinks[sinks.push(new RecordingSink()) - 1]! });
    it.channel.leaving = false;
    it.say('.', MAIL, RCPT, 'DATA', '.', 'QUIT');
    expect(sinks.map(({ events }) => events)).toEqual([['end'], ['end']]);
    it.channel.leave();
    it.dialogue.abort();
    expect(sinks.map(({ events }) => events)).toEqual([
      ['end', 'flushed'],
      ['end', 'flushed'],
    ]);
  });

  test('and knows it where the connection was cut before the write', () => {
    const sink = new RecordingSink();
    const replied = (proposal: Proposal): void => {
      if (proposal.step === 'end-of-data') it.dialogue.abort();
    };
    const it: MemoryDialogue = inBody({ body: () => sink, observer: { replied } });
    it.say('.', 'NOOP');
    expect(it.heard()).toEqual([]);
    expect(sink.events).toEqual(['end', 'flushed']);
  });
});
