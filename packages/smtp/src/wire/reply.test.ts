import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { encodeReply, isCompletion, isRefusal, parseReply, reply, replyClass, withoutEnhanced } from './reply.ts';

describe('encodeReply', () => {
  test('a line', () => {
    expect(encodeReply(reply(250, '2.1.0', 'Sender accepted'))).toBe('250 2.1.0 Sender accepted\r\n');
  });

  test('without the enhanced status code where RFC 2034 is off', () => {
    expect(encodeReply(withoutEnhanced(reply(250, '2.1.0', 'Sender accepted')))).toBe('250 Sender accepted\r\n');
  });

  test('several lines, all but the last with a hyphen (RFC 5321 §4.2.1)', () => {
    expect(encodeReply(reply(250, null, 'mail.example', 'PIPELINING', 'SIZE 1000'))).toBe(
      '250-mail.example\r\n250-PIPELINING\r\n250 SIZE 1000\r\n',
    );
  });

  test('the enhanced status code on every line (RFC 2034 §4)', () => {
    expect(encodeReply(reply(550, '5.1.1', 'No such', 'mailbox'))).toBe('550-5.1.1 No such\r\n550 5.1.1 mailbox\r\n');
  });

  test('a space after the reply code even where there is no text: RFC 4954 §4 has "334 "', () => {
    expect(encodeReply(reply(334, null, ''))).toBe('334 \r\n');
    expect(encodeReply({ code: 250, lines: [] })).toBe('250 \r\n');
  });

  test('a line break in the text does not become a reply of its own', () => {
    expect(encodeReply(reply(550, null, 'no\r\n250 OK'))).toBe('550 no 250 OK\r\n');
  });

  test('a tab is text', () => {
    expect(encodeReply(reply(250, null, 'a\tb'))).toBe('250 a\tb\r\n');
  });

  test('no control character passes, wherever it stands', () => {
    const hostile = fc.string({ unit: fc.constantFrom('\r', '\n', '\0', '\x1b', '\x7f', '\v', '5', '.', ' ', 'é') });
    const hostileReply = fc.record({ lines: fc.array(hostile, { minLength: 1, maxLength: 4 }), enhanced: hostile });
    holds(hostileReply, ({ lines, enhanced }) => {
      const wireLines = encodeReply({ code: 550, enhanced, lines }).split('\r\n');
      expect(wireLines.pop()).toBe('');
      expect(wireLines).toHaveLength(lines.length);
      // oxlint-disable-next-line no-control-regex -- that is what is looked for
      for (const line of wireLines) expect(line).not.toMatch(/[\0-\x08\x0a-\x1f\x7f]/);
      expect(wireLines.every((line, index) => line.startsWith(index === lines.length - 1 ? '550 ' : '550-'))).toBe(
        true,
      );
    });
  });
});

describe('withoutEnhanced', () => {
  test('makes the same of a reply that nobody can change each time, so that it is encoded once', () => {
    const accepted = reply(250, '2.1.0', 'Sender accepted');
    expect(withoutEnhanced(accepted)).toBe(withoutEnhanced(accepted));
    expect(Object.isFrozen(withoutEnhanced(accepted))).toBe(true);
  });

  test('makes of a reply that is changed what it says now', () => {
    const changing = { code: 250, enhanced: '2.1.0', lines: ['before'] };
    expect(withoutEnhanced(changing)).toEqual({ code: 250, lines: ['before'] });
    changing.lines = ['after'];
    expect(withoutEnhanced(changing)).toEqual({ code: 250, lines: ['after'] });
  });
});

describe('parseReply', () => {
  test.each([
    ['451 4.7.1 Greylisted', reply(451, '4.7.1', 'Greylisted')],
    ['451 Greylisted', reply(451, null, 'Greylisted')],
    ['250', reply(250, null, '')],
    ['250 ', reply(250, null, '')],
    ['250 2.0.0', reply(250, '2.0.0', '')],
    ['550 5.1.1 No such\nmailbox', reply(550, '5.1.1', 'No such', 'mailbox')],
    ['550 12.1.1 no enhanced status code', reply(550, null, '12.1.1 no enhanced status code')],
    ['550 5.1.1.1 neither', reply(550, null, '5.1.1.1 neither')],
    ['550 3.1.1 nor this (RFC 3463 §2)', reply(550, null, '3.1.1 nor this (RFC 3463 §2)')],
  ])('reads %j', (text, expected) => {
    expect(parseReply(text)).toEqual(expected);
  });

  test.each([
    '',
    'Greylisted',
    '150 too low',
    '650 too high',
    '45 short',
    '4511 long',
    '451Greylisted',
    ' 451 x',
    '-451 x',
  ])('refuses %j', (text) => {
    expect(parseReply(text)).toBeUndefined();
  });

  const text = fc.string({ unit: fc.constantFrom('a', ' ', '5', '.', 'ü', '-'), maxLength: 12 }).map((it) => `x${it}`);
  const anyReply = fc
    .record({
      code: fc.integer({ min: 200, max: 599 }),
      enhanced: fc.constantFrom(null, '2.0.0', '4.7.1', '5.123.999'),
      lines: fc.array(text, { minLength: 1, maxLength: 3 }),
    })
    .map(({ code, enhanced, lines }) => reply(code, enhanced, ...(lines as [string])));

  test('reads the text that says a reply: its code, then its lines', () => {
    holds(anyReply, (it) => {
      const code = it.enhanced === undefined ? it.code : `${it.code} ${it.enhanced}`;
      expect(parseReply(`${code} ${it.lines.join('\n')}`)).toEqual(it);
    });
  });

  test('reads what encodeReply makes of a line', () => {
    holds(anyReply, ({ lines, ...it }) => {
      const single = { ...it, lines: lines.slice(0, 1) };
      expect(parseReply(encodeReply(single).slice(0, -2))).toEqual(single);
    });
  });
});

describe('what a reply means', () => {
  test.each([
    [200, 'completion'],
    [299, 'completion'],
    [334, 'intermediate'],
    [354, 'intermediate'],
    [400, 'transient'],
    [499, 'transient'],
    [500, 'permanent'],
    [599, 'permanent'],
  ])('%i is %s', (code, expected) => {
    const it = reply(code, null, '');
    expect(replyClass(it)).toBe(expected);
    expect(isCompletion(it)).toBe(expected === 'completion');
    expect(isRefusal(it)).toBe(expected === 'transient' || expected === 'permanent');
  });
});
