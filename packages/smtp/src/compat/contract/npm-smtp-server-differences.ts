// Where nodemailer's smtp-server differs from the contract, by theme, in the order of docs/differences.md.
import { addressDifferences } from './differences/addresses.ts';
import { authDifferences } from './differences/auth.ts';
import { commandDifferences } from './differences/commands.ts';
import type { Difference } from './differences/difference.ts';
import { handlerDifferences } from './differences/handlers.ts';
import { lifecycleDifferences, loggingDifferences } from './differences/lifecycle.ts';
import { lmtpDifferences, messageDifferences } from './differences/messages.ts';
import { parameterDifferences } from './differences/parameters.ts';
import { proxyDifferences } from './differences/proxies.ts';
import { sessionDifferences } from './differences/sessions.ts';
import { tlsDifferences } from './differences/tls.ts';

export const npmSmtpServerDifferences: Readonly<Record<string, readonly Difference[]>> = {
  Commands: commandDifferences,
  Addresses: addressDifferences,
  Parameters: parameterDifferences,
  'Session and envelope': sessionDifferences,
  Handlers: handlerDifferences,
  Messages: messageDifferences,
  LMTP: lmtpDifferences,
  AUTH: authDifferences,
  TLS: tlsDifferences,
  'Listening and closing': lifecycleDifferences,
  Logging: loggingDifferences,
  'Behind a proxy': proxyDifferences,
};
