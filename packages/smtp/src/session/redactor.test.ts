import { describe, expect, test } from 'vitest';
import { sessionIn } from '../testing/session-steps.ts';
import { parseCommand } from '../wire/command.ts';
import { Redactor } from './redactor.ts';

/** Lines as they may be shown, said one after the other as commands. */
function shown(redactor: Redactor, ...lines: readonly string[]): string[] {
  return lines.map((line) => redactor.redact(line, parseCommand(line).verb));
}

describe('a session’s lines', () => {
  test('are shown but for credentials', () => {
    const redactor = new Redactor(sessionIn('mail'));
    expect(shown(redactor, 'NOOP', 'XYZZY', 'AUTH PLAIN AGFubgBzZWNyZXQ=')).toEqual([
      'NOOP',
      'XYZZY',
      'AUTH PLAIN ********',
    ]);
    expect(redactor.redact('AGFubgBzZWNyZXQ=', null)).toBe('********');
    expect(redactor.redact('*', null)).toBe('*');
  });

  test('are hidden after an AUTH that was refused, until there is a command', () => {
    const redactor = new Redactor(sessionIn('mail'));
    redactor.answered(true);
    expect(shown(redactor, 'YW5u', 'c2VjcmV0', '*', '', 'NOOP', 'XYZZY')).toEqual([
      '********',
      '********',
      '*',
      '',
      'NOOP',
      'XYZZY',
    ]);
  });

  test('are shown after an AUTH that was not', () => {
    const redactor = new Redactor(sessionIn('mail'));
    redactor.answered(true);
    redactor.answered(false);
    expect(shown(redactor, 'XYZZY')).toEqual(['XYZZY']);
  });

  test('are hidden after an AUTH that is disabled', () => {
    const redactor = new Redactor(sessionIn('mail', { disabledCommands: new Set(['AUTH']) }));
    expect(shown(redactor, 'AUTH LOGIN', 'YW5u', 'c2VjcmV0', 'NOOP', 'XYZZY')).toEqual([
      'AUTH LOGIN',
      '********',
      '********',
      'NOOP',
      'XYZZY',
    ]);
  });

  // An AUTH with a slip in it was no AUTH, and what a client says after it was shown.
  test.each(['AUTH\tLOGIN', ' AUTH LOGIN', 'AUTHLOGIN', 'AUTH=', '\xff\xfb\x1fAUTH LOGIN'])(
    'are hidden after %j, which was meant as AUTH',
    (line) => {
      const redactor = new Redactor(sessionIn('mail'));
      const [, ...others] = shown(redactor, line, 'YW5u', 'c2VjcmV0', 'NOOP', 'XYZZY');
      expect(others).toEqual(['********', '********', 'NOOP', 'XYZZY']);
    },
  );

  // AUTH with a bare LF was refused as a line, and what a client says after it was shown.
  test('are hidden after a line that was refused: it may have been an AUTH', () => {
    const redactor = new Redactor(sessionIn('mail'));
    redactor.lineRefused();
    expect(shown(redactor, 'YW5u', 'c2VjcmV0', 'NOOP', 'XYZZY')).toEqual(['********', '********', 'NOOP', 'XYZZY']);
  });

  test('are known for commands where these are disabled, too', () => {
    const redactor = new Redactor(sessionIn('mail', { disabledCommands: new Set(['HELP']) }));
    redactor.answered(true);
    expect(shown(redactor, 'HELP', 'XYZZY')).toEqual(['HELP', 'XYZZY']);
  });
});
