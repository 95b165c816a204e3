// Clients that are in the wrong place, or want to have mail sent by somebody else's browser.
import { expect, test } from 'vitest';
import { expectNoneEscaped } from '../../testing/escaped-errors.ts';
import { SteppedRig } from '../../testing/stepped-rig.ts';

expectNoneEscaped();

const COMMANDS =
  'EHLO x\r\nMAIL FROM:<mallory@example.org>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\nforged\r\n.\r\nQUIT';

test.each([
  ['GET', 'GET / HTTP/1.1\r\nHost: mail.example\r\n'],
  ['POST', `POST / HTTP/1.1\r\nContent-Length: ${COMMANDS.length}\r\n\r\n${COMMANDS}`],
  ['a long PUT', `PUT /${'x'.repeat(16_000)} HTTP/1.1\r\n\r\n${COMMANDS}`],
  ['CONNECT', `CONNECT mail.example:25 HTTP/1.1\r\n\r\n${COMMANDS}`],
  ['HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${COMMANDS}`],
  ['SIP', `OPTIONS sip:mail.example SIP/2.0\r\n\r\n${COMMANDS}`],
])('a request of HTTP or its like ends the session, and nothing of it is run: %s', async (_what, request) => {
  const asked: string[] = [];
  const note = (what: string) => (): undefined => void asked.push(what);
  await using it = await SteppedRig.start({}, { mail: note('mail'), rcpt: note('rcpt') });
  for (const phase of ['hello', 'mail', 'data'] as const) {
    const { client, session } = await it.clientIn(phase);
    asked.length = 0;
    client.send(`${request}\r\n`);
    expect([phase, await client.codesToEnd()]).toEqual([phase, [421]]);
    await session.ended;
    expect([asked, session.closings, session.sinks]).toEqual([[], ['server'], []]);
  }
  expect(it.sessions.failures).toEqual([]);
});

const tlsHello = Buffer.from(`\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x07'.repeat(64)}`, 'latin1');

test('a hello of TLS ends a session that has not begun', async () => {
  await using it = await SteppedRig.start();
  const { client, session } = await it.clientIn('hello');
  client.send(tlsHello);
  expect(await client.codesToEnd()).toEqual([421]);
  await session.ended;
  expect(session.closings).toEqual(['server']);
});

test('a hello of TLS in a session is a line without an end: it has its time, and no more', async () => {
  await using it = await SteppedRig.start();
  const { client, session } = await it.clientIn('mail');
  await client.sendApart([tlsHello], session.connection.socket);
  it.rig.clock.advance(60_000);
  expect(await client.codesToEnd()).toEqual([421]);
  await session.ended;
  expect(session.closings).toEqual(['timeout']);
});

test('what other protocols begin with is commands that there are not', async () => {
  await using it = await SteppedRig.start();
  const { client } = await it.clientIn('hello');
  for (const line of [
    'SSH-2.0-OpenSSH_9.6',
    'a001 LOGIN ann secret',
    'USER ann',
    '*1',
    '$4',
    '{"jsonrpc":"2.0"}',
    '\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00',
    '\x00\x5a\x00\x00\x00\x01',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 25',
  ]) {
    client.send(Buffer.from(`${line}\r\nNOOP\r\n`, 'latin1'));
    expect([line, ...(await client.codes(2))]).toEqual([line, 500, 250]);
  }
});
