import { describe, expect, test } from 'vitest';
import type { SMTPServerOptions } from './options.ts';
import { SMTPServer } from './smtp-server.ts';
import { mailIdentity } from './testing/identities.ts';
import { validateOptions } from './validate-options.ts';

const nothing = (): undefined => undefined;
const begin = nothing;
const offer = nothing;
const propose = nothing;

describe('is refused by name, with what to do', () => {
  test.each<[option: string, value: unknown, advice: string | RegExp]>([
    ['size', -1, 'a number from 0, not -1'],
    ['size', Number.NaN, 'not NaN'],
    ['maxClients', -5, 'not -5'],
    ['maxRecipients', 'many', "not 'many'"],
    ['maxCommandLength', {}, 'a number from 0'],
    ['maxAllowedUnauthenticatedCommands', -1, 'a number from 0'],
    ['handshakeTimeout', '5 s', "not '5 s'"],
    ['socketTimeout', -1, 'a number from 0'],
    ['closeTimeout', 'soon', 'a number from 0'],
    ['greetDelay', -1, 'a number from 0'],
    ['onConnect', 'yes', "a function, not 'yes'"],
    ['onSecure', {}, 'a function'],
    ['onData', 1, 'a function'],
    ['SNICallback', {}, 'a function'],
    ['lmtp', 'no', "true or false, not 'no'"],
    ['secure', 'false', 'true or false'],
    ['authOptional', 2, 'true or false'],
    ['hideDSN', '', 'true or false'],
    ['hideBINARYMIME', false, 'Set hideCHUNKING to false'],
    ['hideBINARYMIME', 0, 'Set hideCHUNKING to false'],
    ['name', 5, 'text, not 5'],
    ['heloResponse', nothing, 'text'],
    ['banner', ['hello'], 'text'],
    ['useProxy', 1, 'a list of addresses'],
    ['useXClient', {}, 'a list of addresses'],
    ['useXForward', 7, 'a list of addresses'],
    ['ignoredHosts', { host: true }, 'a list of addresses'],
    ['useProxy', ['127.0.0.1', '10.0.0.0/8'], "has '10.0.0.0/8', which is no IP address: name each address"],
    ['useXClient', '10.0.0.0/8', 'name each address'],
    ['useXForward', ['localhost'], "has 'localhost'"],
    ['ignoredHosts', ['::1', '1.2.3.4%eth0'], "has '1.2.3.4%eth0'"],
    ['ignoredHosts', [undefined], 'has undefined'],
    ['ignoredHosts', [['::1']], 'name each address'],
    ['authMethods', { PLAIN: true }, 'a list of names'],
    ['authMethods', ['PLAIN', 5], 'has 5, which is no name'],
    ['disabledCommands', 5, 'a list of names'],
    ['disabledCommands', [['AUTH']], 'no name'],
    ['logger', 'debug', "not 'debug'"],
    ['logger', {}, 'info(fields, text)'],
    ['logger', { info: 'yes' }, 'info(fields, text)'],
    ['resolver', {}, 'reverse(address, callback)'],
    ['resolver', nothing, 'reverse(address, callback)'],
    ['resolver', false, 'disableReverseLookup'],
    ['sniOptions', ['a.example'], 'a Map or an object'],
    ['sniOptions', { 'a.example': 'a.pem' }, "no object for 'a.example'"],
    ['sniOptions', new Map([['a.example', null]]), "no object for 'a.example'"],
    ['sniOptions', new Map([[1, {}]]), 'no object for 1'],
    ['mechanisms', 'NTLM', 'a list of mechanisms'],
    ['mechanisms', false, 'a list of mechanisms'],
    ['mechanisms', [null], 'has null'],
    ['mechanisms', [{ begin }], 'named undefined'],
    ['mechanisms', [{ name: 'anonymous', begin }], /'anonymous'.+upper case \(RFC 4422/],
    ['mechanisms', [{ name: 'A'.repeat(21), begin }], '1 to 20'],
    ['mechanisms', [{ name: 'NTLM' }], 'has NTLM without begin'],
    ['mechanisms', [{ name: 'NTLM', begin, isAvailable: true }], 'isAvailable must be a function'],
    ['mechanisms', ['NTLM', 'OTP', 'NTLM'].map((name) => ({ name, begin })), 'has NTLM twice'],
    ['extensions', { keyword: 'X', offer }, 'a list of extensions'],
    ['extensions', ['X'], "has 'X'"],
    ['extensions', [{ offer }], 'whose keyword is undefined'],
    ['extensions', [{ keyword: '', offer }], "whose keyword is ''"],
    ['extensions', [{ keyword: 'X' }], 'has X without offer'],
    ['extensions', [{ keyword: 'X', offer: 'X' }], 'has X without offer'],
    ['extensions', ['X', 'Y', 'x'].map((keyword) => ({ keyword, offer })), 'has X twice'],
    ['extensions', [{ keyword: 'X', offer, mail: null }], 'has X.mail, which must be an object'],
    ['extensions', [{ keyword: 'X', offer, mail: { by: nothing } }], "'by' in X.mail: write it in upper case"],
    ['extensions', [{ keyword: 'X', offer, rcpt: { BY: /x/ } }], 'has X.rcpt.BY, which must be a function'],
    ['extensions', [{ keyword: 'X', offer, commands: { turn: { propose } } }], "'turn' in X.commands"],
    ['extensions', [{ keyword: 'X', offer, commands: { TURN: propose } }], 'propose(state, argument)'],
    [
      'extensions',
      [{ keyword: 'X', offer, commands: { DATA: { propose } } }],
      "X.commands.DATA, which is the server's own",
    ],
    ['extensions', [{ keyword: 'X', offer, commands: { XCLIENT: { propose } } }], "can't be replaced"],
  ])('%s: %o', (option, value, advice) => {
    expect(() => new SMTPServer({ [option]: value })).toThrow(refusalOf(option, advice));
  });

  test.each([
    ['options', 'x'],
    ['options', []],
    ['options', nothing],
    ['options', 0],
  ])('%s: %o', (option, value) => {
    expect(() => new SMTPServer(value as unknown as SMTPServerOptions)).toThrow(refusalOf(option, 'must be an object'));
  });
});

test('a key in the place of a secure context is not shown', () => {
  const options = { sniOptions: { 'a.example': 'secret' } } as unknown as SMTPServerOptions;
  expect(() => validateOptions(options)).toThrow(/^(?!.*secret)/);
});

test('nothing makes it fail otherwise', () => {
  const odd = [Symbol('odd'), Object.create(null), 5n, [[]], [null], [Symbol('odd')], [Object.create(null)], [{}]];
  const known = { ...new SMTPServer({ logger: false }).options, mechanisms: [], extensions: [], resolver: {}, size: 0 };
  const others = ['useProxy', 'ignoredHosts', 'sniOptions', 'SNICallback', 'logger', 'lmtp', 'name', 'onData'];
  for (const option of [...Object.keys(known), ...others]) {
    for (const value of odd) {
      try {
        validateOptions({ [option]: value });
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_MAILRIG_OPTION', option });
      }
    }
  }
});

describe('is taken', () => {
  test.each<[what: string, options: object | null | undefined]>([
    ['no options', undefined],
    ['null', null],
    [
      'what asks for nothing',
      {
        size: 0,
        maxClients: Number.POSITIVE_INFINITY,
        maxRecipients: undefined,
        maxAllowedUnauthenticatedCommands: false,
        closeTimeout: 0,
        handshakeTimeout: '',
        onData: undefined,
        onAuth: null,
        useXClient: false,
        useProxy: [],
        ignoredHosts: '',
        disabledCommands: '',
        logger: null,
        sniOptions: false,
        banner: '',
        hideBINARYMIME: true,
        secure: null,
      },
    ],
    ['numbers as text', { size: '1000', socketTimeout: '5' }],
    ['0 and 1 for false and true', { authOptional: 1, hideCHUNKING: 0, hideBINARYMIME: 0 }],
    ['one name', { authMethods: 'PLAIN', disabledCommands: 'auth' }],
    ['a method that nobody knows', { authMethods: ['NTLM'] }],
    ['everybody', { useProxy: true, useXClient: '*', useXForward: ['*'] }],
    ['addresses', { useProxy: '127.0.0.1', useXClient: ['::1', '::ffff:127.0.0.1', 'fe80::1%eth0', '2001:DB8::1'] }],
    ['loggers', { logger: { info: nothing } }],
    ['the console as logger', { logger: console, secured: true }],
    ['a logger that is a function', { logger: Object.assign(() => {}, { debug: nothing }) }],
    ['a resolver', { resolver: { reverse: nothing } }],
    ['secure contexts', { sniOptions: { 'a.example': {} } }],
    ['a Map of secure contexts', { sniOptions: new Map([['a.example', {}]]), SNICallback: nothing }],
    [
      'mechanisms',
      {
        mechanisms: [
          { name: 'X-1_A', begin },
          { name: 'OTP', begin, isAvailable: nothing },
        ],
      },
    ],
    [
      'extensions',
      {
        extensions: [
          { keyword: 'X', offer },
          {
            keyword: 'Y',
            offer,
            mail: { 'X-BY': nothing },
            rcpt: {},
            commands: { TURN: { propose }, X_1: { propose } },
          },
        ],
      },
    ],
  ])('%s', (_what, options) => {
    expect(() => new SMTPServer(options && { ...mailIdentity, ...options })).not.toThrow();
  });

  test.each([false, 0, [undefined, null, false, '', 'PLAIN']])('no name where one could be: %o', (value) => {
    const names = value as unknown as string[];
    expect(() => validateOptions({ authMethods: names, disabledCommands: names })).not.toThrow();
  });
});

function refusalOf(option: string, advice: string | RegExp): unknown {
  const detail = typeof advice === 'string' ? advice.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : advice.source;
  return expect.objectContaining({
    name: 'SMTPServerOptionError',
    code: 'ERR_MAILRIG_OPTION',
    option,
    message: expect.stringMatching(new RegExp(`^The option ${option} .*${detail}.*\\.$`)),
  });
}
