// Submits mail, and tries again in the background where the server asks for patience.
import { setTimeout as delay } from 'node:timers/promises';
import { createTransport, type SendMailOptions } from 'nodemailer';

export type Outcome = 'sent' | 'delayed' | 'refused';

export class Mailer {
  readonly #transport;
  readonly #retryAfter: number;

  /**
   * @param smtp The options of a nodemailer transport.
   * @param retryAfter Milliseconds.
   */
  constructor(smtp: object, retryAfter: number) {
    this.#transport = createTransport(smtp, { from: 'The Shop <shop@example.com>' });
    this.#retryAfter = retryAfter;
  }

  /** What came of the first attempt. */
  async send(mail: SendMailOptions): Promise<Outcome> {
    const outcome = await this.#attempt(mail);
    if (outcome === 'delayed') void this.#retry(mail);
    return outcome;
  }

  async #retry(mail: SendMailOptions): Promise<void> {
    for (let attempt = 2; attempt <= MOST_ATTEMPTS; attempt++) {
      await delay(this.#retryAfter);
      if ((await this.#attempt(mail)) !== 'delayed') return;
    }
  }

  async #attempt(mail: SendMailOptions): Promise<Outcome> {
    try {
      await this.#transport.sendMail(mail);
      return 'sent';
    } catch (error) {
      // RFC 5321 §4.2.1: only a 5yz reply says that the same mail will be refused again.
      const { responseCode = 0 } = error as { readonly responseCode?: number };
      return responseCode >= 500 ? 'refused' : 'delayed';
    }
  }
}

const MOST_ATTEMPTS = 3;
