import { describe, expect, test } from 'vitest';
import { policyWith } from '../testing/policy.ts';
import { ask, askAll, proposalFor, sessionIn } from '../testing/session-steps.ts';
import { readParameters } from '../wire/parameters.ts';
import * as replies from '../wire/replies.ts';
import { reply } from '../wire/reply.ts';
import { refuse } from './proposal.ts';
import { hidden, type Extension, type ExtensionContext } from './extension.ts';
import { eightBitMime } from './extensions/body.ts';
import { pipelining, smtpUtf8 } from './extensions/simple.ts';
import { size } from './extensions/size.ts';
import type { SessionPolicy } from './policy.ts';

/** What EHLO lists. */
function listed(changes: Partial<SessionPolicy>): readonly string[] {
  return ask(sessionIn('hello', changes), 'EHLO client.example').lines.slice(1);
}

describe('EHLO lists', () => {
  test('the extensions of the policy in their order, and none else', () => {
    expect(listed({ extensions: [smtpUtf8, pipelining] })).toEqual(['SMTPUTF8', 'PIPELINING']);
    expect(listed({ extensions: [] })).toEqual([]);
  });

  test('nothing to HELO', () => {
    expect(ask(sessionIn('hello'), 'HELO client.example').lines).toEqual(['mail.example']);
  });

  test('no extension that is hidden, and it works all the same', () => {
    expect(listed({ extensions: [hidden(size), pipelining] })).toEqual(['PIPELINING']);
    const session = sessionIn('mail', { extensions: [hidden(size)], maxSize: 10 });
    expect(ask(session, 'MAIL FROM:<> SIZE=11').code).toBe(552);
    expect(ask(session, 'MAIL FROM:<> SIZE=10').code).toBe(250);
  });

  test('each line of one written without types that offers several, or none', () => {
    const several = { keyword: 'X', offer: () => ['X-ONE', 'X-TWO'] } as unknown as Extension;
    const none = { keyword: 'X', offer: () => null } as unknown as Extension;
    expect(listed({ extensions: [several, none, pipelining] })).toEqual(['X-ONE', 'X-TWO', 'PIPELINING']);
  });

  test('no extension whose commands are all disabled', () => {
    const turn: Extension = {
      keyword: 'XTURN',
      offer: () => 'XTURN',
      commands: {
        XTURN: { propose: () => refuse('other', replies.notImplemented) },
        XBACK: { propose: () => refuse('other', replies.notImplemented) },
      },
    };
    expect(listed({ extensions: [turn], disabledCommands: new Set(['XTURN']) })).toEqual(['XTURN']);
    expect(listed({ extensions: [turn], disabledCommands: new Set(['XTURN', 'XBACK']) })).toEqual([]);
    expect(listed({ extensions: [{ ...turn, commands: {} }] })).toEqual(['XTURN']);
  });
});

describe('a parameter', () => {
  const mail = (parameters: string, extensions: readonly Extension[]): number =>
    ask(sessionIn('mail', { extensions }), `MAIL FROM:<ann@example.org> ${parameters}`).code;

  test('that no extension has is unknown (RFC 5321 §4.1.1.11)', () => {
    expect(mail('XYZZY', [size])).toBe(555);
    expect(mail('SIZE=1 XYZZY=1', [size])).toBe(555);
    expect(mail('SIZE=1', [])).toBe(555);
    for (const name of ['CONSTRUCTOR', 'constructor', 'toString']) expect(mail(`${name}=1`, [size])).toBe(555);
  });

  test('that several have is good if one finds it so, and else what the last one says', () => {
    const only = (word: string): Extension => ({
      keyword: word,
      offer: () => word,
      mail: { X: (value) => (value === word ? undefined : reply(501, '5.5.4', `Not ${word}`)) },
    });
    expect(mail('X=a', [only('a'), only('b')])).toBe(250);
    expect(mail('X=b', [only('a'), only('b')])).toBe(250);
    const session = sessionIn('mail', { extensions: [only('a'), size, only('b')] });
    expect(ask(session, 'MAIL FROM:<> X=c').lines).toEqual(['Not b']);
    expect(mail('BODY=BINARYMIME', [eightBitMime])).toBe(501);
  });

  test('is checked one after the other, and the first that is refused answers', () => {
    const session = sessionIn('mail', { maxSize: 10 });
    expect(ask(session, 'MAIL FROM:<> SIZE=11 BODY=9BIT').code).toBe(552);
    expect(ask(session, 'MAIL FROM:<> BODY=9BIT SIZE=11').code).toBe(501);
  });

  test('of RCPT is none of MAIL, and the other way round', () => {
    const own: Extension = { keyword: 'XMOOD', offer: () => 'XMOOD', rcpt: { XMOOD: () => undefined } };
    expect(mail('XMOOD=good', [own])).toBe(555);
    expect(ask(sessionIn('rcpt', { extensions: [own] }), 'RCPT TO:<bob@example.com> XMOOD=good').code).toBe(250);
    expect(ask(sessionIn('rcpt'), 'RCPT TO:<bob@example.com> SIZE=1').code).toBe(555);
  });

  test('is handed to the check as it was spelled, and kept', () => {
    const seen: unknown[] = [];
    const note = (value: string | true, context: ExtensionContext): undefined =>
      void seen.push([value, context.secure]);
    const own: Extension = { keyword: 'XMOOD', offer: () => 'XMOOD', rcpt: { XMOOD: note } };
    const session = sessionIn('rcpt', { extensions: [own] });
    expect(askAll(session, ['RCPT TO:<bob@example.com> xmood=Good', 'RCPT TO:<carl@example.com> XMOOD'])).toEqual([
      250, 250,
    ]);
    expect(seen).toEqual([
      ['Good', false],
      [true, false],
    ]);
    expect(session.transaction!.recipients.map(({ parameters }) => parameters)).toEqual([
      readParameters('XMOOD=Good'),
      readParameters('XMOOD'),
    ]);
  });
});

describe('a command that an extension adds', () => {
  const greet: Extension = {
    keyword: 'XGREET',
    offer: () => 'XGREET',
    commands: {
      XGREET: {
        propose: ({ hello }, argument) => ({
          step: 'other',
          refused: false,
          reply: reply(250, '2.0.0', `Hello ${hello?.name ?? 'stranger'}, ${argument}`),
        }),
      },
    },
  };

  test('is found in any case, in any phase, and sees state and argument', () => {
    const { extensions } = policyWith();
    const session = sessionIn('hello', { extensions: [...extensions, greet] });
    expect(ask(session, 'xGreet  how are you ').lines).toEqual(['Hello stranger, how are you']);
    ask(session, 'EHLO client.example');
    expect(ask(session, 'XGREET').lines).toEqual(['Hello client.example, ']);
    expect(session.knows('XGREET')).toBe(true);
    expect(session.phase).toBe('mail');
  });

  test('is unknown without it, and where it is disabled', () => {
    expect(ask(sessionIn('mail'), 'XGREET').code).toBe(500);
    const disabled = sessionIn('mail', { extensions: [greet], disabledCommands: new Set(['XGREET']) });
    expect(ask(disabled, 'XGREET').code).toBe(500);
  });

  test('can not take the place of one of RFC 5321', () => {
    const thief: Extension = {
      keyword: 'X',
      offer: () => 'X',
      commands: { RSET: greet.commands!['XGREET']!, EHLO: greet.commands!['XGREET']! },
    };
    const session = sessionIn('data', { extensions: [thief] });
    expect(proposalFor(session, 'EHLO client.example').step).toBe('ehlo');
    expect(proposalFor(session, 'RSET').step).toBe('rset');
  });

  test('is not found in what every object has', () => {
    const session = sessionIn('mail', { extensions: [greet] });
    for (const verb of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(session.knows(verb)).toBe(false);
  });

  test('is that of the first extension which has it', () => {
    const other: Extension = {
      ...greet,
      commands: { XGREET: { propose: () => refuse('other', replies.notImplemented) } },
    };
    expect(ask(sessionIn('mail', { extensions: [greet, other] }), 'XGREET').code).toBe(250);
    expect(ask(sessionIn('mail', { extensions: [other, greet] }), 'XGREET').code).toBe(502);
  });
});

// RFC 2852: BY=<by-time>;<by-mode>[by-trace], and a command of our own that tells of it.
describe('DELIVERBY, written by somebody else', () => {
  const MIN_BY_TIME = 240;
  const syntax = reply(501, '5.5.4', 'Syntax: BY=seconds;N|R[T]');
  const deliverBy: Extension = {
    keyword: 'DELIVERBY',
    offer: ({ secure }) => (secure ? undefined : `DELIVERBY ${MIN_BY_TIME}`),
    mail: {
      BY(value) {
        const match = /^(-?\d{1,9});([NR])T?$/i.exec(String(value));
        if (match === null) return syntax;
        const [, time, mode] = match as unknown as [string, string, string];
        // RFC 2852 §4: a message to be returned must have some time left, and not less than the server wants.
        const isReturned = mode.toUpperCase() === 'R';
        if (isReturned && Number(time) <= 0) return syntax;
        return isReturned && Number(time) < MIN_BY_TIME ? reply(455, '4.5.4', 'That is too soon') : undefined;
      },
    },
    commands: {
      XBY: {
        propose({ transaction }) {
          const by = transaction?.parameters['BY'];
          return by === undefined
            ? refuse('other', replies.mailFirst)
            : { step: 'other', refused: false, reply: reply(250, '2.0.0', String(by)) };
        },
      },
    },
  };
  const extensions = [deliverBy, size];

  test('is listed with its parameter', () => {
    expect(listed({ extensions })).toEqual(['DELIVERBY 240', 'SIZE']);
  });

  test.each([
    ['BY=300;R', 250],
    ['by=300;nt', 250],
    ['BY=-5;N', 250],
    ['BY=120;R', 455],
    ['BY=-5;R', 501],
    ['BY=soon;R', 501],
    ['BY=300', 501],
    ['BY', 501],
    ['BY=300;R BY=300;R', 501],
    ['BY=300;R SIZE=1', 250],
  ])('%s earns %i', (parameters, code) => {
    expect(ask(sessionIn('mail', { extensions }), `MAIL FROM:<ann@example.org> ${parameters}`).code).toBe(code);
  });

  test('adds its command', () => {
    const session = sessionIn('mail', { extensions });
    expect(ask(session, 'XBY').code).toBe(503);
    ask(session, 'MAIL FROM:<ann@example.org> BY=300;R');
    expect(ask(session, 'XBY')).toEqual(reply(250, '2.0.0', '300;R'));
    expect(session.phase).toBe('rcpt');
  });
});
