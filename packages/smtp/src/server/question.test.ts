import { describe, expect, test } from 'vitest';
import { xclient, xforward } from '../session/extensions/xclient.ts';
import type { Proposal, Refusal } from '../session/proposal.ts';
import { policyWith } from '../testing/policy.ts';
import { proposalFor, sessionIn } from '../testing/session-steps.ts';
import { surroundingsWith } from '../testing/surroundings.ts';
import { Session } from '../session/session.ts';
import type { Phase } from '../session/transitions.ts';
import * as replies from '../wire/replies.ts';
import { reply } from '../wire/reply.ts';
import type { Answer, MaybeLater, SessionHandler } from './handler.ts';
import { questionFor } from './question.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const refusal = reply(554, '5.7.1', 'Not you');
const changes = { extensions: [...policyWith().extensions, xclient(true), xforward(true)] };

function accepted(proposal: Proposal): Exclude<Proposal, Refusal> {
  if (proposal.refused) throw new Error(`Refused with ${proposal.reply.code}`);
  return proposal;
}

/** Notes what it is asked; its methods need their object, as those of a class do. */
class NotingHandler implements Required<
  Pick<SessionHandler, 'auth' | 'connect' | 'hello' | 'mail' | 'rcpt' | 'secured' | 'xclient' | 'xforward'>
> {
  readonly asked: [method: string, ...subject: unknown[]][] = [];

  connect(): Answer {
    return this.#note('connect');
  }
  secured(): Answer {
    return this.#note('secured');
  }
  hello(...subject: unknown[]): Answer {
    return this.#note('hello', ...subject);
  }
  auth(...subject: unknown[]): Answer {
    return this.#note('auth', ...subject);
  }
  mail(...subject: unknown[]): Answer {
    return this.#note('mail', ...subject);
  }
  rcpt(...subject: unknown[]): Answer {
    return this.#note('rcpt', ...subject);
  }
  xclient(...subject: unknown[]): Answer {
    return this.#note('xclient', ...subject);
  }
  xforward(...subject: unknown[]): Answer {
    return this.#note('xforward', ...subject);
  }

  #note(method: string, ...subject: unknown[]): Answer {
    this.asked.push([method, ...subject]);
    return refusal;
  }
}

describe('a handler is asked', () => {
  test.each<[string, Phase, string, string]>([
    ['hello', 'hello', 'EHLO client.example', 'hello'],
    ['hello', 'data', 'HELO client.example', 'hello'],
    ['mail', 'mail', 'MAIL FROM:<ann@example.org> SIZE=1', 'mail'],
    ['rcpt', 'rcpt', 'RCPT TO:<bob@example.com> NOTIFY=NEVER', 'rcpt'],
    ['auth', 'mail', `AUTH PLAIN ${base64('\0ann\0secret')}`, 'auth'],
    ['xclient', 'mail', 'XCLIENT ADDR=192.0.2.1', 'xclient'],
    ['xforward', 'mail', 'XFORWARD ADDR=192.0.2.1', 'xforward'],
  ])('%s, in %s, by %s', (_what, phase, line, method) => {
    const session = sessionIn(phase, changes);
    const handler = new NotingHandler();
    const question = questionFor(handler, accepted(proposalFor(session, line)), session);
    expect(handler.asked).toEqual([]);
    expect(question!()).toBe(refusal);
    expect(handler.asked.map(([asked]) => asked)).toEqual([method]);
    const unasked = questionFor({}, accepted(proposalFor(session, line)), session);
    expect(unasked?.()).toBe(method === 'auth' ? replies.authenticationFailed : undefined);
  });

  test('about what the command says', () => {
    const handler = new NotingHandler();
    const session = sessionIn('mail', changes);
    const lines = [
      'MAIL FROM:<ann@example.org> SIZE=1',
      `AUTH PLAIN ${base64('\0ann\0secret')}`,
      'XFORWARD NAME=a',
      'XCLIENT NAME=b',
      'EHLO c',
    ];
    for (const line of lines) void questionFor(handler, accepted(proposalFor(session, line)), session)!();
    expect(handler.asked).toMatchObject([
      ['mail', { address: 'ann@example.org' }, { SIZE: '1' }],
      ['auth', { mechanism: 'PLAIN', username: 'ann', secret: 'secret' }],
      ['xforward', new Map([['NAME', 'a']])],
      ['xclient', new Map([['NAME', 'b']])],
      ['hello', { verb: 'EHLO', name: 'c' }],
    ]);
  });

  test.each([
    ['mail', ['RSET', 'NOOP', 'QUIT', 'HELP', 'VRFY ann', 'STARTTLS', 'AUTH LOGIN']],
    ['data', ['DATA', 'BDAT 4', 'RSET']],
  ] as const)('nothing else in %s', (phase, lines) => {
    for (const line of lines) {
      const session = sessionIn(phase, changes);
      expect(questionFor(new NotingHandler(), accepted(proposalFor(session, line)), session)).toBeUndefined();
    }
  });

  test('nothing about credentials that were judged before the data which came with success', () => {
    const session = sessionIn('mail');
    const proposal = accepted(proposalFor(session, `AUTH PLAIN ${base64('\0ann\0secret')}`));
    expect(questionFor(new NotingHandler(), { ...proposal, judged: true } as typeof proposal, session)).toBeUndefined();
  });

  test('nothing in the middle of an exchange', () => {
    const session = sessionIn('credentials');
    const challenged = accepted(proposalFor(session, base64('ann')));
    expect(questionFor(new NotingHandler(), challenged, session)).toBeUndefined();
    session.commit(challenged, challenged.reply);
    expect(questionFor(new NotingHandler(), accepted(proposalFor(session, base64('secret'))), session)).toBeDefined();
  });
});

describe('a connection', () => {
  /** The answer to the greeting of a session under TLS, or in clear text. */
  function admit(handler: SessionHandler, secure: boolean): MaybeLater<Answer> {
    const session = new Session(policyWith(), surroundingsWith({ secure }));
    return questionFor(handler, accepted(session.proposeGreeting()), session)?.();
  }

  test('in clear text is judged as a client, and not by a handshake', () => {
    const asked: string[] = [];
    const connect = (): undefined => void asked.push('connect');
    const secured = (): Answer => (asked.push('secured'), refusal);
    expect(admit({ connect, secured }, false)).toBeUndefined();
    expect(asked).toEqual(['connect']);
    expect(admit({ connect: () => refusal }, false)).toBe(refusal);
    expect(admit({ secured }, false)).toBeUndefined();
  });

  test('under TLS is judged as a client, and then by its handshake', () => {
    const asked: string[] = [];
    const connect = (): undefined => void asked.push('connect');
    const secured = (): Answer => (asked.push('secured'), refusal);
    expect(admit({ connect, secured }, true)).toBe(refusal);
    expect(asked).toEqual(['connect', 'secured']);
    expect(admit({ secured }, true)).toBe(refusal);
    expect(admit({ connect }, true)).toBeUndefined();
    expect(admit({}, true)).toBeUndefined();
  });

  test('that was refused as a client has no second judge', () => {
    const handler = new NotingHandler();
    expect(admit(handler, true)).toBe(refusal);
    expect(handler.asked).toEqual([['connect']]);
  });

  test('may be judged later, in the same order', async () => {
    const asked: string[] = [];
    const connect = async (): Promise<undefined> => void asked.push('connect');
    const secured = async (): Promise<Answer> => (asked.push('secured'), refusal);
    expect(await admit({ connect, secured }, true)).toBe(refusal);
    expect(asked).toEqual(['connect', 'secured']);
    expect(await admit({ connect: async () => refusal, secured }, true)).toBe(refusal);
    expect(asked).toEqual(['connect', 'secured']);
  });
});
