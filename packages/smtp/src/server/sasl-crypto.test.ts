import { describe, expect, test } from 'vitest';
import { saslCrypto } from './sasl-crypto.ts';

describe('the cryptography of SASL mechanisms', () => {
  test('HMAC-MD5: the first test of RFC 2202 §2', () => {
    expect(saslCrypto.hmac('md5', Buffer.alloc(16, 0x0b), 'Hi There').toString('hex')).toBe(
      '9294727a3638bb1c13f48ef8158bfc9d',
    );
  });

  test('HMAC-SHA-256: the second test of RFC 4231 §4.3', () => {
    expect(saslCrypto.hmac('sha256', 'Jefe', 'what do ya want for nothing?').toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  test('SHA-256: the example of FIPS 180', () => {
    expect(saslCrypto.hash('sha256', 'abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('PBKDF2: the first two tests of RFC 6070', () => {
    const key = (iterations: number): string =>
      saslCrypto.pbkdf2('sha1', 'password', Buffer.from('salt'), iterations, 20).toString('hex');
    expect(key(1)).toBe('0c60c80f961f0e71f3a9b524af6012062fe037a6');
    expect(key(2)).toBe('ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957');
  });

  test('random octets, as many as asked for, and others each time', () => {
    const octets = Array.from({ length: 20 }, () => saslCrypto.randomBytes(16));
    for (const some of octets) expect(some).toHaveLength(16);
    expect(new Set(octets.map((some) => some.toString('hex'))).size).toBe(20);
  });

  test.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
    ['', 'a', false],
  ])('%j equals %j: %j', (a, b, equal) => {
    expect(saslCrypto.equal(Buffer.from(a), Buffer.from(b))).toBe(equal);
  });
});
