// What others get wrong ends one session, or costs one command: never the process, and never close().
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Extension } from '../session/extension.ts';
import type { SaslMechanism } from '../session/sasl/mechanism.ts';
import { expectNoneEscaped } from '../testing/escaped-errors.ts';
import { POLICY, Rig } from '../testing/rig.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { WireClient } from '../testing/wire-client.ts';
import type { BodySink, SessionHandler, SessionObserver } from './handler.ts';
import { withResolvers } from './with-resolvers.ts';

const fail = (): never => {
  throw new Error('broken on purpose');
};
const MESSAGE = 'EHLO client.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nx\r\n.\r\n';

expectNoneEscaped();

/** A rig whose observer has these methods besides, and what it is told of failures. */
async function watched(
  observer: SessionObserver,
  handler: SessionHandler = {},
  options: Parameters<typeof Rig.start>[1] = {},
): Promise<{ readonly rig: Rig; readonly failures: string[]; readonly closed: Promise<void> }> {
  const failures: string[] = [];
  const closed = withResolvers<void>();
  const whole: SessionObserver = {
    failed: (error) => void failures.push(error.message),
    ...observer,
    closed: (by) => {
      closed.resolve();
      observer.closed?.(by);
    },
  };
  const rig = await Rig.start({}, { ...options, open: () => ({ ...handler, observer: whole }) });
  return { rig, failures, closed: closed.promise };
}

describe('an observer that throws', () => {
  test('at the end of a connection does not keep the listener from closing', async () => {
    const { rig, failures } = await watched({ closed: fail });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('QUIT');
    await rig.listener.close(1_000);
    expect(rig.listener.connections.size).toBe(0);
    expect(failures).toEqual(['broken on purpose']);
  });

  test('at a handshake ends the session', async () => {
    const { rig, failures, closed } = await watched({ secured: fail });
    await using _rig = rig;
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    await client.startTls(testCertificate.cert);
    await closed;
    expect(failures).toEqual(['broken on purpose']);
  });

  test('at a handshake that fails, and even at the failure, ends the session', async () => {
    const { rig, closed } = await watched({ handshakeFailed: fail, failed: fail });
    await using _rig = rig;
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    await client.ask('STARTTLS');
    client.send('this is no ClientHello\r\n');
    await closed;
  });

  test('at the reply that ends an idle session', async () => {
    const replied: SessionObserver['replied'] = (_proposal, [reply]) => (reply!.code === 421 ? fail() : undefined);
    const { rig, failures, closed } = await watched({ replied });
    await using client = await WireClient.greeted(rig.address);
    await rig.listener.close(1_000);
    await closed;
    expect(await client.end()).toBe('');
    expect(failures).toEqual(['broken on purpose']);
  });
});

describe('a sink that throws', () => {
  const sink = (own: Partial<BodySink>): SessionHandler => ({
    body: () => ({ write: () => true, end: () => undefined, abort: () => {}, ...own }),
  });

  test('when the client has gone in mid-message', async () => {
    const written = withResolvers<void>();
    const write = (): true => (written.resolve(), true);
    await using rig = await Rig.start(sink({ write, abort: fail }));
    await using client = await WireClient.greeted(rig.address);
    client.send(MESSAGE.slice(0, -'.\r\n'.length));
    await written.promise;
    client.socket.destroy();
    await rig.closedBy();
    expect(rig.failures).toEqual(['broken on purpose']);
  });

  test('when its reply has been written', async () => {
    await using rig = await Rig.start(sink({ flushed: fail }));
    await using client = await WireClient.greeted(rig.address);
    client.send(MESSAGE);
    expect(await client.end()).toMatch(/250 2\.6\.0 Message accepted\r\n$/);
    expect(rig.failures).toEqual(['broken on purpose']);
  });

  test('when its answer finds no client', async () => {
    const asked = withResolvers<void>();
    const answer = withResolvers<undefined>();
    const end = (): Promise<undefined> => (asked.resolve(), answer.promise);
    await using rig = await Rig.start(sink({ end, flushed: fail }));
    await using client = await WireClient.greeted(rig.address);
    client.send(MESSAGE);
    await asked.promise;
    const [connection] = rig.listener.connections;
    const gone = once(connection!.socket, 'end');
    client.socket.destroy();
    await gone;
    rig.clock.advance(1_000);
    await rig.closedBy();
    answer.resolve(undefined);
    await answer.promise;
    await rig.listener.stop();
    expect(rig.failures).toEqual(['broken on purpose']);
  });
});

describe('an answer that is none', () => {
  const nothing = (async () => null) as never;

  test('null accepts', async () => {
    const body = (): BodySink => ({ write: () => true, end: nothing, abort: () => {} });
    await using rig = await Rig.start({ mail: nothing, body });
    await using client = await WireClient.greeted(rig.address);
    client.send(`${MESSAGE}QUIT\r\n`);
    expect(await client.end()).toMatch(/250 2\.6\.0 Message accepted\r\n221 /);
  });

  test('anything else ends the session', async () => {
    await using rig = await Rig.start({ mail: (async () => ({})) as never });
    await using client = await WireClient.greeted(rig.address);
    client.send('EHLO client.example\r\nMAIL FROM:<a@b.example>\r\n');
    await client.end();
    expect(await rig.closedBy()).toBe('server');
    expect(rig.failures).toHaveLength(1);
  });
});

describe('what a policy brings along, and throws, costs one command', () => {
  const FAILED = '451 4.3.0 Local error in processing';

  test('an extension', async () => {
    const broken: Extension = { keyword: 'BROKEN', offer: () => 'BROKEN', mail: { BROKEN: fail } };
    const policy = { ...POLICY, extensions: [...POLICY.extensions, broken] };
    await using rig = await Rig.start({}, { policy });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    expect(await client.ask('MAIL FROM:<a@b.example> BROKEN=1')).toBe(FAILED);
    expect(await client.ask('MAIL FROM:<a@b.example>')).toMatch(/^250 /);
    expect(rig.failures).toEqual(['broken on purpose']);
  });

  test('a mechanism, which ends its exchange', async () => {
    const broken: SaslMechanism = {
      name: 'BROKEN',
      begin: () => ({ next: (response) => (response === undefined ? { challenge: '' } : fail()) }),
    };
    const policy = { ...POLICY, authInsecure: true, mechanisms: [broken] };
    await using rig = await Rig.start({}, { policy });
    await using client = await WireClient.greeted(rig.address);
    await client.ask('EHLO client.example');
    expect(await client.ask('AUTH BROKEN')).toBe('334');
    expect(await client.ask('c2VjcmV0')).toBe(FAILED);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    expect(rig.failures).toEqual(['broken on purpose']);
  });
});

test('credentials are refused where nobody judges them', async () => {
  await using rig = await Rig.start({}, { policy: { ...POLICY, authInsecure: true } });
  await using client = await WireClient.greeted(rig.address);
  await client.ask('EHLO client.example');
  expect(await client.ask('AUTH PLAIN AGFubgBzZWNyZXQ=')).toMatch(/^535 5\.7\.8 /);
});
