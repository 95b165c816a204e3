import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { SharedServer } from './shared-server.ts';

test('it is one server, reset for the first to come and for no other', async () => {
  const shared = newShared();

  const server = await shared.enter();
  server.inject({ at: 'mail', reply: '451 4.7.1 Later' });
  expect(await shared.enter()).toBe(server);
  expect(server.faults).toHaveLength(1);
  expect(shared.isShared).toBe(true);

  shared.leave();
  shared.leave();
  expect(await shared.enter()).toBe(server);
  expect(server.faults).toEqual([]);
  expect(shared.isShared).toBe(false);
});

// It stayed down, and refused the mails of all tests behind one that had failed before its `resume()`.
test('it listens again for the first to come, and for those who come at once', async () => {
  const shared = newShared();
  const server = await shared.enter();
  await server.pause();
  shared.leave();

  await Promise.all([enterAndConnect(shared), enterAndConnect(shared)]);
});

test('those who come while it starts get the same', async () => {
  const shared = newShared();

  const [one, other] = await Promise.all([shared.enter(), shared.enter()]);
  expect(one).toBe(other);
});

test('it stops, and starts again for whoever comes', async () => {
  const shared = newShared();
  const { host, port } = await shared.enter();
  shared.leave();

  await shared.stop();
  await expect(once(connect(port, host), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  const server = await shared.enter();
  expect(server.sessions).toEqual([]);
});

test('where it can not start, everybody is told', async () => {
  const shared = new SharedServer({ host: '10.0.0.1' as 'localhost' });

  await expect(shared.enter()).rejects.toMatchObject({ code: 'ERR_MAILRIG_OPTION' });
  await expect(shared.enter()).rejects.toMatchObject({ code: 'ERR_MAILRIG_OPTION' });
  await shared.stop();
});

async function enterAndConnect(shared: SharedServer): Promise<void> {
  const { host, port } = await shared.enter();
  const socket = connect(port, host);
  await once(socket, 'connect');
  socket.destroy();
}

function newShared(): SharedServer {
  const shared = new SharedServer({ tls: 'none' });
  onTestFinished(() => shared.stop());
  return shared;
}
