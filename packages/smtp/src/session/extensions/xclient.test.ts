import { describe, expect, test } from 'vitest';
import { policyWith } from '../../testing/policy.ts';
import { ask, askAll, proposalFor, sessionIn } from '../../testing/session-steps.ts';
import { surroundingsWith } from '../../testing/surroundings.ts';
import { reply } from '../../wire/reply.ts';
import type { Extension } from '../extension.ts';
import type { SessionPolicy } from '../policy.ts';
import { Session } from '../session.ts';
import { xclient, xforward, type TrustedAddresses } from './xclient.ts';

const both = (trusted: TrustedAddresses): readonly Extension[] => [xclient(trusted), xforward(trusted)];
const everybody = { extensions: both(true) };

/** A session that was greeted, from that address. */
function sessionFrom(peerAddress: string, changes: Partial<SessionPolicy> = {}): Session {
  const session = new Session(policyWith(changes), surroundingsWith({ peerAddress }));
  const greeting = session.proposeGreeting();
  session.commit(greeting, greeting.reply);
  return session;
}

describe('who is trusted', () => {
  test.each<[TrustedAddresses, string, boolean]>([
    [true, '192.0.2.7', true],
    [['*'], '192.0.2.7', true],
    [['192.0.2.1', '*'], '192.0.2.7', true],
    [['192.0.2.7'], '192.0.2.7', true],
    [['192.0.2.7'], '192.0.2.70', false],
    [['192.0.2.7'], '::ffff:192.0.2.7', true],
    [['::ffff:192.0.2.7'], '192.0.2.7', true],
    [['2001:DB8::1'], '2001:db8:0:0:0:0:0:1', true],
    [['2001:db8::1'], '2001:db8::2', false],
    [['localhost'], '127.0.0.1', false],
    [[], '127.0.0.1', false],
    [['192.0.2.7'], '', false],
  ])('with %o, %s: %s', (trusted, peerAddress, isTrusted) => {
    const session = sessionFrom(peerAddress, { extensions: both(trusted) });
    const [first, ...lines] = ask(session, 'EHLO proxy.example').lines;
    expect(first).toBe('mail.example');
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual(isTrusted ? ['XCLIENT', 'XFORWARD'] : []);
    expect(ask(session, 'XFORWARD ADDR=192.0.2.1').code).toBe(isTrusted ? 250 : 550);
    expect(ask(session, 'XCLIENT ADDR=192.0.2.1').code).toBe(isTrusted ? 220 : 550);
  });
});

describe('XCLIENT', () => {
  test('proposes the greeting with the attributes', () => {
    const proposal = proposalFor(sessionIn('hello', everybody), 'XCLIENT NAME=spike.example ADDR=192.0.2.1');
    expect(proposal).toMatchObject({ step: 'xclient', refused: false, reply: reply(220, null, 'mail.example ESMTP') });
    expect(proposal).toHaveProperty(
      'attributes',
      new Map(Object.entries({ NAME: 'spike.example', ADDR: '192.0.2.1' })),
    );
  });

  test('forgets who said hello and who has authenticated', () => {
    const session = sessionIn('mail', everybody);
    ask(session, `AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`);
    expect(session.username).toBe('ann');
    ask(session, 'XCLIENT NAME=spike.example');
    expect([session.phase, session.hello, session.username]).toEqual(['hello', null, null]);
  });

  test('leaves TLS as it is', () => {
    const session = sessionIn('handshake', everybody);
    session.secured();
    ask(session, 'XCLIENT ADDR=192.0.2.1');
    expect([session.phase, session.secure]).toEqual(['hello', true]);
  });

  test('with ADDR hands the session over, whatever the address, and nobody is left who is trusted', () => {
    for (const attribute of ['ADDR=192.0.2.1', 'ADDR=[UNAVAILABLE]']) {
      const session = sessionIn('hello', everybody);
      expect(askAll(session, ['XCLIENT NAME=a', 'XCLIENT LOGIN=ann', `XCLIENT ${attribute}`])).toEqual([220, 220, 220]);
      expect(session.handedOver).toBe(true);
      expect(askAll(session, ['XCLIENT NAME=a', 'XFORWARD NAME=a'])).toEqual([550, 550]);
    }
  });

  test('that was refused by the application ends the session, and hands nothing over', () => {
    const session = sessionIn('mail', everybody);
    ask(session, 'XCLIENT ADDR=192.0.2.1', reply(554, '5.7.1', 'Not you'));
    expect([session.phase, session.handedOver]).toEqual(['closed', false]);
  });

  test.each(['rcpt', 'data', 'chunks', 'reset'] as const)('in %s earns 503', (phase) => {
    expect(
      ask(sessionIn(phase, { extensions: [...policyWith().extensions, ...both(true)] }), 'XCLIENT ADDR=192.0.2.1').code,
    ).toBe(503);
  });

  test('that is malformed ends nothing', () => {
    const session = sessionIn('mail', everybody);
    expect(ask(session, 'XCLIENT COLOUR=red').code).toBe(501);
    expect(session.phase).toBe('mail');
  });
});

describe('XFORWARD', () => {
  test('tells what it was told, and changes nothing', () => {
    const session = sessionIn('mail', everybody);
    const proposal = proposalFor(session, 'XFORWARD NAME=spike.example SOURCE=LOCAL');
    expect(proposal).toMatchObject({ step: 'other', refused: false, reply: { code: 250 } });
    expect(proposal).toHaveProperty('forwarded', new Map(Object.entries({ NAME: 'spike.example', SOURCE: 'LOCAL' })));
    ask(session, 'XFORWARD ADDR=192.0.2.1');
    expect([session.phase, session.hello?.name, session.handedOver]).toEqual(['mail', 'client.example', false]);
  });

  test('has attributes of its own, and not those of XCLIENT', () => {
    expect(ask(sessionIn('mail', everybody), 'XFORWARD LOGIN=ann').code).toBe(501);
    expect(ask(sessionIn('mail', everybody), 'XFORWARD IDENT=B4A5F1').code).toBe(250);
    expect(ask(sessionIn('mail', everybody), 'XCLIENT IDENT=B4A5F1').code).toBe(501);
  });
});

test('each leaves the list where it is disabled', () => {
  const session = sessionIn('hello', { ...everybody, disabledCommands: new Set(['XCLIENT']) });
  expect(ask(session, 'EHLO proxy.example').lines).toEqual([
    'mail.example',
    'XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE',
  ]);
});
