import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { parseCommand } from './command.ts';

/** A line as the reader gives it. */
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

describe('parseCommand', () => {
  test.each([
    ['QUIT', 'QUIT', ''],
    ['quit', 'QUIT', ''],
    ['QuIt   ', 'QUIT', ''],
    ['QUIT\t', 'QUIT', ''],
    ['MAIL FROM:<ann@example.org> SIZE=7', 'MAIL', 'FROM:<ann@example.org> SIZE=7'],
    ['rcpt TO:<"Bob  B"@Example.ORG>', 'RCPT', 'TO:<"Bob  B"@Example.ORG>'],
    ['NOOP  two  spaces  ', 'NOOP', 'two  spaces'],
    ['', '', ''],
    ['   ', '', ''],
    [' NOOP', '', 'NOOP'],
  ])('%j is the verb %j with the argument %j', (line, verb, argument) => {
    expect(parseCommand(line)).toEqual({ verb, argument });
  });

  test('decodes UTF-8 (RFC 6531)', () => {
    const argument = 'FROM:<jörg@exämple.org> SMTPUTF8';
    expect(parseCommand(latin1(`MAIL ${argument}`))).toEqual({ verb: 'MAIL', argument });
  });

  test('keeps a last character whose last octet is white space in latin1', () => {
    // "à" is C3 A0, and A0 is a space.
    expect(parseCommand(latin1('EHLO voilà'))).toEqual({ verb: 'EHLO', argument: 'voilà' });
  });

  test.each(['QUIT\u00a0', 'QUIT\v', 'QUIT\u2003', '\ufeffQUIT'])('%j ends or begins with what is no blank', (text) => {
    expect(parseCommand(latin1(text))).toEqual({ verb: text, argument: '' });
    expect(parseCommand(latin1(`NOOP ${text}`)).argument).toBe(text);
  });

  test.each(['QU\u0131T', 'R\u017fET'])('%j only looks like a verb', (text) => {
    expect(parseCommand(latin1(text)).verb).not.toMatch(/^(?:QUIT|RSET)$/);
  });

  test('takes any line', () => {
    holds(fc.string({ unit: fc.nat(255).map((octet) => String.fromCharCode(octet)) }), (line) => {
      const { verb, argument } = parseCommand(line);
      expect(verb).not.toContain(' ');
      expect(argument).toMatch(/^(?:[^ \t](?:[^]*[^ \t])?)?$/);
    });
  });
});
