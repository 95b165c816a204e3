// What the class has that the one whose place it takes has not.
import { describe, expect, test } from 'vitest';
import type { Extension } from '../session/extension.ts';
import { accept, refuse } from '../session/proposal.ts';
import type { SaslMechanism } from '../session/sasl/mechanism.ts';
import { ScramClient } from '../testing/scram-client.ts';
import { WireClient } from '../testing/wire-client.ts';
import { reply } from '../wire/reply.ts';
import type { SMTPServerOptions } from './options.ts';
import { clientIdentity } from './testing/identities.ts';
import { ENVELOPE, say, Served } from './testing/served.ts';
import type { SMTPServerAuthentication, SMTPServerDataStream, SMTPServerEnvelopeSnapshot } from './types.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const codes = async (client: WireClient, ...lines: string[]): Promise<string[]> =>
  (await say(client, ...lines)).map((line) => line.slice(0, 3));

describe('CHUNKING and BINARYMIME (RFC 3030)', () => {
  const options: SMTPServerOptions = { authOptional: true, hideCHUNKING: false, hideBINARYMIME: false };

  test('are off unless asked for', async () => {
    await using served = await Served.options({ authOptional: true });
    await using client = await served.client('EHLO client.example');
    expect(await codes(client, 'MAIL FROM:<> BODY=BINARYMIME', 'BDAT 0 LAST')).toEqual(['501', '500']);
    expect(await client.ask('EHLO client.example')).not.toMatch(/CHUNKING|BINARYMIME/);
  });

  test('a body in chunks reaches the handler as it is', async () => {
    const contents: Buffer[] = [];
    const bodyTypes: unknown[] = [];
    await using served = await Served.options({
      ...options,
      async onData(stream, { envelope }) {
        bodyTypes.push(envelope.bodyType);
        contents.push(Buffer.concat(await stream.toArray()));
      },
    });
    await using client = await served.client('EHLO client.example', 'MAIL FROM:<> BODY=BINARYMIME', ENVELOPE[2]!);
    const content = Buffer.from('..\r\n.\r\n\0\xff\nQUIT\r\n', 'latin1');
    client.send(Buffer.concat([Buffer.from('BDAT 6\r\n'), content.subarray(0, 6)]));
    client.send(Buffer.concat([Buffer.from(`BDAT ${content.length - 6} LAST\r\n`), content.subarray(6)]));
    expect([await client.reply(), await client.reply()]).toEqual(['250 Chunk accepted', '250 Message accepted']);
    expect(contents).toEqual([content]);
    expect(bodyTypes).toEqual(['binarymime']);
  });

  test('a transaction that is reset destroys the stream', async () => {
    const streams: SMTPServerDataStream[] = [];
    await using served = await Served.options({
      ...options,
      onData: (stream, _session, _callback) => void streams.push(stream.resume()),
    });
    await using client = await served.client(...ENVELOPE);
    client.send('BDAT 5\r\nHello');
    expect(await client.reply()).toMatch(/^250 /);
    const closed = new Promise((resolve) => streams[0]!.on('close', resolve));
    expect(await client.ask('RSET')).toMatch(/^250 /);
    await closed;
    expect(streams[0]!.readableEnded).toBe(false);
  });
});

test('a message has its envelope for good, whatever becomes of the session', async () => {
  const snapshots: SMTPServerEnvelopeSnapshot[] = [];
  await using served = await Served.options({
    authOptional: true,
    hideDSN: false,
    onData: (stream) => void snapshots.push(stream.envelope),
  });
  await using client = await served.client('EHLO client.example', 'MAIL FROM:<ann@example.org> ENVID=a+2Bb');
  await say(client, 'RCPT TO:<bob@example.org> NOTIFY=never', 'DATA', '.', 'MAIL FROM:<>', 'RCPT TO:<eve@example.org>');
  expect(snapshots).toEqual([
    {
      mailFrom: { address: 'ann@example.org', args: { ENVID: 'a+b' } },
      rcptTo: [{ address: 'bob@example.org', args: { NOTIFY: 'never' }, dsn: { notify: ['NEVER'] } }],
      bodyType: '7bit',
      smtpUtf8: false,
      requireTLS: false,
      dsn: { ret: null, envid: 'a+b' },
    },
  ]);
  expect(() => (snapshots[0]!.rcptTo as unknown[]).push('eve')).toThrow(TypeError);
});

test('LIMITS tells of maxRecipients (RFC 9422)', async () => {
  await using served = await Served.options({ authOptional: true, maxRecipients: 5, hideLIMITS: false });
  await using client = await served.client();
  expect(await client.ask('EHLO client.example')).toContain('LIMITS RCPTMAX=5');
});

test('greetDelay: who talks before the greeting is sent away', async () => {
  await using served = await Served.options({ greetDelay: 60_000 });
  await using client = await WireClient.connected(served);
  client.send('EHLO client.example\r\n');
  expect(await client.reply()).toMatch(/^421 /);
});

describe('mechanisms', () => {
  test('validatePassword: what is no password is not the right one', async () => {
    const given: unknown[] = [];
    await using served = await Served.options({
      authMethods: ['PLAIN', 'CRAM-MD5'],
      allowInsecureAuth: true,
      onAuth({ validatePassword }) {
        given.push(validatePassword(undefined as never));
        return {};
      },
    });
    await using client = await served.client('EHLO client.example');
    const lines = ['AUTH CRAM-MD5', base64(`ann ${'0'.repeat(32)}`), `AUTH PLAIN ${base64('\0ann\0x')}`];
    expect(await codes(client, ...lines)).toEqual(['334', '535', '535']);
    expect(given).toEqual([false, false]);
  });

  const asked: SMTPServerAuthentication[] = [];
  const serve = (authMethods: string[], onAuth: SMTPServerOptions['onAuth']): Promise<Served> =>
    Served.options({ authMethods, allowInsecureAuth: true, onAuth });

  const scram = async (client: WireClient, scramClient: ScramClient): Promise<string> => {
    const challenge = await client.ask(`AUTH SCRAM-SHA-256 ${base64(scramClient.first)}`);
    return client.ask(base64(scramClient.final(Buffer.from(challenge.slice(4), 'base64').toString())));
  };

  test('SCRAM-SHA-256: the handler knows the password, and the client learns that it does', async () => {
    await using served = await serve(['SCRAM-SHA-256'], ({ username, validatePassword }, _session, callback) => {
      if (validatePassword('pencil')) callback(null, { user: username });
      else callback(new Error('Wrong'));
    });
    await using client = await served.client('EHLO client.example');
    const scramClient = new ScramClient();
    const final = await scram(client, scramClient);
    expect(final).toMatch(/^334 /);
    expect(scramClient.trusts(Buffer.from(final.slice(4), 'base64').toString())).toBe(true);
    expect(await codes(client, '', 'MAIL FROM:<>')).toEqual(['235', '250']);
    await using other = await served.client('EHLO client.example');
    expect(await scram(other, new ScramClient({ password: 'pen' }))).toBe('535 Wrong');
  });

  test('SCRAM-SHA-256: who logs a client in without validatePassword is told', async () => {
    await using served = await serve(['SCRAM-SHA-256'], ({ username }) => ({ user: username }));
    const failed = new Promise<Error>((resolve) => served.server.once('error', resolve));
    await using client = await served.client('EHLO client.example');
    expect(await scram(client, new ScramClient())).toMatch(/^451 /);
    expect(await failed).toMatchObject({ code: 'ERR_MAILRIG_SCRAM_UNVERIFIED' });
    expect(await client.ask('MAIL FROM:<>')).toMatch(/^530 /);
  });

  test('OAUTHBEARER: a token, and a reason why it is none', async () => {
    await using served = await serve(['OAUTHBEARER'], (auth, _session, callback) => {
      asked.push(auth);
      callback(null, auth.accessToken === 'good' ? { user: auth.username } : { data: { status: 'expired' } });
    });
    await using client = await served.client('EHLO client.example');
    const token = (text: string): string => base64(`n,a=ann@example.org,\x01auth=Bearer ${text}\x01\x01`);
    expect(await client.ask(`AUTH OAUTHBEARER ${token('bad')}`)).toBe(`334 ${base64('{"status":"expired"}')}`);
    expect(await codes(client, 'AQ==', `AUTH OAUTHBEARER ${token('good')}`)).toEqual(['535', '235']);
    expect(asked[0]).toMatchObject({ method: 'OAUTHBEARER', username: 'ann@example.org', accessToken: 'bad' });
  });

  test('EXTERNAL: the name in the certificate of the client', async () => {
    await using served = await Served.options({
      secure: true,
      requestCert: true,
      ca: clientIdentity.cert,
      authMethods: ['EXTERNAL'],
      onAuth: ({ method, username }) => ({ user: `${method} ${username}` }),
    });
    const login = async (identity: object): Promise<string[]> => {
      await using client = await WireClient.secured(served, served.ca, identity);
      await client.reply();
      const capabilities = await client.ask('EHLO client.example');
      return [String(/AUTH EXTERNAL/.test(capabilities)), await client.ask('AUTH EXTERNAL =')];
    };
    expect(await login(clientIdentity)).toEqual(['true', '235 Authentication succeeded']);
    expect(await login({})).toEqual(['false', expect.stringMatching(/^504 /)]);
  });
});

describe('written by the user', () => {
  test('a mechanism', async () => {
    // RFC 4505
    const anonymous: SaslMechanism = {
      name: 'ANONYMOUS',
      begin: () => ({
        next(response) {
          if (response === undefined) return { challenge: '' };
          const username = response.toString();
          return { credentials: { mechanism: 'ANONYMOUS', username, authorizationIdentity: '', secret: '' } };
        },
      }),
    };
    const asked: SMTPServerAuthentication[] = [];
    await using served = await Served.options({
      mechanisms: [anonymous],
      authMethods: ['ANONYMOUS'],
      allowInsecureAuth: true,
      onAuth: (auth) => (asked.push(auth), { user: 'guest' }),
    });
    await using client = await served.client();
    expect(await client.ask('EHLO client.example')).toContain('AUTH ANONYMOUS');
    expect(await client.ask(`AUTH ANONYMOUS ${base64('sirhc')}`)).toMatch(/^235 /);
    expect(asked).toMatchObject([{ method: 'ANONYMOUS', username: 'sirhc' }]);
  });

  test('a mechanism in the place of a built-in one', async () => {
    const plain: SaslMechanism = { name: 'PLAIN', begin: () => ({ next: () => ({ refused: true }) }) };
    await using served = await Served.options({
      mechanisms: [plain],
      allowInsecureAuth: true,
      onAuth: ({ username }) => ({ user: username }),
    });
    await using client = await served.client('EHLO client.example');
    expect(await codes(client, `AUTH PLAIN ${base64('\0ann\0secret')}`)).toEqual(['535']);
  });

  test('an extension, with a parameter and a command', async () => {
    // RFC 2852, and RFC 1985 for the command.
    const deliverBy: Extension = {
      keyword: 'DELIVERBY',
      offer: () => 'DELIVERBY 240',
      mail: { BY: (value) => (/^-?\d{1,9};[NR]T?$/.test(String(value)) ? undefined : reply(501, '5.5.4', 'Bad BY')) },
      commands: {
        ETRN: {
          propose: (_state, argument) =>
            argument === ''
              ? refuse('other', reply(501, '5.5.4', 'Whose?'))
              : accept('other', reply(250, '2.0.0', 'OK')),
        },
      },
    };
    await using served = await Served.options({ authOptional: true, extensions: [deliverBy] });
    await using client = await served.client();
    expect(await client.ask('EHLO client.example')).toMatch(/250 DELIVERBY 240$/);
    expect(await codes(client, 'ETRN', 'ETRN example.org', 'MAIL FROM:<> BY=x', 'MAIL FROM:<> BY=120;R')).toEqual([
      '501',
      '250',
      '501',
      '250',
    ]);
  });
});
