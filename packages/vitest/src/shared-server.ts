// One server for many tests: started by the first, reset between them, left alone while several are using it.
import { startTestSmtp, type TestSmtp, type TestSmtpOptions } from '@mailrig/fixture';

export class SharedServer {
  readonly #options: TestSmtpOptions;
  #server: Promise<TestSmtp> | undefined;
  #users = 0;
  #isShared = false;

  constructor(options: TestSmtpOptions) {
    this.#options = options;
  }

  /** Whether several have been using it since it was last reset. */
  get isShared(): boolean {
    return this.#isShared;
  }

  /**
   * To be followed by {@link leave}, unless it throws.
   * @throws what `startTestSmtp` throws.
   */
  async enter(): Promise<TestSmtp> {
    const isFirst = this.#users === 0;
    this.#users++;
    this.#isShared = !isFirst;
    if (isFirst) this.#server = this.#server?.then(asInTheBeginning);
    try {
      return await (this.#server ??= startTestSmtp(this.#options));
    } catch (error) {
      this.#server = undefined;
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.#users--;
  }

  /** One that is used again starts again. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await (await server)?.stop();
  }
}

const asInTheBeginning = async (server: TestSmtp): Promise<TestSmtp> => {
  server.reset();
  // A test that has failed may have left it down.
  await server.resume();
  return server;
};
