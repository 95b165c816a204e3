// Peers that have said all they will say, or are gone, while the server has something else to wait for.
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { RecordingSink } from '../../testing/memory-dialogue.ts';
import { endsOf, ObservedSessions, type ObservedSession } from '../../testing/observed-sessions.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { WireClient } from '../../testing/wire-client.ts';
import type { SessionHandler } from '../handler.ts';
import { withResolvers } from '../with-resolvers.ts';

interface Scene extends AsyncDisposable {
  readonly rig: Rig;
  readonly client: WireClient;
  readonly session: ObservedSession;
}

/** A client that has been greeted, or is not to be. */
async function meet(handler: SessionHandler, protocol: 'smtp' | 'lmtp' = 'smtp', greeted = true): Promise<Scene> {
  const sessions = new ObservedSessions(handler);
  const rig = await Rig.start({}, { policy: policyWith({ protocol }), open: sessions.open });
  const accepted = once(rig.listener.server, 'connection');
  const client = greeted ? await WireClient.greeted(rig.address) : await WireClient.connected(rig.address);
  await accepted;
  const session = sessions.of(client.socket.localPort!);
  return { rig, client, session, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

const ENVELOPE = 'EHLO c.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n';

/** An answer that comes when it is told to, and tells when it is asked for. */
function slowAnswer(): { ask: () => Promise<undefined>; asked: Promise<void>; answer: () => void } {
  const question = withResolvers<void>();
  const answer = withResolvers<undefined>();
  const ask = (): Promise<undefined> => (question.resolve(), answer.promise);
  return { ask, asked: question.promise, answer: () => answer.resolve(undefined) };
}

describe('a client that has closed its side hears every reply', () => {
  const later = async (): Promise<undefined> => {
    await new Promise(setImmediate);
    return undefined;
  };
  const slow = { hello: later, auth: later, mail: later, rcpt: later };

  test.each([
    ['smtp', 'EHLO', 1],
    ['lmtp', 'LHLO', 2],
  ] as const)('in %s, where each answer takes its time', async (protocol, hello, each) => {
    const body = (): RecordingSink => new RecordingSink(later);
    await using scene = await meet({ ...slow, body }, protocol);
    const { client, session } = scene;
    const envelope = 'MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nRCPT TO:<e@d.example>\r\n';
    client.send(`${hello} c.example\r\nAUTH PLAIN AGFubgBzZWNyZXQ=\r\n`);
    client.send(`${envelope}DATA\r\nx\r\n.\r\n${envelope}BDAT 3 LAST\r\nx\r\n`);
    client.socket.end();
    const codes = (await client.end()).match(/^\d{3}(?= )/gm)!.map(Number);
    const accepted = Array<number>(each).fill(250);
    expect(codes).toEqual([250, 235, 250, 250, 250, 354, ...accepted, 250, 250, 250, ...accepted]);
    await session.ended;
    expect(session.closings).toEqual(['client']);
  });
});

describe('a client that is reset while an answer is awaited', () => {
  const questions: readonly (readonly [keyof SessionHandler, string])[] = [
    ['connect', ''],
    ['hello', 'EHLO c.example\r\n'],
    ['auth', 'EHLO c.example\r\nAUTH PLAIN AGFubgBzZWNyZXQ=\r\n'],
    ['mail', 'EHLO c.example\r\nMAIL FROM:<a@b.example>\r\n'],
    ['rcpt', ENVELOPE],
  ];

  test.each(questions)('%s: has its session ended at once, and the answer finds nobody', async (question, said) => {
    const { answer, ask, asked } = slowAnswer();
    await using scene = await meet({ [question]: ask }, 'smtp', question !== 'connect');
    const { client, rig, session } = scene;
    client.send(said);
    await asked;
    client.socket.resetAndDestroy();
    await session.ended;
    answer();
    await using next = await WireClient.connected(rig.address);
    expect(await next.reply()).toMatch(/^220 /);
    expect(session.closings).toEqual([expect.stringMatching(/^(?:reset|client)$/)]);
  });

  test('to its message: the sink has had its end, and is not aborted too', async () => {
    const { answer, ask, asked } = slowAnswer();
    const sink = new RecordingSink(ask);
    await using scene = await meet({ body: () => sink });
    const { client, session } = scene;
    client.send(`${ENVELOPE}DATA\r\nx\r\n.\r\n`);
    await asked;
    client.socket.resetAndDestroy();
    await session.ended;
    expect(sink.events).not.toContain('flushed');
    answer();
    await new Promise(setImmediate);
    expect(sink.events.filter((event) => event !== 'x\r\n')).toEqual(['end', 'flushed']);
  });

  test('with more said than was read, has its session ended with the answer', async () => {
    const { answer, ask, asked } = slowAnswer();
    await using scene = await meet({ mail: ask });
    const { client, session } = scene;
    const paused = once(session.connection.socket, 'pause');
    client.send(`${ENVELOPE}NOOP\r\n`);
    await asked;
    client.send('NOOP\r\n');
    await paused;
    client.socket.resetAndDestroy();
    answer();
    await session.ended;
    expect(session.closings).toEqual([expect.stringMatching(/^(?:reset|client)$/)]);
  });
});

describe('a client that is reset while a sink is paused', () => {
  test.each([
    ['with nothing more said', 'DATA\r\nfirst\r\n', ''],
    ['with more said than was read', 'DATA\r\nfirst\r\n', 'second\r\n'],
    ['in a chunk', 'BDAT 100\r\nfirst\r\n', ''],
    ['in a chunk, with more said than was read', 'BDAT 100\r\nfirst\r\n', 'second\r\n'],
  ])('%s, has its body aborted once', async (_what, first, more) => {
    const sink = new RecordingSink();
    sink.accepting = false;
    const begun = withResolvers<void>();
    let resume!: () => void;
    await using scene = await meet({
      body: (toResume) => {
        resume = toResume;
        begun.resolve();
        return sink;
      },
    });
    const { client, session } = scene;
    client.send(ENVELOPE + first);
    await begun.promise;
    if (more !== '') {
      const paused = once(session.connection.socket, 'pause');
      client.send(more);
      await paused;
    }
    client.socket.resetAndDestroy();
    // A socket that is not read tells of nothing.
    if (more !== '') resume();
    await session.ended;
    resume();
    expect(endsOf([sink])).toEqual(['abort']);
    expect(session.closings).toEqual([expect.stringMatching(/^(?:reset|client)$/)]);
  });
});

test('a client that is reset while it reads no replies has its session ended at once', async () => {
  await using scene = await meet({});
  const { client, session } = scene;
  client.socket.pause();
  const burst = Buffer.from('HELP\r\n'.repeat(100_000));
  for (let count = 0; count < 80; count++) client.send(burst);
  await once(session.connection.socket, 'pause');
  client.socket.resetAndDestroy();
  await session.ended;
  expect(session.closings).toEqual(['reset']);
});

test('a server is stopped whatever it waits for', async () => {
  const { ask, asked } = slowAnswer();
  const sink = new RecordingSink();
  sink.accepting = false;
  await using scene = await meet({ mail: (path) => (path === null ? undefined : ask()), body: () => sink });
  const { client, rig } = scene;
  client.send(`${ENVELOPE}NOOP\r\n`);
  await asked;
  await using inBody = await WireClient.greeted(rig.address);
  for (const line of ['EHLO c.example', 'MAIL FROM:<>', 'RCPT TO:<c@d.example>', 'DATA']) await inBody.ask(line);
  inBody.send('first\r\n');
  client.socket.resetAndDestroy();
  await rig.listener.stop();
  expect(endsOf([sink])).toEqual(['abort']);
  expect(rig.listener.connections.size).toBe(0);
});
