// XCLIENT and XFORWARD as cases use them.
import { extensionsOf } from './contract-client.ts';
import type { ContractOptions, ContractSession, ContractConnect } from './contract-server.ts';
import type { ContractCase } from './describe-server-contract.ts';
import type { ServedServer } from './served-server.ts';

export const EHLO = 'EHLO proxy.example';

export const PROXY_COMMANDS = ['XCLIENT', 'XFORWARD'] as const;
export type ProxyCommand = (typeof PROXY_COMMANDS)[number];

/** The reply code of success. */
export const SUCCESS: Readonly<Record<ProxyCommand, string>> = { XCLIENT: '220', XFORWARD: '250' };
export const ATTRIBUTES: Readonly<Record<ProxyCommand, readonly string[]>> = {
  XCLIENT: ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'LOGIN'],
  XFORWARD: ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'IDENT', 'SOURCE'],
};

/** What onMailFrom sees. */
export interface RecordedSession extends Pick<ContractSession, (typeof FIELDS)[number]> {
  readonly xClient: Readonly<Record<string, unknown>>;
  readonly xForward: Readonly<Record<string, unknown>>;
}

interface Recorded {
  readonly served: ServedServer;
  /** As they were at each MAIL. */
  readonly sessions: readonly RecordedSession[];
  readonly clients: readonly ContractConnect[];
}

export async function serveRecorded(t: ContractCase, options: ContractOptions): Promise<Recorded> {
  const sessions: RecordedSession[] = [];
  const clients: ContractConnect[] = [];
  const served = await t.serve({
    ...options,
    onMailFrom(_address, session, callback) {
      sessions.push(record(session));
      callback();
    },
  });
  served.server.on('connect', (client) => clients.push(client));
  return { served, sessions, clients };
}

export function trusting(command: ProxyCommand, whom: boolean | string[] | undefined): ContractOptions {
  const insecure = { allowInsecureAuth: true };
  return command === 'XCLIENT' ? { ...insecure, useXClient: whom } : { ...insecure, useXForward: whom };
}

export function mapOf(command: ProxyCommand): 'xClient' | 'xForward' {
  return command === 'XCLIENT' ? 'xClient' : 'xForward';
}

/** The words of the extension in a reply to EHLO. */
export function listed(reply: string, command: ProxyCommand): string[] | undefined {
  return extensionsOf(reply)
    .map((extension) => extension.split(' '))
    .find(([name]) => name === command);
}

const FIELDS = [
  'remoteAddress',
  'remotePort',
  'localAddress',
  'localPort',
  'clientHostname',
  'hostNameAppearsAs',
  'openingCommand',
  'secure',
  'transmissionType',
  'user',
  'transaction',
] as const satisfies readonly (keyof ContractSession)[];

/** A session changes: this does not. */
function record(session: ContractSession): RecordedSession {
  return {
    ...(Object.fromEntries(FIELDS.map((field) => [field, session[field]])) as Pick<
      ContractSession,
      (typeof FIELDS)[number]
    >),
    xClient: Object.fromEntries(session.xClient),
    xForward: Object.fromEntries(session.xForward),
  };
}
