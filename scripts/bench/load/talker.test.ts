import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { prepare, Talker } from './talker.mjs';

/** A talker, and the server's side of its connection. */
async function connected(failed: (error: Error) => void = () => {}): Promise<{ talker: Talker; server: Socket }> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const arrival = once(listener, 'connection');
  const talker = new Talker((listener.address() as AddressInfo).port, failed);
  const [server] = (await arrival) as [Socket];
  onTestFinished(() => {
    talker.destroy();
    server.destroy();
    listener.close();
  });
  return { talker, server };
}

/** The next so many octets that arrive. */
async function received(server: Socket, octets: number): Promise<string> {
  let text = '';
  while (text.length < octets) text += String((await once(server, 'data'))[0]);
  return text;
}

test('a step is said when all replies to the one before have come, and not earlier', async () => {
  const { talker, server } = await connected();
  const done = new Promise<void>((resolve) =>
    talker.say(
      prepare([
        { send: 'a', replies: 2 },
        { send: 'b', replies: 1 },
      ]),
      resolve,
    ),
  );
  expect(await received(server, 1)).toBe('a');
  const seen = once(talker.socket, 'data');
  server.write('250 one\r\n');
  await seen;
  expect(talker.socket.bytesWritten).toBe(1);
  server.write('250 two\r\n');
  expect(await received(server, 1)).toBe('b');
  server.write('250 three\r\n');
  await done;
});

test('the steps are said again as long as somebody wants them', async () => {
  const { talker, server } = await connected();
  let left = 3;
  const done = new Promise<void>((resolve) =>
    talker.say(prepare([{ send: 'x', replies: 1 }]), resolve, () => --left > 0),
  );
  for (let i = 0; i < 3; i++) {
    expect(await received(server, 1)).toBe('x');
    server.write('250 ok\r\n');
  }
  await done;
  expect(left).toBe(0);
});

test('a large step goes out whole, slab by slab, and what follows it comes after it', async () => {
  const { talker, server } = await connected();
  const slab = 'x'.repeat(1_000_000);
  const steps = prepare([
    { send: slab, replies: 0, repeat: 20 },
    { send: 'END', replies: 1 },
  ]);
  const done = new Promise<void>((resolve) => talker.say(steps, resolve));
  const text = await received(server, 20 * slab.length + 3);
  expect(text.length).toBe(20 * slab.length + 3);
  expect(text.indexOf('END')).toBe(20 * slab.length);
  server.write('250 ok\r\n');
  await done;
});

test('a refusal is told', async () => {
  const failure = new Promise<Error>((resolve) => {
    void connected(resolve).then(({ talker, server }) => {
      talker.say(prepare([{ send: '', replies: 1 }]), () => {});
      server.write('554 no\r\n');
    });
  });
  expect((await failure).message).toContain('Refused: 554 no');
});
