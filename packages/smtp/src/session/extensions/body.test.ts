import { describe, expect, test } from 'vitest';
import { ask, askAll, sessionIn } from '../../testing/session-steps.ts';
import { binaryMime, eightBitMime } from './body.ts';
import { chunking } from './chunking.ts';

const both = [eightBitMime, chunking, binaryMime];

// RFC 6152 §2, RFC 3030 §3
describe('BODY of MAIL', () => {
  test.each([
    ['BODY=7BIT', 250, 250],
    ['BODY=8BITMIME', 250, 250],
    ['BODY=8bitMime', 250, 250],
    ['BODY=BINARYMIME', 501, 250],
    ['body=binarymime', 501, 250],
    ['BODY=9BIT', 501, 501],
    ['BODY=7BIT8BITMIME', 501, 501],
    ['BODY', 501, 501],
  ])('%s earns %i with 8BITMIME alone, %i with BINARYMIME beside it', (parameter, alone, beside) => {
    const line = `MAIL FROM:<> ${parameter}`;
    expect(ask(sessionIn('mail', { extensions: [eightBitMime] }), line).code).toBe(alone);
    expect(ask(sessionIn('mail', { extensions: both }), line).code).toBe(beside);
  });

  test('is unknown without either', () => {
    expect(ask(sessionIn('mail', { extensions: [chunking] }), 'MAIL FROM:<> BODY=7BIT').code).toBe(555);
  });
});

test('EHLO lists both, and BINARYMIME only where BDAT can carry it', () => {
  const lines = (disabled: readonly string[]): readonly string[] =>
    ask(sessionIn('hello', { extensions: both, disabledCommands: new Set(disabled) }), 'EHLO client.example').lines;
  expect(lines([])).toEqual(['mail.example', '8BITMIME', 'CHUNKING', 'BINARYMIME']);
  expect(lines(['BDAT'])).toEqual(['mail.example', '8BITMIME']);
});

test.each([
  ['BINARYMIME', 503, 'data'],
  ['binarymime', 503, 'data'],
  ['8BITMIME', 354, 'body'],
])('after BODY=%s, DATA earns %i (RFC 3030 §3)', (body, code, phase) => {
  const session = sessionIn('mail', { extensions: both });
  expect(askAll(session, [`MAIL FROM:<> BODY=${body}`, 'RCPT TO:<postmaster>', 'DATA'])).toEqual([250, 250, code]);
  expect(session.phase).toBe(phase);
});
