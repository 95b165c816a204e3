import { describe, expect, test } from 'vitest';
import { exchange, saslContextWith } from '../../testing/sasl-exchange.ts';
import { external } from './external.ts';

describe('EXTERNAL (RFC 4422 appendix A)', () => {
  const byCertificate = { clientIdentity: 'ann@example.org' };
  const ann = { mechanism: 'EXTERNAL', username: 'ann@example.org', authorizationIdentity: '', secret: '' };

  test('an empty response stands for the identity of the certificate', () => {
    expect(exchange(external, [''], byCertificate)).toEqual([{ credentials: ann }]);
    expect(exchange(external, [undefined, ''], byCertificate)).toEqual([{ challenge: '' }, { credentials: ann }]);
  });

  test('any other one is the identity to act as', () => {
    expect(exchange(external, ['jörg'], byCertificate)).toEqual([
      { credentials: { ...ann, authorizationIdentity: 'jörg' } },
    ]);
  });

  test.each([
    ['NUL', 'bob\0'],
    ['a line break', 'bob\r\n'],
    ['Latin-1', Buffer.from('jörg', 'latin1')],
  ])('%s in it is malformed', (_what, response) => {
    expect(exchange(external, [response], byCertificate)).toEqual([{ malformed: true }]);
  });

  test.each([null, '', 'ann\0eve'])('is not to be had with the identity %j', (clientIdentity) => {
    expect(external.isAvailable!(saslContextWith({ clientIdentity }))).toBe(false);
    for (const response of [undefined, '', 'ann'])
      expect(exchange(external, [response], { clientIdentity })).toEqual([{ refused: true }]);
  });

  test('is to be had with a certificate', () => {
    expect(external.isAvailable!(saslContextWith(byCertificate))).toBe(true);
  });
});
