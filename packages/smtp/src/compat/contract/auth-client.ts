// AUTH as cases use it.
import { extensionsOf } from './contract-client.ts';
import type { ContractHandlers, ContractOptions } from './contract-server.ts';

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Logs in as ann. */
export const PLAIN: string = `AUTH PLAIN ${base64('\0ann\0secret')}`;

/** Lets everybody in. */
export const logIn: ContractHandlers['onAuth'] = ({ username }, _session, callback) =>
  callback(null, { user: username });

/** AUTH is accepted in clear text. */
export const openAuth: ContractOptions = { allowInsecureAuth: true, onAuth: logIn };

/** And demanded. */
export const demandedAuth: ContractOptions = {
  ...openAuth,
  authOptional: false,
  maxAllowedUnauthenticatedCommands: 100,
};

/** The mechanisms that a reply to EHLO lists. */
export function mechanismsOf(reply: string): string[] {
  const listed = extensionsOf(reply).find((extension) => extension.startsWith('AUTH '));
  return listed?.split(' ').slice(1) ?? [];
}
