import { codes, EHLO } from './contract-client.ts';
import type { ContractOptions } from './contract-server.ts';
import type { ContractCase } from './describe-server-contract.ts';
import type { ServedServer } from './served-server.ts';

export const ALL_MECHANISMS: readonly string[] = ['PLAIN', 'LOGIN', 'XOAUTH2', 'CRAM-MD5'];

/** A server with all mechanisms, that lets everybody in, and what it was asked. */
export class AskedServer implements AsyncDisposable {
  readonly served: ServedServer;
  /** What onAuth was given besides validatePassword. */
  readonly asked: readonly object[];

  private constructor(served: ServedServer, asked: readonly object[]) {
    this.served = served;
    this.asked = asked;
  }

  static async of(t: ContractCase, options: ContractOptions = {}): Promise<AskedServer> {
    const asked: object[] = [];
    const served = await t.serve({
      allowInsecureAuth: true,
      authMethods: ALL_MECHANISMS,
      onAuth(auth, _session, callback) {
        asked.push(Object.fromEntries(Object.entries(auth).filter(([name]) => name !== 'validatePassword')));
        callback(null, { user: auth.username });
      },
      ...options,
    });
    return new AskedServer(served, asked);
  }

  /** The reply codes after EHLO. */
  async answers(...lines: string[]): Promise<string[]> {
    return codes(await this.served.client(EHLO), ...lines);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.served[Symbol.asyncDispose]();
  }
}
