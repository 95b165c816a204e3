import { describe, expect, test } from 'vitest';
import { challengeOf, credentialsOf, exchange, saslContextWith } from '../../testing/sasl-exchange.ts';
import { ScramClient, type ScramClientOptions } from '../../testing/scram-client.ts';
import type { SaslContext, SaslCrypto, SaslMechanism, SaslStep } from './mechanism.ts';
import { scramSha256Plus } from './scram-sha-256-plus.ts';
import { scramSha256 } from './scram-sha-256.ts';

const malformed = { malformed: true };
const refused = { refused: true };

/** Under TLS with both channel bindings, and both mechanisms offered. */
const underTls: Partial<SaslContext> = {
  secure: true,
  advertisedMechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'],
  channelBinding: (type) => (type === 'tls-unique' ? undefined : Buffer.from(`the data of ${type}`)),
};
const bound: ScramClientOptions = {
  header: 'p=tls-exporter,,',
  bindingData: Buffer.from('the data of tls-exporter'),
};

/** An exchange with a client, as far as its last message. */
function talk(
  mechanism: SaslMechanism,
  client: ScramClient,
  context: Partial<SaslContext> = {},
  changes: Parameters<ScramClient['final']>[1] = {},
): SaslStep {
  const begun = mechanism.begin(saslContextWith(context));
  const serverFirst = challengeOf(begun.next(Buffer.from(client.first)));
  return begun.next(Buffer.from(client.final(serverFirst, changes)));
}

function successOf(step: SaslStep): string | undefined {
  return 'success' in step ? step.success?.() : undefined;
}

describe('SCRAM-SHA-256 (RFC 5802, RFC 7677)', () => {
  test('the example of RFC 7677 §3', () => {
    const random = [nonceOctets('%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'), Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')];
    const crypto: SaslCrypto = {
      ...saslContextWith().crypto,
      randomBytes(size) {
        const octets = random.shift()!;
        expect(octets).toHaveLength(size);
        return octets;
      },
    };
    const [serverFirst, judged] = exchange(
      scramSha256,
      [
        'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
        'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      ],
      { crypto },
    );
    expect(serverFirst).toEqual({
      challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    });
    const { verify, ...credentials } = credentialsOf(judged);
    expect(credentials).toEqual({
      mechanism: 'SCRAM-SHA-256',
      username: 'user',
      authorizationIdentity: '',
      secret: '',
    });
    expect(verify!('pen')).toBe(false);
    expect(verify!('pencil')).toBe(true);
    expect(successOf(judged!)).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  test('a client and the server prove to each other that they know the password', () => {
    const client = new ScramClient({ password: 'geheim ü' });
    const judged = talk(scramSha256, client);
    expect(credentialsOf(judged).verify!('geheim ü')).toBe(true);
    expect(client.trusts(successOf(judged)!)).toBe(true);
  });

  test('without an initial response the challenge is empty', () => {
    expect(exchange(scramSha256, [undefined])).toEqual([{ challenge: '' }]);
  });

  test('nonce and salt are others each time, and of the form that RFC 5802 §7 has', () => {
    const { first } = new ScramClient({ nonce: 'rOprNGfw' });
    const messages = Array.from({ length: 50 }, () => challengeOf(exchange(scramSha256, [first])[0]));
    for (const message of messages)
      expect(message).toMatch(/^r=rOprNGfw[\x21-\x2b\x2d-\x7e]{30},s=[A-Za-z\d+/]{22}==,i=4096$/);
    expect(new Set(messages.map((message) => message.split(',')[0])).size).toBe(50);
    expect(new Set(messages.map((message) => message.split(',')[1])).size).toBe(50);
  });

  test('another password is no proof, nor is another client’s', () => {
    const judged = talk(scramSha256, new ScramClient({ password: 'pen' }));
    expect(credentialsOf(judged).verify!('pencil')).toBe(false);
    expect(() => successOf(judged)).toThrow('verify');
  });

  test('the server signs nothing that was not verified', () => {
    const judged = talk(scramSha256, new ScramClient());
    expect(() => successOf(judged)).toThrow(
      expect.objectContaining({
        code: 'ERR_MAILRIG_SCRAM_UNVERIFIED',
        message: expect.stringMatching(/SCRAM-SHA-256.*verify\(password\).*validatePassword/),
      }),
    );
  });

  test('a password that fails after the right one takes nothing back', () => {
    const client = new ScramClient();
    const judged = talk(scramSha256, client);
    const { verify } = credentialsOf(judged);
    expect([verify!('pencil'), verify!('pen')]).toEqual([true, false]);
    expect(client.trusts(successOf(judged)!)).toBe(true);
  });

  test('passwords are the same after SASLprep', () => {
    const judged = talk(scramSha256, new ScramClient({ password: 'IX a' }));
    expect(credentialsOf(judged).verify!('\u2168\u00a0\u00ada')).toBe(true);
  });

  test('one that is prohibited is nobody’s', () => {
    const judged = talk(scramSha256, new ScramClient({ password: 'pen\x07cil' }));
    expect(credentialsOf(judged).verify!('pen\x07cil')).toBe(false);
  });

  test.each([
    ['quoted', 'a=2Cb=3Dc=2C2C', 'a,b=c,2C'],
    ['quoted twice', '=3D2C', '=2C'],
    ['prepared', '\u2168\u00adjo\u0308rg', 'IXjörg'],
  ])('a name may be %s', (_how, sent, username) => {
    const client = new ScramClient({ username: sent });
    const judged = talk(scramSha256, client);
    expect(credentialsOf(judged)).toMatchObject({ username });
    expect(credentialsOf(judged).verify!('pencil')).toBe(true);
    expect(client.trusts(successOf(judged)!)).toBe(true);
  });

  test('the identity to act as is told', () => {
    const judged = talk(scramSha256, new ScramClient({ header: 'n,a=b=2Cob,' }));
    expect(credentialsOf(judged)).toMatchObject({ username: 'ann', authorizationIdentity: 'b,ob' });
    expect(credentialsOf(judged).verify!('pencil')).toBe(true);
  });

  test('extensions that nobody knows are ignored (RFC 5802 §5.1)', () => {
    const judged = talk(scramSha256, new ScramClient({ extension: ',x=1,y=a=b' }));
    expect(credentialsOf(judged).verify!('pencil')).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['no GS2 header', 'n=ann,r=nonce'],
    ['another flag', 'x,,n=ann,r=nonce'],
    ['a channel binding without a type', 'p=,,n=ann,r=nonce'],
    ['a channel binding of an impossible type', 'p=a_b,,n=ann,r=nonce'],
    ['an empty identity to act as', 'n,a=,n=ann,r=nonce'],
    ['an identity to act as with a bare =', 'n,a=b=ob,n=ann,r=nonce'],
    ['something else in its place', 'n,b=bob,n=ann,r=nonce'],
    ['no name', 'n,,r=nonce'],
    ['an empty name', 'n,,n=,r=nonce'],
    ['a name that is nothing', 'n,,n=\u00ad,r=nonce'],
    ['a name with a bare =', 'n,,n=a=b,r=nonce'],
    ['a name with a quotation in lower case', 'n,,n=a=2c,r=nonce'],
    ['NUL in the name', 'n,,n=a\0b,r=nonce'],
    ['a line break in the name', 'n,,n=a\nb,r=nonce'],
    ['a prohibited character in the name', 'n,,n=a\u202eb,r=nonce'],
    ['no nonce', 'n,,n=ann'],
    ['an empty nonce', 'n,,n=ann,r='],
    ['a space in the nonce', 'n,,n=ann,r=no nce'],
    ['a nonce beyond ASCII', 'n,,n=ann,r=nönce'],
    ['an extension without a value', 'n,,n=ann,r=nonce,x='],
    ['NUL in an extension', 'n,,n=ann,r=nonce,x=\0'],
    ['an extension with a long name', 'n,,n=ann,r=nonce,xy=1'],
    ['a comma at the end', 'n,,n=ann,r=nonce,'],
    ['Latin-1', Buffer.from('n,,n=jörg,r=nonce', 'latin1')],
  ])('%s in the first message is malformed', (_what, message) => {
    expect(exchange(scramSha256, [message])).toEqual([malformed]);
  });

  test.each([
    ['nothing', () => ''],
    ['no channel binding', (final: string) => final.replace(/^c=[^,]*,/, '')],
    ['a channel binding that is no base64', (final: string) => final.replace('c=biws', 'c=biw')],
    ['no nonce', (final: string) => final.replace(/,r=[^,]*/, '')],
    ['no proof', (final: string) => final.replace(/,p=.*$/, '')],
    ['a proof that is no base64', (final: string) => final.replace(/=$/, '')],
    ['something after the proof', (final: string) => `${final},x=1`],
    ['NUL', (final: string) => final.replace(',p=', ',x=\0,p=')],
  ])('%s in the last message is malformed', (_what, change) => {
    const client = new ScramClient();
    const begun = scramSha256.begin(saslContextWith());
    const serverFirst = challengeOf(begun.next(Buffer.from(client.first)));
    expect(begun.next(Buffer.from(change(client.final(serverFirst))))).toEqual(malformed);
  });

  test.each([
    ['in the first message', 'n,,m=x,n=ann,r=nonce'],
    ['in the first message, whatever follows', 'n,,m=x,,'],
    ['among its extensions', 'n,,n=ann,r=nonce,m=x'],
  ])('an extension that must be understood is refused %s', (_where, message) => {
    expect(exchange(scramSha256, [message])).toEqual([refused]);
  });

  test('it is refused in the last one too', () => {
    const client = new ScramClient();
    const begun = scramSha256.begin(saslContextWith());
    const final = client.final(challengeOf(begun.next(Buffer.from(client.first))));
    expect(begun.next(Buffer.from(final.replace(',p=', ',m=x,p=')))).toEqual(refused);
  });

  test.each([
    ['another nonce', { r: 'rOprNGfwEbeRWgbNEkqO' }],
    ['another GS2 header', { c: Buffer.from('y,,').toString('base64') }],
    ['channel binding data out of nowhere', { c: Buffer.from('n,,data').toString('base64') }],
    ['no GS2 header', { c: '' }],
  ])('%s in the last message is refused', (_what, changes) => {
    expect(talk(scramSha256, new ScramClient(), {}, changes)).toEqual(refused);
  });

  test('a proof of another length is refused', () => {
    const client = new ScramClient();
    const begun = scramSha256.begin(saslContextWith());
    const final = client.final(challengeOf(begun.next(Buffer.from(client.first))));
    expect(begun.next(Buffer.from(final.replace(/,p=.*$/, ',p=AAAA')))).toEqual(refused);
  });

  test('a client that says by mistake that the server has no channel binding is refused (RFC 5802 §6)', () => {
    const { first } = new ScramClient({ header: 'y,,' });
    expect(exchange(scramSha256, [first], underTls)).toEqual([refused]);
  });

  test.each<[string, Partial<SaslContext>]>([
    ['in clear text', { ...underTls, secure: false }],
    ['where there is nothing to bind to', { ...underTls, channelBinding: () => undefined }],
    ['where it is not offered', { ...underTls, advertisedMechanisms: ['SCRAM-SHA-256'] }],
  ])('but not %s, for there it is right', (_where, context) => {
    const judged = talk(scramSha256, new ScramClient({ header: 'y,,' }), context);
    expect(credentialsOf(judged).verify!('pencil')).toBe(true);
  });

  test('a client without channel binding may do without (RFC 5802 §6)', () => {
    expect(credentialsOf(talk(scramSha256, new ScramClient(), underTls)).verify!('pencil')).toBe(true);
  });

  test('channel binding takes the other mechanism', () => {
    expect(exchange(scramSha256, [new ScramClient(bound).first], underTls)).toEqual([refused]);
  });
});

describe('SCRAM-SHA-256-PLUS (RFC 5802 §6)', () => {
  test.each(['tls-exporter', 'tls-server-end-point'])('binds to the channel by %s', (type) => {
    const client = new ScramClient({ header: `p=${type},a=bob,`, bindingData: Buffer.from(`the data of ${type}`) });
    const judged = talk(scramSha256Plus, client, underTls);
    expect(credentialsOf(judged)).toMatchObject({
      mechanism: 'SCRAM-SHA-256-PLUS',
      username: 'ann',
      authorizationIdentity: 'bob',
    });
    expect(credentialsOf(judged).verify!('pencil')).toBe(true);
    expect(client.trusts(successOf(judged)!)).toBe(true);
  });

  test.each([
    ['another channel', { ...bound, bindingData: Buffer.from('the data of another one') }],
    ['no channel', { ...bound, bindingData: Buffer.alloc(0) }],
    ['the channel by another type', { ...bound, header: 'p=tls-server-end-point,,' }],
  ])('who is bound to %s is refused', (_what, options) => {
    expect(talk(scramSha256Plus, new ScramClient(options), underTls)).toEqual(refused);
  });

  test.each([
    ['a type that the server has not', 'p=tls-unique,,'],
    ['no channel binding', 'n,,'],
    ['no channel binding although the client has it', 'y,,'],
  ])('%s is refused', (_what, header) => {
    expect(exchange(scramSha256Plus, [new ScramClient({ header }).first], underTls)).toEqual([refused]);
  });

  test.each<[string, Partial<SaslContext>, boolean]>([
    ['under TLS', underTls, true],
    ['with one channel binding', { ...underTls, channelBinding: endPointOnly }, true],
    ['without any', { ...underTls, channelBinding: () => undefined }, false],
    ['in clear text', { ...underTls, secure: false }, false],
  ])('%s it is to be had: %j', (_where, context, available) => {
    expect(scramSha256Plus.isAvailable!(saslContextWith(context))).toBe(available);
  });
});

function endPointOnly(type: string): Buffer | undefined {
  return type === 'tls-server-end-point' ? Buffer.from('data') : undefined;
}

/** The octets of which the server makes this nonce. */
function nonceOctets(nonce: string): Buffer {
  return Buffer.from(Array.from(nonce, (character) => character.charCodeAt(0) - (character < ',' ? 0x21 : 0x22)));
}
