// The accounts, in memory: pending until the link of the verification mail is opened.
import { randomBytes } from 'node:crypto';

export interface Account {
  readonly email: string;
  readonly name: string;
  /** What the verification link carries. */
  readonly token: string;
  readonly status: 'pending' | 'verified';
}

export class Accounts {
  readonly #byEmail = new Map<string, Account>();

  /** A new pending account, or `undefined` if the address has one. */
  open(email: string, name: string): Account | undefined {
    if (this.#byEmail.has(email)) return undefined;
    const account: Account = { email, name, token: randomBytes(16).toString('base64url'), status: 'pending' };
    this.#byEmail.set(email, account);
    return account;
  }

  find(email: string): Account | undefined {
    return this.#byEmail.get(email);
  }

  /** The account whose token it is, verified from now on. */
  verify(token: string): Account | undefined {
    const account = [...this.#byEmail.values()].find((candidate) => candidate.token === token);
    if (!account) return undefined;
    const verified: Account = { ...account, status: 'verified' };
    this.#byEmail.set(account.email, verified);
    return verified;
  }

  remove(email: string): void {
    this.#byEmail.delete(email);
  }
}
