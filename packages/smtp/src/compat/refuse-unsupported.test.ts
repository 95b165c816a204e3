import { expect, test } from 'vitest';
import { SMTPServer } from './smtp-server.ts';

test.each([
  ['secured', true],
  ['needsUpgrade', true],
  ['useProxy', ['127.0.0.1']],
  ['useXClient', true],
  ['useXForward', true],
  ['ignoredHosts', ['127.0.0.1']],
  ['resolver', {}],
  ['onSecure', () => {}],
  ['lenientAddressParsing', true],
  ['hideSize', true],
  ['hideDSN', false],
  ['hideREQUIRETLS', false],
  ['maxAllowedUnauthenticatedCommands', 0],
  ['authMethods', ['PLAIN', 'cram-md5']],
])('%s: %j is refused by name', (option, value) => {
  const refused = expect.objectContaining({
    name: 'SMTPServerOptionError',
    code: 'ERR_MAILRIG_OPTION',
    option,
    message: expect.stringContaining(option),
  });
  expect(() => new SMTPServer({ [option]: value })).toThrow(refused);
});

test('what asks for nothing is taken', () => {
  const options = {
    secured: false,
    useXClient: false,
    hideSize: false,
    hideDSN: true,
    hideREQUIRETLS: true,
    maxAllowedUnauthenticatedCommands: false,
    authMethods: ['NTLM'],
  };
  expect(() => new SMTPServer(options)).not.toThrow();
});
