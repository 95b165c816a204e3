// What is written to the logger, and what is not.
import { expect, vi } from 'vitest';
import { base64 } from './auth-client.ts';
import { codes, deliver, EHLO, ENVELOPE, say } from './contract-client.ts';
import type { ContractLogger } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { FrontServer } from './front-server.ts';
import { HOST, IDENTITY } from './served-server.ts';

export function describeLogger(contract: Contract): void {
  describeEntries(contract);
  describeIgnored(contract);
}

function describeEntries({ test }: Contract): void {
  test('logger: the dialogue, with component and the id of the session', async (t) => {
    const { entries, logger } = recordingLogger();
    let id = '';
    await using served = await t.serve({
      logger,
      component: 'inbound',
      onConnect(session, callback) {
        ({ id } = session);
        callback();
      },
    });
    await say(await served.client(), EHLO, 'QUIT');
    expect(entries.some(({ text }) => text.includes(EHLO))).toBe(true);
    expect(entries.some(({ text }) => text.includes('221 '))).toBe(true);
    expect(entries.map(({ fields }) => fields)).toEqual(
      entries.map(() => expect.objectContaining({ component: 'inbound' })),
    );
    expect(entries.some(({ fields }) => Object.values(fields).includes(id))).toBe(true);
  });

  test("logger: component is 'smtp-server' by default", async (t) => {
    const { entries, logger } = recordingLogger();
    await using served = await t.serve({ logger });
    await served.client(EHLO);
    expect(new Set(entries.map(({ fields }) => fields['component']))).toEqual(new Set(['smtp-server']));
  });

  const password = 'correct-horse';
  const token = 'ya29.token';
  const secrets = [password, token, base64(`\0ann\0${password}`), base64(password), base64(xoauth2(token))];
  const exchanges: readonly (readonly [string, readonly string[]])[] = [
    ['PLAIN', [`AUTH PLAIN ${base64(`\0ann\0${password}`)}`]],
    ['PLAIN in two steps', ['AUTH PLAIN', base64(`\0ann\0${password}`)]],
    ['LOGIN', ['AUTH LOGIN', base64('ann'), base64(password)]],
    ['LOGIN with an initial response', [`AUTH LOGIN ${base64('ann')}`, base64(password)]],
    ['XOAUTH2', [`AUTH XOAUTH2 ${base64(xoauth2(token))}`]],
    ['XOAUTH2 in two steps', ['AUTH XOAUTH2', base64(xoauth2(token))]],
    ['a mechanism that does not exist', [`AUTH NONE ${base64(`\0ann\0${password}`)}`]],
    ['a word too many', [`AUTH PLAIN ${base64(`\0ann\0${password}`)} ${base64(password)}`]],
    ['a mechanism that was forgotten', [`AUTH ${base64(`\0ann\0${password}`)}`]],
    ['a blank that was forgotten', [`AUTHPLAIN ${base64(`\0ann\0${password}`)}`]],
  ];
  for (const [what, lines] of exchanges) {
    test(`logger: no secret: ${what}`, async (t) => {
      const { entries, logger } = recordingLogger();
      await using served = await t.serve({
        logger,
        allowInsecureAuth: true,
        authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
        onAuth: (_auth, _session, callback) => callback(new Error('Wrong')),
      });
      await say(await served.client(EHLO), ...lines, 'QUIT');
      expect(entries.some(({ text }) => text.includes('QUIT'))).toBe(true);
      const written = JSON.stringify(entries);
      expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
    });
  }

  test('logger: no content of messages', async (t) => {
    const { entries, logger } = recordingLogger();
    await using served = await t.serve({ logger });
    const client = await served.client(...ENVELOPE);
    await deliver(client, 'Subject: For your eyes only');
    await client.ask('QUIT');
    expect(JSON.stringify(entries)).not.toContain('For your eyes only');
  });

  test('the built-in certificate: no warning with logger: false, nor with key and cert', async (t) => {
    expect(warningsOf(() => t.newServer({ logger: false }))).toBe(0);
    expect(warningsOf(() => t.newServer(IDENTITY))).toBe(0);
  });

  test('the built-in certificate: two servers earn one warning', async (t) => {
    const { SMTPServer } = t;
    // A process is warned once: perhaps it has been.
    expect(warningsOf(() => [new SMTPServer(), new SMTPServer()])).toBeLessThan(2);
  });
}

function describeIgnored({ test }: Contract): void {
  test('ignoredHosts: sessions are served, and not logged', async (t) => {
    const { entries, logger } = recordingLogger();
    await using served = await t.serve({ logger, ignoredHosts: [HOST] });
    expect(await codes(await served.client(), EHLO, 'QUIT')).toEqual(['250', '221']);
    expect(entries.filter(({ text }) => /EHLO|QUIT|221 /.test(text))).toEqual([]);
  });

  test('ignoredHosts: the address of the PROXY header counts', async (t) => {
    const { entries, logger } = recordingLogger();
    await using served = await t.serve({ logger, useProxy: true, ignoredHosts: ['192.0.2.1'] });
    const client = await served.connected();
    client.send('PROXY TCP4 192.0.2.1 192.0.2.2 1234 25\r\n');
    await client.reply();
    expect(await codes(client, EHLO, 'QUIT')).toEqual(['250', '221']);
    expect(entries.filter(({ text }) => /EHLO|QUIT|192\.0\.2\.1/.test(text))).toEqual([]);
  });

  test('ignoredHosts: others are logged', async (t) => {
    const { entries, logger } = recordingLogger();
    await using served = await t.serve({ logger, ignoredHosts: ['192.0.2.1'] });
    await say(await served.client(), EHLO, 'QUIT');
    expect(entries.some(({ text }) => text.includes('QUIT'))).toBe(true);
  });

  test('ignoredHosts: handlers are called, and the connect event comes', async (t) => {
    const order: string[] = [];
    await using served = await t.serve({
      ignoredHosts: [HOST],
      onConnect(_session, callback) {
        order.push('onConnect');
        callback();
      },
    });
    served.server.on('connect', () => order.push('connect'));
    await served.client();
    expect(order).toEqual(['onConnect', 'connect']);
  });

  test('connect(socket, { ignore }): served, and not logged', async (t) => {
    const { entries, logger } = recordingLogger();
    await using front = await FrontServer.of(t, { logger }, { ignore: true });
    expect(await codes(await front.client(), EHLO, 'QUIT')).toEqual(['250', '221']);
    expect(entries.filter(({ text }) => /EHLO|QUIT|221 /.test(text))).toEqual([]);
  });
}

interface Entry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A logger in the manner of bunyan, which may be given values to put into the text. */
function recordingLogger(): { readonly entries: readonly Entry[]; readonly logger: ContractLogger } {
  const entries: Entry[] = [];
  const write = (fields: object, ...text: unknown[]): void =>
    void entries.push({ fields: fields as Entry['fields'], text: text.join(' ') });
  return { entries, logger: { trace: write, debug: write, info: write, warn: write, error: write, fatal: write } };
}

/** How often standard error is written to meanwhile. */
function warningsOf(run: () => unknown): number {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  const failed = vi.spyOn(console, 'error').mockReturnValue();
  run();
  const count = written.mock.calls.length + warned.mock.calls.length + failed.mock.calls.length;
  for (const spy of [written, warned, failed]) spy.mockRestore();
  return count;
}

function xoauth2(token: string): string {
  return `user=ann\u0001auth=Bearer ${token}\u0001\u0001`;
}
