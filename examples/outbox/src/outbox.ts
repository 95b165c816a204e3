// The outbox: mails wait in it, and are tried again until there is nobody left who may still get them.
import { setTimeout } from 'node:timers/promises';
import { transmit, type Mail, type RecipientOutcome, type Server } from './transmit.ts';

/** Whom to send a mail to once more, after an attempt. */
export type WhomAgain = (outcomes: readonly RecipientOutcome[]) => readonly string[];

export interface OutboxOptions {
  readonly attempts: number;
  /** Milliseconds between two of them. */
  readonly pause: number;
  readonly whomAgain: WhomAgain;
}

export class Outbox {
  readonly #server: Server;
  readonly #options: OutboxOptions;
  readonly #waiting: Mail[] = [];

  constructor(server: Server, options: OutboxOptions) {
    this.#server = server;
    this.#options = options;
  }

  add(mail: Mail): void {
    this.#waiting.push(mail);
  }

  /** Sends all that waits. Returns the recipients that a person has to look after. */
  async flush(): Promise<readonly RecipientOutcome[]> {
    const undelivered: RecipientOutcome[] = [];
    for (let mail = this.#waiting.shift(); mail !== undefined; mail = this.#waiting.shift()) {
      undelivered.push(...(await this.#deliver(mail)));
    }
    return undelivered;
  }

  async #deliver(mail: Mail): Promise<readonly RecipientOutcome[]> {
    const { attempts, pause, whomAgain } = this.#options;
    const latest = new Map<string, RecipientOutcome>();
    let to = mail.to;
    for (let attempt = 1; to.length > 0 && attempt <= attempts; attempt++) {
      if (attempt > 1) await setTimeout(pause);
      const outcomes = await transmit(this.#server, { ...mail, to });
      for (const outcome of outcomes) latest.set(outcome.address, outcome);
      to = whomAgain(outcomes);
    }
    return [...latest.values()].filter(({ outcome }) => outcome !== 'delivered');
  }
}
