// The options that are numbers, as limits of the layers below. One that asks for nothing is left out.
import type { ListenerOptions } from '../server/listener.ts';
import type { SessionPolicy } from '../session/policy.ts';
import type { SMTPServerOptions } from './options.ts';

const MAX_UNAUTHENTICATED_COMMANDS = 10;
const MAX_UNKNOWN_COMMANDS = 10;

/** The number, `undefined` where it is no limit. */
export function limit(value: number | false | undefined): number | undefined {
  return Number(value) > 0 ? Number(value) : undefined;
}

/** What is held against commands. */
export function policyLimits(options: SMTPServerOptions): Partial<SessionPolicy> {
  const {
    maxAllowedUnauthenticatedCommands = MAX_UNAUTHENTICATED_COMMANDS,
    maxAllowedUnknownCommands = MAX_UNKNOWN_COMMANDS,
  } = options;
  return limits<SessionPolicy>({
    maxAuthFailures: options.maxAllowedAuthFailures,
    maxChunkSize: options.maxChunkSize,
    maxCommandsWithoutMessage: options.maxAllowedCommandsWithoutMessage,
    maxRecipients: options.maxRecipients,
    maxUnauthenticatedCommands: maxAllowedUnauthenticatedCommands,
    maxUnknownCommands: maxAllowedUnknownCommands,
  });
}

/** What is held against connections and lines. */
export function listenerLimits(options: SMTPServerOptions): Partial<ListenerOptions> {
  return limits<ListenerOptions>({
    commandLineLimit: options.maxCommandLength,
    credentialsLineLimit: options.maxAuthLength,
    greetDelay: options.greetDelay,
    handshakeTimeout: options.handshakeTimeout,
    idleTimeout: options.socketTimeout,
    maxConnections: options.maxClients,
    proxyHeaderLimit: options.maxProxyHeaderLength,
  });
}

function limits<T>(given: { readonly [K in keyof T]?: number | false | undefined }): Partial<T> {
  const entries = Object.entries<number | false | undefined>(given);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (limit(value) === undefined ? [] : [[name, limit(value)]])),
  ) as Partial<T>;
}
