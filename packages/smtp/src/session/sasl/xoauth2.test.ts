import { describe, expect, test } from 'vitest';
import { exchange } from '../../testing/sasl-exchange.ts';
import { xoauth2 } from './xoauth2.ts';

describe('XOAUTH2', () => {
  const ann = { mechanism: 'XOAUTH2', username: 'ann@example.org', authorizationIdentity: '', secret: 'token==' };

  test.each([
    ['user=ann@example.org\x01auth=Bearer token==\x01\x01'],
    ['user=ann@example.org\x01auth=bearer token==\x01\x01'],
    ['auth=Bearer token==\x01user=ann@example.org\x01\x01'],
  ])('%j', (response) => {
    expect(exchange(xoauth2, [response])).toEqual([{ credentials: ann }]);
    expect(exchange(xoauth2, [undefined, response])).toEqual([{ challenge: '' }, { credentials: ann }]);
  });

  test.each([
    '',
    'user=ann',
    'auth=Bearer token',
    'user=\x01auth=Bearer token',
    'user=ann\x01auth=Basic token',
    'user=ann\x01auth=Bearer ',
    'user=an\0n\x01auth=Bearer token\x01\x01',
    'user=an\nn\x01auth=Bearer token\x01\x01',
    Buffer.from('user=jörg\x01auth=Bearer token\x01\x01', 'latin1'),
  ])('%j is malformed', (response) => {
    expect(exchange(xoauth2, [response])).toEqual([{ malformed: true }]);
  });
});
