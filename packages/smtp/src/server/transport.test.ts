import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { SilenceWatch } from './silence-watch.ts';
import { Transport, type TransportOwner } from './transport.ts';

/** What a transport tells its owner of. */
function owner(told: string[]): TransportOwner {
  const tell = (what: string) => (): void => void told.push(what);
  return {
    heard: () => true,
    inputEnded: tell('input ended'),
    drained: tell('drained'),
    idle: tell('idle'),
    startTls: tell('start TLS'),
    ending: tell('ending'),
    closed: tell('closed'),
    failed: tell('failed'),
  };
}

test('all that was written and has not left is waited for once, however many writes it was', () => {
  const taken: (() => void)[] = [];
  const stream = new Duplex({
    highWaterMark: 4,
    read: () => {},
    write: (_octets, _encoding, done) => void taken.push(done),
  });
  const clock = new ManualClock();
  const settings = { clock, idle: new SilenceWatch(clock, 1_000), lingering: new SilenceWatch(clock, 1_000) };
  const told: string[] = [];
  const transport = new Transport(stream as Socket, settings, owner(told));
  transport.begin();
  expect([transport.write('250 OK\r\n', undefined), transport.write('250 OK\r\n', undefined)]).toEqual([false, false]);
  expect(stream.listenerCount('drain')).toBe(1);
  stream.emit('drain');
  expect(told).toEqual(['drained']);
  expect(stream.listenerCount('drain')).toBe(0);
});
