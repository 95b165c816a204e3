// A redis-server for the run: in a directory of its own, on a socket that nobody else finds, and nothing on disk that stays.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of its socket; `null` where there is no redis-server on this machine. */
    redis: string | null;
  }
}

export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const directory = await mkdtemp(join(tmpdir(), 'mail-queue-'));
  const socket = join(directory, 'redis.sock');
  // Port 0 is none: a port that is free when it is asked for may be taken when it is used.
  const settings = { port: '0', unixsocket: socket, save: '', appendonly: 'no', dir: directory };
  const redis = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(redis, 'close').catch(() => {});
  const teardown = async (): Promise<void> => {
    redis.kill();
    await closed;
    await rm(directory, { recursive: true, force: true });
  };

  try {
    await once(redis, 'spawn');
  } catch {
    console.warn("There is no redis-server on this machine (Debian's package redis-server): the tests are skipped.");
    provide('redis', null);
    return teardown;
  }
  await untilReady(redis, closed).catch(async (error: unknown) => {
    await teardown();
    throw error;
  });
  provide('redis', socket);
  return teardown;
};

/** @throws Error with what it said if it ends before it is ready. */
const untilReady = async (
  redis: ChildProcessByStdio<null, Readable, null>,
  closed: Promise<unknown>,
): Promise<void> => {
  const log: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface(redis.stdout).on('line', (line) => {
      log.push(line);
      if (/ready to accept connections/i.test(line)) resolve();
    });
  });
  const failed = closed.then(() => Promise.reject(new Error(`redis-server ended:\n${log.join('\n')}`)));
  await Promise.race([ready, failed]);
};
