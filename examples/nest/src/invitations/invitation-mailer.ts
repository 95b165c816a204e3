// Sends invitations, and those that the server wants later once more. They wait in memory: what must survive a restart belongs into a
// queue that has a store.
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { MailerService } from '@nestjs-modules/mailer';
import { setTimeout } from 'node:timers/promises';
import type { NodemailerError } from 'nodemailer';
import { MailFailure } from '../mail/mail-failure.ts';
import { SETTINGS, type Settings } from '../settings.ts';
import type { Invitation } from './invitation.ts';

/** Is told how the attempts after the first ended. */
type Settled = (status: 'sent' | 'undeliverable') => void;

@Injectable()
export class InvitationMailer implements OnModuleDestroy {
  readonly #mailer: MailerService;
  readonly #settings: Settings;
  readonly #logger = new Logger(InvitationMailer.name);
  readonly #closing = new AbortController();

  constructor(mailer: MailerService, @Inject(SETTINGS) settings: Settings) {
    this.#mailer = mailer;
    this.#settings = settings;
  }

  /** @throws MailFailure if it can't be sent, and there is no use in another attempt. */
  async send(invitation: Invitation, settled: Settled): Promise<'sent' | 'queued'> {
    try {
      await this.#transmit(invitation);
      return 'sent';
    } catch (error) {
      if (!isForLater(error)) throw error;
      void this.#sendAgain(invitation).then(settled, () =>
        this.#logger.warn(`The invitation of ${invitation.email} was still to be sent.`),
      );
      return 'queued';
    }
  }

  onModuleDestroy(): void {
    this.#closing.abort();
  }

  /** @throws AbortError when the application closes. */
  async #sendAgain(invitation: Invitation): Promise<'sent' | 'undeliverable'> {
    const { attempts, retryDelay } = this.#settings;
    for (let attempt = 2; attempt <= attempts; attempt++) {
      await setTimeout(retryDelay * 2 ** (attempt - 2), undefined, { signal: this.#closing.signal });
      try {
        await this.#transmit(invitation);
        return 'sent';
      } catch (error) {
        this.#logger.error(error);
        if (!isForLater(error)) break;
      }
    }
    return 'undeliverable';
  }

  async #transmit({ email, name, token }: Invitation): Promise<void> {
    const link = new URL(`/invitations/accept?token=${token}`, this.#settings.publicUrl).href;
    await this.#mailer
      .sendMail({
        from: this.#settings.from,
        to: { name, address: email },
        subject: 'Your invitation',
        template: 'invitation',
        textTemplate: 'invitation',
        context: { name, link },
      })
      .catch((error: NodemailerError) => {
        throw new MailFailure(error);
      });
  }
}

const isForLater = (error: unknown): boolean => error instanceof MailFailure && error.reason === 'later';
