// Names of clients. They come from strangers, a PTR record or a proxy, and go on into logs and header fields.
import { Resolver } from 'node:dns';
import { systemClock } from '../server/clock.ts';
import type { SMTPServerResolver } from './options.ts';

/** A name as the session object has it: in lower case, without the root's dot; `[address]` where it is none. */
export function hostNameOr(name: string | undefined, address: string): string {
  const text = (name ?? '').toLowerCase().replace(/\.$/, '');
  return HOST_NAME.test(text) ? text : `[${address}]`;
}

/** The first name that a reverse lookup gives; `undefined` where there is none, or the lookup fails. */
export function lookUpName(address: string, resolver: SMTPServerResolver | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const cancel = systemClock.after(PATIENCE.timeout, () => resolve(undefined));
    const end = (error: Error | null, names?: unknown): void => {
      cancel();
      // A resolver of somebody's own may call back anything.
      const name: unknown = !error && Array.isArray(names) ? names[0] : undefined;
      resolve(typeof name === 'string' ? name : undefined);
    };
    try {
      (resolver ?? new Resolver(PATIENCE)).reverse(address, end);
    } catch (error) {
      end(error as Error);
    }
  });
}

const HOST_NAME = /^[\p{L}\p{N}\p{M}_.-]+$/u;
/** A greeting waits for no slow name server. */
const PATIENCE = { timeout: 1_000, tries: 1 } as const;
