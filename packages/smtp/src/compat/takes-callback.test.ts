import { callbackify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { takesCallback } from './takes-callback.ts';

type Callback = () => void;
type Address = { address: string; args: unknown };
const nothing = (): void => {};
const wrapped = (handler: (...args: unknown[]) => unknown): ((...args: unknown[]) => unknown) =>
  function wrapper(this: unknown): unknown {
    return Reflect.apply(handler, this, arguments);
  };

class Handlers {
  declared(_address: string, _session: object, _callback: Callback): void {}
  withDefault(_address: string, _session: object, _callback: Callback = nothing): void {}
  async without(_address: string): Promise<void> {}
}
const method = (name: keyof Handlers): Handlers[keyof Handlers] => new Handlers()[name];

test.each<[string, (...args: never[]) => unknown]>([
  ['declares it', (_address: string, _session: object, _callback: Callback) => {}],
  ['declares it, as a method', method('declared')],
  ['declares it with a default', (_address: string, _session: object, _callback: Callback = nothing) => {}],
  ['declares it with a default, as a method', method('withDefault')],
  ['declares all with defaults', (_a = { b: [',', ')'] }, _b = "it's, (", _c = nothing) => {}],
  ['declares a rest', (..._args: unknown[]) => {}],
  ['declares a rest behind the first', (_address: string, ..._others: unknown[]) => {}],
  ['is a function with a rest', function handler(..._args: unknown[]) {}],
  ['takes it out of its arguments', wrapped(nothing)],
  ['is bound, and declares it', method('declared').bind(null)],
  [
    'is a mock of one that declares it',
    vi.fn<(...args: never[]) => void>((_a: string, _b: object, _c: Callback) => {}),
  ],
  ['is made of a promise', callbackify(async () => {})],
])('a handler that %s is waited for', (_what, handler) => {
  expect(takesCallback(handler, 2)).toBe(true);
  expect(takesCallback(handler, 2)).toBe(true);
});

test.each<[string, (...args: never[]) => unknown]>([
  ['declares nothing', nothing],
  ['declares nothing, and is async', async () => {}],
  ['declares one without brackets', runInNewContext('address => address') as never],
  ['declares the others', (_address: string, _session: object) => {}],
  ['declares the others as a method', method('without')],
  ['declares the others, one of them taken apart', ({ address: _a, args: _b }: Address, [_c, _d]: number[]) => {}],
  ['declares the others with a default', (_address = 'a,b', _session: object = {}) => {}],
  ['is bound', method('without').bind(null)],
  ['is a mock', vi.fn<(...args: never[]) => void>()],
  ['is a mock of an async function', vi.fn<(...args: never[]) => Promise<void>>(async () => {})],
  ['is a mock of a promise', vi.fn<(...args: never[]) => Promise<void>>().mockResolvedValue(undefined)],
  ['speaks of arguments', (_address: { readonly arguments?: unknown }) => /* no arguments */ 'arguments'],
  ['has a list in its body', (list: number[]) => Math.max(...list)],
  ['has a comment', (/* address, session, (callback */ _address: string) => {}],
])('a handler that %s has said what it returns', (_what, handler) => {
  expect(takesCallback(handler, 2)).toBe(false);
});
