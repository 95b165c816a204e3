import { describe, expect, test } from 'vitest';
import { ask, sessionIn } from '../../testing/session-steps.ts';
import { dsn } from './dsn.ts';

const extensions = [dsn];
const mail = (parameters: string): number => ask(sessionIn('mail', { extensions }), `MAIL FROM:<> ${parameters}`).code;
const rcpt = (parameters: string): number =>
  ask(sessionIn('rcpt', { extensions }), `RCPT TO:<bob@example.com> ${parameters}`).code;

test('EHLO lists DSN', () => {
  expect(ask(sessionIn('hello', { extensions }), 'EHLO client.example').lines).toEqual(['mail.example', 'DSN']);
});

describe('of MAIL', () => {
  test.each([
    'RET=FULL',
    'RET=hdrs',
    'ENVID=QQ314159',
    'ENVID=a+2Bb+3D',
    'ENVID=+20+09+7E',
    `ENVID=${'a'.repeat(100)}`,
    'RET=FULL ENVID=a',
  ])('%s is taken (RFC 3461 §5.1)', (parameters) => {
    expect(mail(parameters)).toBe(250);
  });

  test.each([
    'RET',
    'RET=FULLY',
    'RET=FULL,HDRS',
    'ENVID',
    'ENVID=+',
    'ENVID=+2b',
    'ENVID=a+3',
    // RFC 3461 §4.4: printable characters of US-ASCII, in whatever way they are written.
    'ENVID=+00',
    'ENVID=a+0D+0Ab',
    'ENVID=+7F',
    'ENVID=+C3+A4',
    'ENVID=+FF',
    `ENVID=${'a'.repeat(101)}`,
    'RET=FULL RET=FULL',
  ])('%s earns 501', (parameters) => {
    expect(mail(parameters)).toBe(501);
  });
});

describe('of RCPT', () => {
  // It was refused with 501, and with it each recipient to whom Postfix relays by SMTPUTF8.
  test('an address beyond ASCII is taken as rfc822 too, as Postfix sends it', () => {
    expect(rcpt('ORCPT=rfc822;bj+C3+B8rn@example.com')).toBe(250);
  });

  test.each([
    'NOTIFY=NEVER',
    'NOTIFY=never',
    'NOTIFY=SUCCESS',
    'NOTIFY=Failure,Delay',
    'NOTIFY=DELAY,SUCCESS,FAILURE',
    'ORCPT=rfc822;bob@example.com',
    'ORCPT=RFC822;bob+2Btag@example.com',
    'ORCPT=x-my-type;anything+20at+20all',
    `ORCPT=rfc822;${'a'.repeat(493)}`,
    // RFC 6533 §3: utf-8-addr-xtext
    String.raw`ORCPT=utf-8;j\x{F6}rg@example.com`,
    String.raw`ORCPT=UTF-8;j\x{F6}rg@example.com`,
    'NOTIFY=NEVER ORCPT=rfc822;bob@example.com',
  ])('%s is taken (RFC 3461 §5.1)', (parameters) => {
    expect(rcpt(parameters)).toBe(250);
  });

  test.each([
    'NOTIFY',
    'NOTIFY=NEVER,DELAY',
    'NOTIFY=DELAY,NEVER',
    'NOTIFY=DELAY,',
    'NOTIFY=,DELAY',
    'NOTIFY=DELAYED',
    'NOTIFY=SUCCESS;FAILURE',
    'ORCPT',
    'ORCPT=bob@example.com',
    'ORCPT=rfc822;',
    'ORCPT=;bob@example.com',
    'ORCPT=-rfc822;bob@example.com',
    'ORCPT=rfc822-;bob@example.com',
    'ORCPT=rfc_822;bob@example.com',
    'ORCPT=rfc822;bob+@example.com',
    'ORCPT=rfc822;bob+0A@example.com',
    'ORCPT=rfc822;bob+C2+85@example.com',
    String.raw`ORCPT=rfc822;+FF`,
    `ORCPT=rfc822;${'a'.repeat(494)}`,
    'NOTIFY=NEVER NOTIFY=NEVER',
  ])('%s earns 501', (parameters) => {
    expect(rcpt(parameters)).toBe(501);
  });
});
