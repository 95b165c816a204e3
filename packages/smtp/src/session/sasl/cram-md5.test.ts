import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { challengeOf, credentialsOf, exchange, saslContextWith } from '../../testing/sasl-exchange.ts';
import { cramMd5 } from './cram-md5.ts';
import type { SaslCrypto } from './mechanism.ts';

describe('CRAM-MD5 (RFC 2195)', () => {
  // The challenge of RFC 2195 §2, which the server's generator and name give here.
  const randomNumbers = [1896n, 697170952n];
  const crypto: SaslCrypto = {
    ...saslContextWith().crypto,
    randomBytes: (size) => {
      const octets = Buffer.alloc(size);
      octets.writeBigUInt64BE(randomNumbers[0]!);
      randomNumbers.push(randomNumbers.shift()!);
      return octets;
    },
  };
  const example = { crypto, serverName: 'postoffice.reston.mci.net' };
  const digest = 'b913a602c7eda7a495b4e6e7334d3890';

  test('the example of RFC 2195 §2', () => {
    const [challenge, judged] = exchange(cramMd5, [undefined, `tim ${digest}`], example);
    expect(challenge).toEqual({ challenge: '<1896.697170952@postoffice.reston.mci.net>' });
    const { verify, ...credentials } = credentialsOf(judged);
    expect(credentials).toEqual({
      mechanism: 'CRAM-MD5',
      username: 'tim',
      authorizationIdentity: '',
      secret: '',
      challenge: '<1896.697170952@postoffice.reston.mci.net>',
      challengeResponse: digest,
    });
    expect(verify!('tanstaaftanstaaf')).toBe(true);
    for (const wrong of ['', 'tanstaaf', 'TANSTAAFTANSTAAF']) expect(verify!(wrong)).toBe(false);
  });

  test('takes a digest in upper case, and keeps it as it was sent', () => {
    const judged = exchange(cramMd5, [undefined, `tim ${digest.toUpperCase()}`], example).at(-1);
    const { challengeResponse, verify } = credentialsOf(judged);
    expect(challengeResponse).toBe(digest.toUpperCase());
    expect(verify!('tanstaaftanstaaf')).toBe(true);
  });

  test('a name may have spaces and a password be in any script', () => {
    const begun = cramMd5.begin(saslContextWith());
    const challenge = challengeOf(begun.next(undefined));
    const answer = createHmac('md5', 'geheim ü').update(challenge).digest('hex');
    const { username, verify } = credentialsOf(begun.next(Buffer.from(`Jörg the Third ${answer}`)));
    expect(username).toBe('Jörg the Third');
    expect(verify!('geheim ü')).toBe(true);
  });

  test('a challenge is a msg-id of the server, and another one each time', () => {
    const challenges = Array.from({ length: 20 }, () => challengeOf(exchange(cramMd5, [undefined])[0]));
    for (const challenge of challenges) expect(challenge).toMatch(/^<\d+\.\d+@mail\.example>$/);
    expect(new Set(challenges).size).toBe(20);
  });

  test('the server speaks first: an initial response is malformed (RFC 4954 §4)', () => {
    expect(exchange(cramMd5, [`tim ${digest}`])).toEqual([{ malformed: true }]);
    expect(exchange(cramMd5, [''])).toEqual([{ malformed: true }]);
  });

  test.each([
    ['nothing', ''],
    ['no digest', 'tim'],
    ['no name', digest],
    ['an empty name', ` ${digest}`],
    ['a digest that is too short', `tim ${digest.slice(1)}`],
    ['a digest that is too long', `tim ${digest}0`],
    ['a digest that is none', `tim ${'g'.repeat(32)}`],
    ['a control character in the name', `t\0m ${digest}`],
    ['a line break at the end', `tim ${digest}\n`],
    ['a name in Latin-1', Buffer.from(`jörg ${digest}`, 'latin1')],
  ])('%s is malformed', (_what, response) => {
    expect(exchange(cramMd5, [undefined, response]).at(-1)).toEqual({ malformed: true });
  });
});
