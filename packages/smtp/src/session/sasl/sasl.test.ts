import { describe, expect, test } from 'vitest';
import { login } from './login.ts';
import type { SaslMechanism, SaslStep } from './mechanism.ts';
import { plain } from './plain.ts';
import { xoauth2 } from './xoauth2.ts';

/** The steps of an exchange in which the client says this; `undefined` for AUTH without an initial response. */
function exchange(mechanism: SaslMechanism, ...responses: (string | undefined)[]): SaslStep[] {
  const begun = mechanism.begin();
  return responses.map((response) => begun.next(response === undefined ? undefined : Buffer.from(response)));
}

describe('PLAIN (RFC 4616)', () => {
  const ann = { mechanism: 'PLAIN', username: 'ann', authorizationIdentity: '', secret: 'secret' };

  test('with an initial response', () => {
    expect(exchange(plain, '\0ann\0secret')).toEqual([{ credentials: ann }]);
  });

  test('without one the server sends an empty challenge', () => {
    expect(exchange(plain, undefined, '\0ann\0secret')).toEqual([{ challenge: '' }, { credentials: ann }]);
  });

  test('with an identity to act as', () => {
    expect(exchange(plain, 'bob\0ann\0secret')).toEqual([{ credentials: { ...ann, authorizationIdentity: 'bob' } }]);
  });

  test('in UTF-8', () => {
    expect(exchange(plain, '\0jörg\0geheim ü')).toEqual([
      { credentials: { ...ann, username: 'jörg', secret: 'geheim ü' } },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no NUL', 'ann secret'],
    ['one NUL', 'ann\0secret'],
    ['three NUL', '\0ann\0se\0cret'],
    ['no name', '\0\0secret'],
    ['no password', '\0ann\0'],
  ])('%s is malformed', (_what, response) => {
    expect(exchange(plain, response)).toEqual([{ malformed: true }]);
  });
});

describe('LOGIN', () => {
  const ann = { mechanism: 'LOGIN', username: 'ann', authorizationIdentity: '', secret: 'secret' };

  test('asks for a name, then for a password', () => {
    expect(exchange(login, undefined, 'ann', 'secret')).toEqual([
      { challenge: 'Username:' },
      { challenge: 'Password:' },
      { credentials: ann },
    ]);
  });

  test('takes the name as an initial response', () => {
    expect(exchange(login, 'ann', 'secret')).toEqual([{ challenge: 'Password:' }, { credentials: ann }]);
  });

  test('takes an empty name and an empty password for what they are', () => {
    expect(exchange(login, undefined, '', '').at(-1)).toEqual({ credentials: { ...ann, username: '', secret: '' } });
  });

  test('begins anew with each exchange', () => {
    exchange(login, undefined, 'eve');
    expect(exchange(login, undefined, 'ann', 'secret').at(-1)).toEqual({ credentials: ann });
  });
});

describe('XOAUTH2', () => {
  const ann = { mechanism: 'XOAUTH2', username: 'ann@example.org', authorizationIdentity: '', secret: 'token==' };

  test.each([
    ['user=ann@example.org\x01auth=Bearer token==\x01\x01'],
    ['user=ann@example.org\x01auth=bearer token==\x01\x01'],
    ['auth=Bearer token==\x01user=ann@example.org\x01\x01'],
  ])('%j', (response) => {
    expect(exchange(xoauth2, response)).toEqual([{ credentials: ann }]);
    expect(exchange(xoauth2, undefined, response)).toEqual([{ challenge: '' }, { credentials: ann }]);
  });

  test.each([
    '',
    'user=ann',
    'auth=Bearer token',
    'user=\x01auth=Bearer token',
    'user=ann\x01auth=Basic token',
    'user=ann\x01auth=Bearer ',
  ])('%j is malformed', (response) => {
    expect(exchange(xoauth2, response)).toEqual([{ malformed: true }]);
  });
});
