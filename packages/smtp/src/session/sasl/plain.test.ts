import { describe, expect, test } from 'vitest';
import { exchange } from '../../testing/sasl-exchange.ts';
import { plain } from './plain.ts';

describe('PLAIN (RFC 4616)', () => {
  const ann = { mechanism: 'PLAIN', username: 'ann', authorizationIdentity: '', secret: 'secret' };

  test('with an initial response', () => {
    expect(exchange(plain, ['\0ann\0secret'])).toEqual([{ credentials: ann }]);
  });

  test('without one the server sends an empty challenge', () => {
    expect(exchange(plain, [undefined, '\0ann\0secret'])).toEqual([{ challenge: '' }, { credentials: ann }]);
  });

  test('the examples of RFC 4616 §4', () => {
    expect(exchange(plain, ['\0tim\0tanstaaftanstaaf'])).toEqual([
      { credentials: { ...ann, username: 'tim', secret: 'tanstaaftanstaaf' } },
    ]);
    expect(exchange(plain, ['Ursel\0Kurt\0xipj3plmq'])).toEqual([
      { credentials: { ...ann, authorizationIdentity: 'Ursel', username: 'Kurt', secret: 'xipj3plmq' } },
    ]);
  });

  test('in UTF-8', () => {
    expect(exchange(plain, ['\0jörg\0geheim ü'])).toEqual([
      { credentials: { ...ann, username: 'jörg', secret: 'geheim ü' } },
    ]);
  });

  test('a password may have anything in it but NUL', () => {
    expect(exchange(plain, ['\0ann\0\t\x07 \x7f'])).toEqual([{ credentials: { ...ann, secret: '\t\x07 \x7f' } }]);
  });

  test.each([
    ['nothing', ''],
    ['no NUL', 'ann secret'],
    ['one NUL', 'ann\0secret'],
    ['three NUL', '\0ann\0se\0cret'],
    ['no name', '\0\0secret'],
    ['no password', '\0ann\0'],
    ['a line break in the name', '\0an\nn\0secret'],
    ['a control character in the identity to act as', 'bo\x7fb\0ann\0secret'],
    ['a control character beyond ASCII in the name', '\0an\u0085n\0secret'],
    ['a name in Latin-1', Buffer.from('\0jörg\0secret', 'latin1')],
    ['a password in Latin-1', Buffer.from('\0ann\0geheim ü', 'latin1')],
  ])('%s is malformed', (_what, response) => {
    expect(exchange(plain, [response])).toEqual([{ malformed: true }]);
  });
});
