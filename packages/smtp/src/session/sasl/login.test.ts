import { describe, expect, test } from 'vitest';
import { exchange } from '../../testing/sasl-exchange.ts';
import { login } from './login.ts';

describe('LOGIN', () => {
  const ann = { mechanism: 'LOGIN', username: 'ann', authorizationIdentity: '', secret: 'secret' };

  test('asks for a name, then for a password', () => {
    expect(exchange(login, [undefined, 'ann', 'secret'])).toEqual([
      { challenge: 'Username:' },
      { challenge: 'Password:' },
      { credentials: ann },
    ]);
  });

  test('takes the name as an initial response', () => {
    expect(exchange(login, ['ann', 'secret'])).toEqual([{ challenge: 'Password:' }, { credentials: ann }]);
  });

  test('takes an empty password for what it is', () => {
    expect(exchange(login, [undefined, 'ann', '']).at(-1)).toEqual({ credentials: { ...ann, secret: '' } });
  });

  test('begins anew with each exchange', () => {
    exchange(login, [undefined, 'eve']);
    expect(exchange(login, [undefined, 'ann', 'secret']).at(-1)).toEqual({ credentials: ann });
  });

  test.each([
    ['no name', ['']],
    ['a control character in the name', ['an\0n']],
    ['a name in Latin-1', [Buffer.from('jörg', 'latin1')]],
    ['a password in Latin-1', ['ann', Buffer.from('geheim ü', 'latin1')]],
  ])('%s is malformed', (_what, responses) => {
    expect(exchange(login, responses).at(-1)).toEqual({ malformed: true });
  });
});
