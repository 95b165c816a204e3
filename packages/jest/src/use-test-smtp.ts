// A server for the tests of a file or of a `describe` block.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { startTestSmtp, type TestSmtp, type TestSmtpOptions } from '@mailrig/fixture';

/**
 * A server that starts before the tests around which it is called, is reset before each, and stops after them. What it returns is that
 * server, for hooks and tests; before it has started each use of it throws.
 *
 * @param options Those of `startTestSmtp`. Where they can't work, `beforeAll` fails with its OptionError.
 * @example
 * ```js
 * const mail = useTestSmtp();
 *
 * test('a mail arrives', async () => {
 *   await signUp('ann@example.com', mail.connection);
 *   await expect(mail).toReceiveMessage({ to: 'ann@example.com' });
 * });
 * ```
 */
export function useTestSmtp(options: TestSmtpOptions = {}): TestSmtp {
  let server: TestSmtp | undefined;
  beforeAll(async () => {
    server = await startTestSmtp(options);
  });
  beforeEach(async () => {
    server?.reset();
    // A test that has failed may have left it down.
    await server?.resume();
  });
  afterAll(() => server?.stop());
  return handleOf(() => server);
}

/** All that is asked of it is asked of the server. */
function handleOf(current: () => TestSmtp | undefined): TestSmtp {
  const started = (): TestSmtp => {
    const server = current();
    if (server === undefined) throw new NotStartedError();
    return server;
  };
  const printed = { [INSPECT]: () => current() ?? 'TestSmtp, not started yet' };
  return new Proxy(printed as unknown as TestSmtp, {
    get(_, name) {
      const server = started();
      const value: unknown = Reflect.get(server, name, server);
      // A bound class would have another name, and a runner prints it.
      return typeof value === 'function' && name !== 'constructor' ? value.bind(server) : value;
    },
    has: (_, name) => name in started(),
    ownKeys: () => Reflect.ownKeys(started()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(started(), name),
    getPrototypeOf: () => Reflect.getPrototypeOf(started()),
  });
}

// The console looks through a proxy, at what is behind it.
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

class NotStartedError extends Error {
  static {
    this.prototype.name = 'NotStartedError';
  }
  readonly code = 'ERR_MAILRIG_NOT_STARTED';

  constructor() {
    super('The server of useTestSmtp() starts in beforeAll: use it in tests, and in hooks that are written after it.');
  }
}
