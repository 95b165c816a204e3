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
    const isUsed = this.#server !== undefined;
    const isFirst = this.#users === 0;
    this.#users++;
    this.#isShared = !isFirst;
    try {
      const server = await (this.#server ??= startTestSmtp(this.#options));
      if (isUsed && isFirst) server.reset();
      return server;
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
