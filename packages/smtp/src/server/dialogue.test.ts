import { describe, expect, test } from 'vitest';
import type { Proposal } from '../session/proposal.ts';
import { inBody, MemoryDialogue, RecordingSink } from '../testing/memory-dialogue.ts';
import * as replies from '../wire/replies.ts';
import { reply, type Reply } from '../wire/reply.ts';
import type { FaultScript } from './fault.ts';
import type { Answer, SessionHandler } from './handler.ts';
import { withResolvers } from './with-resolvers.ts';

const HELLO = 'EHLO client.example';
const MAIL = 'MAIL FROM:<ann@example.org>';
const RCPT = 'RCPT TO:<bob@example.com>';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const greylisted = reply(451, '4.7.1', 'Greylisted');
const noSuchUser = reply(550, '5.1.1', 'No such user');
const full = reply(452, '4.2.2', 'Mailbox full');
const closing = reply(421, '4.3.2', 'Closing');
const faults = (take: FaultScript['take']): FaultScript => ({ take });

describe('a turn', () => {
  test('is one write, however many replies it has', () => {
    const it = new MemoryDialogue();
    it.send(`${HELLO}\r\n${'NOOP\r\n'.repeat(50)}`);
    expect(it.channel.writes).toHaveLength(2);
    expect(it.heard()).toHaveLength(52);
  });

  test('is several where its replies are long', () => {
    const it = new MemoryDialogue();
    it.send('HELP\r\n'.repeat(3_000));
    expect(it.channel.codes).toHaveLength(3_001);
    expect(it.channel.writes.length).toBeGreaterThan(2);
    for (const text of it.channel.writes) expect(text.length).toBeLessThan(70_000);
  });

  test('without a whole command is none', () => {
    const it = new MemoryDialogue();
    it.send('NOO');
    it.send('P\r');
    expect(it.channel.writes).toHaveLength(1);
  });

  test('is told to the observer before it is written', () => {
    const told: [step: string, code: number, written: number][] = [];
    let written = (): number => 0;
    const replied = ({ step }: Proposal, [first]: readonly Reply[]): void =>
      void told.push([step, first!.code, written()]);
    const it = new MemoryDialogue({ observer: { replied } });
    written = () => it.channel.codes.length;
    it.say(HELLO);
    it.say('XYZZY');
    expect(told).toEqual([
      ['connect', 220, 0],
      ['ehlo', 250, 1],
      ['other', 500, 2],
    ]);
  });
});

describe('an observer learns whether the client went on before a reply', () => {
  /** The steps that were answered while more was there. */
  function watched(handler: SessionHandler = {}): { it: MemoryDialogue; ahead: string[] } {
    const ahead: string[] = [];
    const replied = ({ step }: Proposal, _replies: readonly Reply[], more: boolean): void => {
      if (more) ahead.push(step);
    };
    return { it: new MemoryDialogue({ ...handler, observer: { replied } }), ahead };
  }

  test('by the commands that came with it, and not by the last of them', () => {
    const { it, ahead } = watched();
    it.say(HELLO);
    it.say(MAIL, RCPT, 'DATA');
    it.say('.', 'NOOP', 'RSET');
    expect(ahead).toEqual(['mail', 'rcpt', 'end-of-data', 'noop']);
  });

  test('by the beginning of a line, but not by one that comes when it was answered', () => {
    const { it, ahead } = watched();
    it.send(`${HELLO}\r\nNO`);
    it.send('OP\r');
    it.send('\n');
    it.say('NOOP');
    expect(ahead).toEqual(['ehlo']);
  });

  test('by what comes while the answer is awaited', async () => {
    const { promise, resolve } = withResolvers<Answer>();
    const { it, ahead } = watched({ mail: () => promise });
    it.say(HELLO);
    it.say(MAIL);
    it.say(RCPT);
    resolve(undefined);
    await it.answered();
    expect(ahead).toEqual(['mail']);
  });

  test('and of a line that is none, what is wrong with it', () => {
    const told: unknown[] = [];
    const received = (line: string, fault?: string): void => void told.push([line, fault]);
    const it = new MemoryDialogue({ observer: { received } });
    it.send('TOOLONG\r\nNOOP\n\r\n');
    it.say('x'.repeat(513));
    expect(told).toEqual([
      ['TOOLONG', undefined],
      ['(bare line ending)', 'bare line ending'],
      ['(too long)', 'too long'],
    ]);
  });
});

describe('an answer that takes its time', () => {
  test('holds the pipeline, and keeps its order', async () => {
    const asked: string[] = [];
    const sender = withResolvers<Answer>();
    const recipient = withResolvers<Answer>();
    const it = new MemoryDialogue({
      mail: () => (asked.push('mail'), sender.promise),
      rcpt: () => (asked.push('rcpt'), recipient.promise),
    });
    it.say(HELLO, MAIL, RCPT, 'DATA', 'text', '.', 'QUIT');
    expect(asked).toEqual(['mail']);
    expect(it.heard()).toEqual([220, 250]);
    expect([it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([false, true]);

    sender.resolve(undefined);

    await sender.promise;
    expect(asked).toEqual(['mail', 'rcpt']);
    expect(it.heard()).toEqual([250]);

    recipient.resolve(undefined);

    await recipient.promise;
    expect(it.heard()).toEqual([250, 354, 250, 221]);
    expect(it.channel.closedBy).toBe('quit');
  });

  test('keeps what comes meanwhile, and asks for more afterwards', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ mail: () => answer.promise });
    it.say(HELLO, MAIL);
    for (const octets of ['RSE', 'T\r', '\nNO', 'OP\r\nQ']) it.send(octets);
    expect(it.heard()).toEqual([220, 250]);
    expect(it.channel.resumed).toBe(0);
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([250, 250, 250]);
    expect(it.channel.resumed).toBe(1);
    expect([it.dialogue.reading, it.dialogue.awaitingAnswer]).toEqual([true, false]);
  });

  test('may be the one to the connection: an early talker waits', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ connect: () => answer.promise });
    it.say(HELLO);
    expect(it.heard()).toEqual([]);
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([220, 250]);
  });

  test('may be any thenable', async () => {
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
    const answer = { then: (resolve: (answer: Answer) => void) => resolve(noSuchUser) } as PromiseLike<Answer>;
    const it = new MemoryDialogue({ mail: () => answer });
    it.say(HELLO, MAIL);
    expect(it.heard()).toEqual([220, 250, 550]);
  });

  test('comes too late where the client has gone', async () => {
    const answer = withResolvers<Answer>();
    const it = new MemoryDialogue({ mail: () => answer.promise });
    it.say(HELLO, MAIL, 'NOOP');
    it.dialogue.abort();
    answer.resolve(undefined);
    await answer.promise;
    expect(it.heard()).toEqual([220, 250]);
  });
});

describe('a handler that fails', () => {
  const broken = new Error('Broken');
  const failing = {
    throws: () => {
      throw broken;
    },
    rejects: () => Promise.reject(broken),
  };
  const ways = Object.entries(failing);

  const open = (handler: SessionHandler): { it: MemoryDialogue; failures: Error[] } => {
    const failures: Error[] = [];
    const it = new MemoryDialogue({ ...handler, observer: { failed: (error) => failures.push(error) } });
    return { it, failures };
  };

  test.each(ways)('at MAIL: it %s, the client gets 451, and the session goes on', async (_how, mail) => {
    const { it, failures } = open({ mail });
    it.say(HELLO, MAIL, RCPT, 'NOOP');
    await it.answered();
    expect(it.heard()).toEqual([220, 250, 451, 503, 250]);
    expect(failures).toEqual([broken]);
    expect(it.channel.text).not.toContain('Broken');
  });

  test.each(ways)('at RCPT: it %s, and there is no recipient', async (_how, rcpt) => {
    const { it, failures } = open({ rcpt });
    it.say(HELLO, MAIL, RCPT, 'DATA');
    await it.answered();
    expect(it.heard()).toEqual([220, 250, 250, 451, 503]);
    expect(failures).toEqual([broken]);
  });

  test.each(ways)('at AUTH: it %s, and nobody is logged in', async (_how, auth) => {
    const { it, failures } = open({ auth });
    it.say(HELLO, `AUTH PLAIN ${base64('\0ann\0secret')}`);
    await it.answered();
    expect(it.heard()).toEqual([220, 250, 451]);
    expect(it.session.username).toBeNull();
    expect(failures).toEqual([broken]);
  });

  test.each(ways)('at the connection: it %s, and the session is over', async (_how, connect) => {
    const { it, failures } = open({ connect });
    await it.answered();
    expect(it.heard()).toEqual([451]);
    expect(it.channel.closedBy).toBe('server');
    expect(failures).toEqual([broken]);
  });

  test.each(ways)('at the end of data: it %s, and the next message has its chance', async (_how, end) => {
    const sinks = [new RecordingSink(end), new RecordingSink()];
    let next = 0;
    const { it, failures } = open({ body: () => sinks[next++]! });
    it.say(HELLO, MAIL, RCPT, 'DATA', '.', MAIL, RCPT, 'DATA', '.');
    await it.answered();
    expect(it.heard()).toEqual([220, 250, 250, 250, 354, 451, 250, 250, 354, 250]);
    expect(sinks.map(({ events }) => events)).toEqual([
      ['end', 'flushed'],
      ['end', 'flushed'],
    ]);
    expect(failures).toEqual([broken]);
  });

  test('for every recipient in LMTP', async () => {
    const it = inBody({ body: () => new RecordingSink(failing.rejects) }, { protocol: 'lmtp' }, ['bob', 'carl']);
    it.say('.');
    await it.answered();
    expect(it.heard()).toEqual([451, 451]);
  });

  test('by throwing what is no error is reported as one', () => {
    const { it, failures } = open({
      mail: () => {
        // oxlint-disable-next-line typescript/only-throw-error -- that is what is tested
        throw 'just a text';
      },
    });
    it.say(HELLO, MAIL);
    expect(it.heard()).toEqual([220, 250, 451]);
    expect(failures).toEqual([new Error('just a text')]);
  });
});

describe('who answers', () => {
  test('a fault before the protocol, the protocol before the application, the application before the proposal', () => {
    const asked: string[] = [];
    const it = new MemoryDialogue({
      faults: faults(({ proposal }) => {
        asked.push(`fault ${proposal.step}`);
        return proposal.step === 'mail' && asked.length > 5 ? greylisted : undefined;
      }),
      mail: () => (asked.push('application mail'), noSuchUser),
    });
    it.say(HELLO, 'MAIL', MAIL, MAIL);
    expect(it.heard()).toEqual([220, 250, 501, 550, 451]);
    expect(asked).toEqual([
      'fault connect',
      'fault ehlo',
      'fault mail',
      'fault mail',
      'application mail',
      'fault mail',
    ]);
  });

  test('the application for what concerns it, and for nothing else', () => {
    const asked: unknown[] = [];
    const it = new MemoryDialogue({
      connect: () => void asked.push('connect'),
      auth: (credentials) => void asked.push(credentials),
      mail: (reversePath, parameters) => void asked.push([reversePath?.address, { ...parameters }]),
      rcpt: (forwardPath, parameters) => void asked.push([forwardPath.address, { ...parameters }]),
    });
    it.say(HELLO, 'AUTH LOGIN', base64('ann'), base64('secret'), 'NOOP', 'VRFY ann', 'RSET');
    it.say('MAIL FROM:<> SIZE=7', 'RCPT TO:<postmaster>', 'DATA', '.', 'QUIT');
    expect(asked).toEqual([
      'connect',
      { mechanism: 'LOGIN', username: 'ann', secret: 'secret', authorizationIdentity: '' },
      [undefined, { SIZE: '7' }],
      ['postmaster', {}],
    ]);
  });

  test('a bearer token is refused with a challenge first (XOAUTH2)', () => {
    const it = new MemoryDialogue({ auth: () => reply(334, null, base64('{"status":"401"}')) });
    const token = base64('user=ann\x01auth=Bearer stale\x01\x01');
    it.say(HELLO, `AUTH XOAUTH2 ${token}`, '', 'NOOP', 'AUTH XOAUTH2', token, '', 'NOOP');
    expect(it.heard()).toEqual([220, 250, 334, 535, 250, 334, 334, 535, 250]);
  });

  test('at 421 the connection closes, whoever said it', () => {
    const handlers: SessionHandler[] = [
      { mail: () => closing },
      { faults: faults(({ proposal }) => (proposal.step === 'mail' ? closing : undefined)) },
    ];
    for (const handler of handlers) {
      const it = new MemoryDialogue(handler);
      it.say(HELLO, MAIL, 'NOOP');
      it.say('NOOP');
      expect(it.heard()).toEqual([220, 250, 421]);
      expect(it.channel.closedBy).toBe('server');
    }
  });

  test('an answer of the wrong kind to a body confuses nobody', () => {
    const it = inBody({ body: () => new RecordingSink(() => replies.startMailInput) });
    it.say('.', 'NOOP', MAIL, RCPT, 'DATA', '.', 'NOOP');
    expect(it.heard()).toEqual([354, 250, 250, 250, 354, 354, 250]);
  });
});

describe('an observer', () => {
  test('reads what the client said, and no credentials', () => {
    const received: string[] = [];
    const it = new MemoryDialogue({ observer: { received: (line) => received.push(line) } });
    it.say(
      HELLO,
      `AUTH PLAIN ${base64('\0ann\0secret')}x`,
      'AUTH LOGIN',
      base64('ann'),
      '*',
      MAIL,
      RCPT,
      'DATA',
      'text',
      '.',
    );
    it.send('NOOP\n\r\n');
    it.say('x'.repeat(600));
    expect(received).toEqual([
      HELLO,
      'AUTH PLAIN ********',
      'AUTH LOGIN',
      '********',
      '*',
      MAIL,
      RCPT,
      'DATA',
      '(bare line ending)',
      '(too long)',
    ]);
  });

  test('hears all replies of a body at once', () => {
    const told: [string, number[]][] = [];
    const replied = ({ step }: Proposal, sent: readonly Reply[]): void =>
      void told.push([step, sent.map(({ code }) => code)]);
    const handler = { body: () => new RecordingSink(() => [undefined, full]), observer: { replied } };
    inBody(handler, { protocol: 'lmtp' }, ['bob', 'carl']).say('.');
    expect(told.at(-1)).toEqual(['end-of-data', [250, 452]]);
  });
});
