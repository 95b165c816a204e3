import { describe, expect, test } from 'vitest';
import { ask, askAll, proposalFor, sessionIn } from '../../testing/session-steps.ts';
import { reply } from '../../wire/reply.ts';
import { chunking } from './chunking.ts';

const greylisted = reply(451, '4.7.1', 'Greylisted');
const limit = { maxSize: 10, rejectOversized: true } as const;

describe('BDAT (RFC 3030 §2)', () => {
  test('announces octets, and the last one ends the message with all of them', () => {
    const session = sessionIn('data');
    expect(proposalFor(session, 'BDAT 6')).toMatchObject({ step: 'bdat', refused: false, chunk: 6 });
    expect(askAll(session, ['BDAT 6', 'BDAT 0', 'BDAT 3'])).toEqual([250, 250, 250]);
    expect(session.transaction!.chunked).toBe(9);
    expect(proposalFor(session, 'BDAT 2 LAST')).toMatchObject({
      step: 'end-of-data',
      refused: false,
      chunk: 2,
      size: 11,
    });
  });

  test('that was refused does not count', () => {
    const session = sessionIn('chunks');
    ask(session, 'BDAT 5', greylisted);
    expect(session.transaction!.chunked).toBe(4);
    expect(session.phase).toBe('reset');
  });

  test('that is answered 3yz is taken, for what that is worth', () => {
    const session = sessionIn('data');
    ask(session, 'BDAT 5', reply(354, null, 'Go on'));
    expect([session.phase, session.transaction!.chunked]).toEqual(['chunks', 5]);
  });

  test('begins anew in the next transaction', () => {
    const session = sessionIn('chunks');
    askAll(session, ['BDAT 6 LAST', 'MAIL FROM:<>', 'RCPT TO:<postmaster>']);
    expect(proposalFor(session, 'BDAT 5 LAST')).toMatchObject({ size: 5 });
  });

  test.each(['hello', 'mail', 'rcpt', 'reset'] as const)('in %s is refused with its octets', (phase) => {
    for (const line of ['BDAT 6', 'BDAT 6 LAST']) {
      expect(proposalFor(sessionIn(phase), line)).toMatchObject({ step: 'bdat', refused: true, chunk: 6 });
      expect(ask(sessionIn(phase), line).code).toBe(503);
    }
  });

  test('may have more than one space in it, and no other white space', () => {
    expect(ask(sessionIn('data'), 'BDAT 4   LAST').code).toBe(250);
    expect(ask(sessionIn('data'), 'BDAT   4').code).toBe(250);
    expect(ask(sessionIn('data'), 'BDAT 4\tLAST').code).toBe(501);
    expect(ask(sessionIn('data'), 'BDAT\t4').code).toBe(500);
  });
});

describe('a message that is too large (RFC 1870 §6.3)', () => {
  test.each([
    ['with its only chunk', [], 'BDAT 11 LAST', 11, 'end-of-data', 'mail'],
    ['with its first chunk', [], 'BDAT 11', 11, 'bdat', 'reset'],
    ['in the middle', ['BDAT 6'], 'BDAT 5', 11, 'bdat', 'reset'],
    ['with its last chunk', ['BDAT 6', 'BDAT 4'], 'BDAT 1 LAST', 11, 'end-of-data', 'mail'],
  ] as const)('%s', (_when, before, line, size, step, phase) => {
    const session = sessionIn('data', limit);
    askAll(session, before);
    expect(proposalFor(session, line)).toMatchObject({ step, refused: true, size, reply: { code: 552 } });
    ask(session, line);
    expect(session.phase).toBe(phase);
  });

  test.each([
    ['is as large as it may be', limit, ['BDAT 6', 'BDAT 4', 'BDAT 0 LAST']],
    ['is not refused by the policy', { maxSize: 10 }, ['BDAT 11', 'BDAT 11 LAST']],
    ['has no limit', { rejectOversized: true }, ['BDAT 1000000000', 'BDAT 1000000000 LAST']],
  ])('is none that %s', (_what, changes, lines) => {
    expect(new Set(askAll(sessionIn('data', changes), lines))).toEqual(new Set([250]));
  });

  test('where the place is wrong, that comes first', () => {
    expect(ask(sessionIn('rcpt', limit), 'BDAT 11 LAST').code).toBe(503);
    expect(ask(sessionIn('reset', limit), 'BDAT 11 LAST').code).toBe(503);
  });
});

describe('a chunk that is too large', () => {
  test.each([
    ['as large as it may be', { maxChunkSize: 10 }, 'BDAT 10', 250, 'chunks'],
    ['larger', { maxChunkSize: 10 }, 'BDAT 11', 552, 'closed'],
    ['larger, and the last', { maxChunkSize: 10 }, 'BDAT 11 LAST', 552, 'closed'],
    ['of a gibibyte, without a limit of the policy', {}, 'BDAT 1073741824', 250, 'chunks'],
    ['larger than that', {}, 'BDAT 1073741825 LAST', 552, 'closed'],
    ['larger, with a limit that is higher', { maxChunkSize: 2_000_000_000 }, 'BDAT 2000000000', 250, 'chunks'],
  ] as const)('is one %s', (_what, changes, line, code, phase) => {
    const session = sessionIn('data', changes);
    expect(ask(session, line).code).toBe(code);
    expect(session.phase).toBe(phase);
  });

  test('ends the session where it would have been refused anyway, for it would have to be read', () => {
    const session = sessionIn('hello', { maxChunkSize: 10 });
    expect(ask(session, 'BDAT 11')).toMatchObject({ code: 552, enhanced: '5.3.4' });
    expect(session.phase).toBe('closed');
  });
});

test('adds a command, and no parameter', () => {
  expect(Object.keys(chunking)).toEqual(['keyword', 'offer', 'commands']);
  expect(ask(sessionIn('hello', { extensions: [chunking] }), 'EHLO client.example').lines).toEqual([
    'mail.example',
    'CHUNKING',
  ]);
});
