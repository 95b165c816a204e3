// The accounts, in memory: pending until the link of the mail is opened.
import { randomBytes } from 'node:crypto';

interface Account {
  /** What the link of the mail carries. */
  readonly token: string;
  isConfirmed: boolean;
}

export class Accounts {
  readonly #byAddress = new Map<string, Account>();

  /** The token of a new account, or `undefined` if the address has one. */
  open(address: string): string | undefined {
    if (this.#byAddress.has(address)) return undefined;
    const token = randomBytes(16).toString('base64url');
    this.#byAddress.set(address, { token, isConfirmed: false });
    return token;
  }

  /** The address whose token it is, confirmed from now on; `undefined` if it is nobody's, or was used. */
  confirm(token: string): string | undefined {
    for (const [address, account] of this.#byAddress) {
      if (account.token !== token || account.isConfirmed) continue;
      account.isConfirmed = true;
      return address;
    }
    return undefined;
  }

  remove(address: string): void {
    this.#byAddress.delete(address);
  }
}
