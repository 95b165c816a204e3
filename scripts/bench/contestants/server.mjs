// A server as the bench has it: its port, what its process used, and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { pathOf } from '../../programs.mjs';
import { Child } from '../child.mjs';
import { listening } from './listening.mjs';

/** @typedef {import('./contestant.mjs').Settings} Settings */
/** @typedef {import('./server-child.mjs').Usage} Usage */

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {() => Promise<number>} cpu Microseconds so far.
 * @property {(call: string, argument?: unknown) => Promise<unknown>} ask One of its methods; without it, nothing.
 * @property {() => Promise<Usage>} settled After garbage was collected.
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} name
 * @param {Settings} settings
 * @param {readonly string[]} [execArgv]
 * @returns {Promise<Server>}
 */
export async function startServer(name, settings, execArgv = []) {
  if (name === 'smtp-sink') return startSink();
  const child = new Child(name, new URL('server-child.mjs', import.meta.url), ['--expose-gc', ...execArgv]);
  const port = Number(await child.begin({ name, settings }));
  const usage = async (/** @type {string} */ call) => /** @type {Usage} */ (await child.ask(call));
  return {
    port,
    cpu: async () => (await usage('usage')).cpu,
    ask: (call, argument) => child.ask(call, argument),
    settled: () => usage('settled'),
    stop: () => child.stop(),
  };
}

/**
 * Postfix's smtp-sink, in C. It can't say which port it got, so that it is told one that was free a moment ago.
 *
 * @returns {Promise<Server>}
 */
async function startSink() {
  const probe = createServer();
  const port = await listening(probe);
  probe.close();
  await once(probe, 'close');
  // It does not serve as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(pathOf('smtp-sink') ?? 'smtp-sink', [...user, `127.0.0.1:${port}`, '1024'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  await accepting(port);
  const resident = () =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1_024;
  // The first number is nanoseconds on a processor.
  const cpu = () => Number(readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
  return {
    port,
    cpu: async () => cpu(),
    ask: async () => undefined,
    settled: async () => ({ cpu: cpu(), resident: resident(), peak: resident(), retained: resident() }),
    async stop() {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

/** @param {number} port */
async function accepting(port) {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const accepted = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (accepted) return;
    await delay(20);
  }
  throw new Error('smtp-sink does not listen.');
}
