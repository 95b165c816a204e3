import { logIn } from './auth-client.ts';
import type { ContractOptions, ContractSession } from './contract-server.ts';
import type { ContractCase } from './describe-server-contract.ts';
import type { ServedServer } from './served-server.ts';

/** The envelope of a session that has none. */
export const EMPTY_ENVELOPE = {
  mailFrom: false,
  rcptTo: [],
  bodyType: '7bit',
  smtpUtf8: false,
  requireTLS: false,
} as const;

/** A server whose sessions can be looked at. */
export async function serveSessions(
  t: ContractCase,
  options: ContractOptions = {},
): Promise<{ served: ServedServer; sessions: ContractSession[] }> {
  const sessions: ContractSession[] = [];
  const served = await t.serve({
    onAuth: logIn,
    ...options,
    onConnect(session, callback) {
      sessions.push(session);
      callback();
    },
  });
  return { served, sessions };
}
