// Clear text behind STARTTLS is never read under TLS (CVE-2011-0411), and what came before is forgotten (RFC 3207 §4.2).
import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { expectNoneEscaped } from '../../testing/escaped-errors.ts';
import { RecordingSink } from '../../testing/memory-dialogue.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { testCertificate } from '../../testing/test-certificate.ts';
import { WireClient } from '../../testing/wire-client.ts';
import type { Connection } from '../connection.ts';
import type { SessionHandler } from '../handler.ts';
import { withResolvers } from '../with-resolvers.ts';

expectNoneEscaped();

const EHLO = 'EHLO client.example';
const MAIL = 'MAIL FROM:<mallory@example.org>';
const AUTH = 'AUTH PLAIN AG1hbGxvcnkAc2VjcmV0';

const INJECTED = [
  ['a line', 'NOOP\r\n'],
  ['the beginning of a line', 'MAIL FROM:<mall'],
  ['a line but for its LF', 'RSET\r'],
  ['lines that are none', 'RSET\nQUIT\n'],
  ['many lines', 'NOOP\r\n'.repeat(1_000)],
  ['an introduction', `${EHLO}\r\n`],
  ['credentials', `${AUTH}\r\n`],
  ['the beginning of an exchange', 'AUTH LOGIN\r\nbWFsbG9yeQ==\r\n'],
  ['a transaction', `${EHLO}\r\n${MAIL}\r\nRCPT TO:<bob@example.com>\r\nDATA\r\nforged\r\n.\r\nQUIT\r\n`],
  ['a second STARTTLS', `STARTTLS\r\n${EHLO}\r\n${MAIL}\r\n`],
] as const;

interface Begun extends AsyncDisposable {
  readonly rig: Rig;
  readonly client: WireClient;
  readonly connection: Connection;
  /** What the application was asked. */
  readonly asked: readonly string[];
  readonly sinks: readonly RecordingSink[];
}

/** A client that has sent its EHLO. */
async function begun(hello: SessionHandler['hello'] = () => undefined): Promise<Begun> {
  const asked: string[] = [];
  const sinks: RecordingSink[] = [];
  const note = (what: string) => (): undefined => void asked.push(what);
  const handler: SessionHandler = {
    hello: (proposal) => (asked.push('hello'), hello(proposal)),
    auth: note('auth'),
    mail: note('mail'),
    rcpt: note('rcpt'),
    body: () => sinks[sinks.push(new RecordingSink()) - 1]!,
  };
  const rig = await Rig.start(handler, { policy: policyWith({ startTls: 'available', authInsecure: true }) });
  const client = await WireClient.greeted(rig.address);
  const [connection] = [...rig.listener.connections] as [Connection];
  client.send(`${EHLO}\r\n`);
  const end = async (): Promise<void> => {
    await client[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
  };
  return { rig, client, connection, asked, sinks, [Symbol.asyncDispose]: end };
}

/** A client that has the reply to its EHLO. */
async function greeted(): Promise<Begun> {
  const it = await begun();
  await it.client.reply();
  return it;
}

describe.each(INJECTED)('%s in clear text', (_what, injected) => {
  async function expectForgotten({ rig, client, asked }: Begun): Promise<void> {
    await client.startTlsAfterReply(testCertificate.cert);
    expect(await client.ask(MAIL)).toBe('503 5.5.1 Send EHLO first');
    expect(await client.ask(EHLO)).toMatch(/^250-mail\.example\r\n/);
    expect(await client.ask(MAIL)).toBe('250 2.1.0 Sender accepted');
    expect(asked).toEqual(['hello', 'hello', 'mail']);
    expect(rig.discarded).toEqual([injected.length]);
  }

  test('in the segment of STARTTLS is forgotten', async () => {
    await using it = await greeted();
    it.client.send(`STARTTLS\r\n${injected}`);
    await expectForgotten(it);
  });

  test('that waits while the application is asked is forgotten', async () => {
    const answer = withResolvers<undefined>();
    let greetings = 0;
    await using it = await begun(() => (greetings++ === 0 ? answer.promise : undefined));
    const { client, connection } = it;
    const { socket } = connection;
    const paused = once(socket, 'pause');
    client.send('STARTTLS\r\n');
    await paused;
    client.send(injected);
    await vi.waitUntil(() => socket.readableLength === injected.length, { interval: 1 });
    answer.resolve(undefined);
    await client.reply();
    await expectForgotten(it);
  });

  test('after the 220 goes into the handshake, which fails', async () => {
    await using it = await greeted();
    const { rig, client, asked } = it;
    expect(await client.ask('STARTTLS')).toMatch(/^220 /);
    client.send(injected);
    // An alert may come, but no reply.
    expect(await client.end()).not.toMatch(/\d{3}[ -]/);
    expect(await rig.closedBy()).toBe('client');
    expect(rig.handshakeFailures).toHaveLength(1);
    expect(asked).toEqual(['hello']);
  });
});

test('what a session knew before TLS it has forgotten: EHLO, AUTH, and a transaction with its chunks', async () => {
  await using it = await greeted();
  const { client, connection, sinks } = it;
  for (const line of [AUTH, MAIL, 'RCPT TO:<bob@example.com>', 'BDAT 4\r\ntext'])
    client.send(line.includes('\n') ? line : `${line}\r\n`);
  expect(await client.codes(4)).toEqual([235, 250, 250, 250]);
  await client.startTls(testCertificate.cert);
  expect(await client.ask('NOOP')).toMatch(/^250 /);
  const { phase, hello, username, transaction } = connection.session;
  expect({ phase, hello, username, transaction }).toEqual({
    phase: 'hello',
    hello: null,
    username: null,
    transaction: null,
  });
  expect(sinks.map(({ events }) => events)).toEqual([['text', 'abort']]);
  client.send([AUTH, MAIL, 'RCPT TO:<bob@example.com>', 'DATA', 'BDAT 0 LAST', ''].join('\r\n'));
  expect(await client.codes(5)).toEqual([503, 503, 503, 503, 503]);
  const capabilities = await client.ask(EHLO);
  expect(capabilities).toContain('AUTH PLAIN');
  expect(capabilities).not.toContain('STARTTLS');
  expect(await client.ask('RCPT TO:<bob@example.com>')).toMatch(/^503 /);
  expect(await client.ask(AUTH)).toMatch(/^235 /);
});

describe('STARTTLS that leads to no handshake throws nothing away', () => {
  test('under TLS', async () => {
    await using it = await greeted();
    const { rig, client } = it;
    await client.startTls(testCertificate.cert);
    client.send(`STARTTLS\r\n${EHLO}\r\nSTARTTLS\r\nNOOP\r\n`);
    expect(await client.codes(4)).toEqual([503, 250, 503, 250]);
    expect(rig.discarded).toEqual([]);
  });

  test('with an argument', async () => {
    await using it = await greeted();
    const { rig, client } = it;
    client.send('STARTTLS now\r\nNOOP\r\n');
    expect(await client.codes(2)).toEqual([501, 250]);
    expect(rig.discarded).toEqual([]);
  });
});
