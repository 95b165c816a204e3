import { describe, expect, test } from 'vitest';
import { exchange } from '../../testing/sasl-exchange.ts';
import { oauthbearer } from './oauthbearer.ts';

describe('OAUTHBEARER (RFC 7628)', () => {
  const user = {
    mechanism: 'OAUTHBEARER',
    username: 'user@example.com',
    authorizationIdentity: '',
    secret: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==',
  };
  const authorization = `auth=Bearer ${user.secret}`;
  const message = `n,a=user@example.com,\x01host=server.example.com\x01port=587\x01${authorization}\x01\x01`;

  test('the example of RFC 7628 §4.1', () => {
    const encoded =
      'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQm' +
      'hiSFJoZG1semRHRXVZMjl0Q2c9PQEB';
    expect(Buffer.from(encoded, 'base64').toString()).toBe(message);
    expect(exchange(oauthbearer, [message])).toEqual([{ credentials: user }]);
    expect(exchange(oauthbearer, [undefined, message])).toEqual([{ challenge: '' }, { credentials: user }]);
  });

  test.each([
    ['no name', `n,,\x01${authorization}\x01\x01`, { username: '' }],
    ['a name that is quoted', `n,a=a=2Cb=3Dc,\x01${authorization}\x01\x01`, { username: 'a,b=c' }],
    ['a client with channel binding', `y,,\x01${authorization}\x01\x01`, { username: '' }],
    ['another case of the scheme', `n,,\x01auth=bEARER  token\x01\x01`, { username: '', secret: 'token' }],
    ['keys that nobody knows', `n,,\x01XYZZY=\t=\r\n\x01${authorization}\x01qs=\x01\x01`, { username: '' }],
  ])('with %s', (_what, response, changes) => {
    expect(exchange(oauthbearer, [response])).toEqual([{ credentials: { ...user, ...changes } }]);
  });

  test.each([
    ['no token, which asks what to bring', 'auth='],
    ['an empty token', 'auth=Bearer '],
    ['what is no token', 'auth=Bearer {}'],
    ['another scheme', 'auth=Basic YW5uOnNlY3JldA=='],
  ])('%s fails, and the failure travels as a challenge (RFC 7628 §4.3)', (_what, pair) => {
    expect(exchange(oauthbearer, [`n,,\x01${pair}\x01\x01`, '\x01'])).toEqual([
      { challenge: '{"status":"invalid_token"}' },
      { refused: true },
    ]);
    expect(exchange(oauthbearer, [`n,,\x01${pair}\x01\x01`, message]).at(-1)).toEqual({ refused: true });
  });

  test.each([
    ['the answer to a failure as a first message', '\x01'],
    ['a channel to bind to', `p=tls-exporter,,\x01${authorization}\x01\x01`],
  ])('%s is refused', (_what, response) => {
    expect(exchange(oauthbearer, [response])).toEqual([{ refused: true }]);
  });

  test.each([
    ['nothing', ''],
    ['a GS2 header alone', 'n,,'],
    ['no GS2 header', `\x01${authorization}\x01\x01`],
    // RFC 7628 §4.4 has it so in its example.
    ['another key than a', `n,user=someuser@example.com,\x01${authorization}\x01\x01`],
    ['more behind the header', `n,,x\x01${authorization}\x01\x01`],
    ['an empty name', `n,a=,\x01${authorization}\x01\x01`],
    ['a control character in the name', `n,a=a\0b,\x01${authorization}\x01\x01`],
    ['a quotation of something else', `n,a=a=2Db,\x01${authorization}\x01\x01`],
    ['a flag for mechanisms that are no standard', `F,n,,\x01${authorization}\x01\x01`],
    ['no pair', 'n,,\x01\x01'],
    ['no auth', 'n,,\x01host=server.example.com\x01\x01'],
    ['auth twice', `n,,\x01${authorization}\x01${authorization}\x01\x01`],
    ['no separator at the end', `n,,\x01${authorization}\x01`],
    ['one too many', `n,,\x01${authorization}\x01\x01\x01`],
    ['a key with a digit', `n,,\x01${authorization}\x01k1=v\x01\x01`],
    ['a pair without a value', `n,,\x01${authorization}\x01qs\x01\x01`],
    ['a value beyond ASCII', `n,,\x01${authorization}\x01path=ü\x01\x01`],
    ['a control character in a value', `n,,\x01${authorization}\x01path=\0\x01\x01`],
    ['a name in Latin-1', Buffer.from(`n,a=jörg,\x01${authorization}\x01\x01`, 'latin1')],
  ])('%s is malformed', (_what, response) => {
    expect(exchange(oauthbearer, [response])).toEqual([{ malformed: true }]);
  });
});
