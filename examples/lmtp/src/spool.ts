// The spool, a folder: `<id>.json` says for whom a mail waits, `<id>.eml` is the mail, `bounces.jsonl` lists what failed.
import { appendFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecipientOutcome } from './hand-over.ts';

export interface SpooledMail {
  readonly id: string;
  /** The reverse-path; `''` for the null reverse-path. */
  readonly from: string;
  readonly recipients: readonly { readonly address: string; readonly attempts: number }[];
}

export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async mails(): Promise<SpooledMail[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.json'));
    return Promise.all(
      names.toSorted().map(async (name) => ({
        ...JSON.parse(await readFile(join(this.#folder, name), 'utf8')),
        id: basename(name, '.json'),
      })),
    );
  }

  content({ id }: SpooledMail): Promise<Buffer> {
    return readFile(this.#path(`${id}.eml`));
  }

  /** Records the bounces and keeps the mail for those whose delivery is delayed; without any it is removed. */
  async settle({ id, from, recipients }: SpooledMail, outcomes: readonly RecipientOutcome[]): Promise<void> {
    const having = (outcome: RecipientOutcome['outcome']) => outcomes.filter((each) => each.outcome === outcome);

    // RFC 5321 §6.1: nobody is told about mail from the null reverse-path.
    const failed = from === '' ? [] : having('failed');
    for (const { address, reason } of failed) {
      const bounce = { id, to: from, recipient: address, reason };
      await appendFile(this.#path('bounces.jsonl'), `${JSON.stringify(bounce)}\n`);
    }

    const delayed = new Set(having('delayed').map(({ address }) => address));
    if (delayed.size === 0) {
      await rm(this.#path(`${id}.json`));
      await rm(this.#path(`${id}.eml`));
      return;
    }
    const waiting = recipients
      .filter(({ address }) => delayed.has(address))
      .map(({ address, attempts }) => ({ address, attempts: attempts + 1 }));
    // Written aside and renamed: a crash leaves either the old or the new file.
    await writeFile(this.#path(`${id}.new`), JSON.stringify({ from, recipients: waiting }));
    await rename(this.#path(`${id}.new`), this.#path(`${id}.json`));
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}
