import { expect, test } from 'vitest';
import { ask, sessionIn } from '../../testing/session-steps.ts';
import { size } from './size.ts';

const extensions = [size];

test('EHLO lists SIZE with the limit, where there is one (RFC 1870 §4)', () => {
  expect(ask(sessionIn('hello', { extensions }), 'EHLO client.example').lines[1]).toBe('SIZE');
  expect(ask(sessionIn('hello', { extensions, maxSize: 1_000 }), 'EHLO client.example').lines[1]).toBe('SIZE 1000');
});

// RFC 1870 §3, §6.1
test.each([
  ['SIZE=0', 250],
  ['SIZE=100', 250],
  ['SIZE=101', 552],
  ['SIZE=00000000000000000100', 250],
  ['SIZE=99999999999999999999', 552],
  ['SIZE=000000000000000000001', 501],
  ['SIZE', 501],
  ['SIZE=-1', 501],
  ['SIZE=1.5', 501],
  ['SIZE=0x10', 501],
])('%s of MAIL earns %i', (parameter, code) => {
  expect(ask(sessionIn('mail', { extensions, maxSize: 100 }), `MAIL FROM:<> ${parameter}`).code).toBe(code);
});

test('any size will do where there is no limit', () => {
  expect(ask(sessionIn('mail', { extensions }), 'MAIL FROM:<> SIZE=99999999999999999999').code).toBe(250);
});
