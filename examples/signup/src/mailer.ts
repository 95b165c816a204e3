// Submits mail: under verified STARTTLS or not at all, and again after a temporary refusal.
import { setTimeout as delay } from 'node:timers/promises';
import { createTransport, type NodemailerError, type SendMailOptions } from 'nodemailer';
import { MailFailure } from './mail-failure.ts';
import type { MailSettings } from './settings.ts';

export class Mailer {
  readonly #settings: MailSettings;
  readonly #transport;

  constructor(settings: MailSettings) {
    this.#settings = settings;
    this.#transport = createTransport(
      {
        host: settings.host,
        port: settings.port,
        secure: false,
        requireTLS: true,
        ...(settings.credentials && { auth: settings.credentials }),
      },
      { from: settings.from },
    );
  }

  /** @throws MailFailure once the mail is refused for good, or was refused as often as there are attempts. */
  async send(mail: SendMailOptions): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#transport.sendMail(mail);
        return;
      } catch (error) {
        const failure = new MailFailure(error as NodemailerError);
        if (!failure.temporary || attempt >= this.#settings.attempts) throw failure;
        await delay(this.#settings.retryDelay * 2 ** (attempt - 1));
      }
    }
  }
}
