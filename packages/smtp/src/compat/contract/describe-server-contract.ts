// One suite of black-box cases for every server that claims the API of nodemailer's smtp-server.
import { describe, expect, test, vi } from 'vitest';
import { describeAddresses } from './addresses.contract.ts';
import { describeAnswers } from './answers.contract.ts';
import { describeAuthExchange } from './auth-exchange.contract.ts';
import { describeAuthOffer } from './auth-offer.contract.ts';
import { describeAuth } from './auth.contract.ts';
import { describeClientCertificates } from './client-certificates.contract.ts';
import { describeClientHostname } from './client-hostname.contract.ts';
import { describeClose } from './close.contract.ts';
import { describeCommandLength } from './command-length.contract.ts';
import { describeCommands } from './commands.contract.ts';
import { describeConnectSocket } from './connect-socket.contract.ts';
import { describeConnections } from './connections.contract.ts';
import { describeCramMd5 } from './cram-md5.contract.ts';
import { describeDataStream } from './data-stream.contract.ts';
import { describeDepartures } from './departures.contract.ts';
import { describeDisabledCommands } from './disabled-commands.contract.ts';
import { describeEnvelope } from './envelope.contract.ts';
import { describeHandlerFailures } from './handler-failures.contract.ts';
import { describeHandlers } from './handlers.contract.ts';
import { describeHello } from './hello.contract.ts';
import { describeLenientAddresses } from './lenient-addresses.contract.ts';
import { describeLifecycle } from './lifecycle.contract.ts';
import { describeLimits } from './limits.contract.ts';
import { describeLmtp } from './lmtp.contract.ts';
import { describeLogger } from './logger.contract.ts';
import { describeLogin } from './login.contract.ts';
import { describeMaxRecipients } from './max-recipients.contract.ts';
import { describeMessage } from './message.contract.ts';
import { describeNeedsUpgrade } from './needs-upgrade.contract.ts';
import { describeOnAuth } from './on-auth.contract.ts';
import { describeOnClose } from './on-close.contract.ts';
import { describeOnSecure } from './on-secure.contract.ts';
import { describeOtherProtocols } from './other-protocols.contract.ts';
import { describeParameters } from './parameters.contract.ts';
import { describePipelining } from './pipelining.contract.ts';
import { describePlain } from './plain.contract.ts';
import { describeProxyAttributes } from './proxy-attributes.contract.ts';
import { describeProxyCommands } from './proxy-commands.contract.ts';
import { describeProxyHeader } from './proxy-header.contract.ts';
import { describeRefusals } from './refusals.contract.ts';
import { describeSecureContext } from './secure-context.contract.ts';
import { describeSequence } from './sequence.contract.ts';
import { describeServerNames } from './server-names.contract.ts';
import { describeSession } from './session.contract.ts';
import { describeSize } from './size.contract.ts';
import { describeStartTls } from './starttls.contract.ts';
import { describeTimeLimits } from './time-limits.contract.ts';
import { describeTlsFailures } from './tls-failures.contract.ts';
import { describeTlsOptions } from './tls-options.contract.ts';
import { describeTlsResumption } from './tls-resumption.contract.ts';
import { describeTls } from './tls.contract.ts';
import { describeTransmission } from './transmission.contract.ts';
import { describeXClient } from './xclient.contract.ts';
import { describeXoauth2 } from './xoauth2.contract.ts';
import type { ContractOptions, ContractServer, ContractServerClass } from './contract-server.ts';
import type { Difference } from './differences/difference.ts';
import { ServedServer } from './served-server.ts';

/** Where the cases of a theme are registered. */
export interface Contract {
  /** @param name unique in the whole suite. */
  readonly test: (name: string, run: (t: ContractCase) => Promise<void>) => void;
}

/** What a case has to work with. */
export interface ContractCase {
  readonly SMTPServer: ContractServerClass;
  newServer(options?: ContractOptions): ContractServer;
  /** A listening server that asks for no AUTH and looks up no names, unless the options say so. */
  serve(options?: ContractOptions): Promise<ServedServer>;
}

export interface ContractSubject {
  readonly name: string;
  readonly SMTPServer: ContractServerClass;
  /** Their cases are run all the same, and expected to fail. */
  readonly differences?: readonly Difference[];
}

const THEMES: Readonly<Record<string, (contract: Contract) => void>> = {
  hello: describeHello,
  commands: describeCommands,
  'disabled commands': describeDisabledCommands,
  sequence: describeSequence,
  addresses: describeAddresses,
  'lenient addresses': describeLenientAddresses,
  parameters: describeParameters,
  session: describeSession,
  envelope: describeEnvelope,
  transmission: describeTransmission,
  handlers: describeHandlers,
  'handler failures': describeHandlerFailures,
  refusals: describeRefusals,
  pipelining: describePipelining,
  onClose: describeOnClose,
  message: describeMessage,
  'data stream': describeDataStream,
  answers: describeAnswers,
  lmtp: describeLmtp,
  size: describeSize,
  TLS: describeTls,
  STARTTLS: describeStartTls,
  'TLS options': describeTlsOptions,
  'server names': describeServerNames,
  secureContext: describeSecureContext,
  'client certificates': describeClientCertificates,
  'TLS resumption': describeTlsResumption,
  'TLS failures': describeTlsFailures,
  onSecure: describeOnSecure,
  needsUpgrade: describeNeedsUpgrade,
  'AUTH offer': describeAuthOffer,
  AUTH: describeAuth,
  onAuth: describeOnAuth,
  'AUTH exchange': describeAuthExchange,
  PLAIN: describePlain,
  LOGIN: describeLogin,
  XOAUTH2: describeXoauth2,
  'CRAM-MD5': describeCramMd5,
  lifecycle: describeLifecycle,
  connections: describeConnections,
  close: describeClose,
  'time limits': describeTimeLimits,
  'connect(socket)': describeConnectSocket,
  clientHostname: describeClientHostname,
  departures: describeDepartures,
  logger: describeLogger,
  'proxy header': describeProxyHeader,
  'proxy commands': describeProxyCommands,
  'proxy attributes': describeProxyAttributes,
  XCLIENT: describeXClient,
  limits: describeLimits,
  'command length': describeCommandLength,
  maxRecipients: describeMaxRecipients,
  'other protocols': describeOtherProtocols,
};

/** A case that waits for what never comes. */
const CASE_TIMEOUT = 5000;
/** smtp-server waits a tenth of a second before each greeting: the cases wait together. */
const CASES_AT_A_TIME = 50;

export function describeServerContract({ name, SMTPServer, differences = [] }: ContractSubject): void {
  vi.setConfig({ maxConcurrency: CASES_AT_A_TIME, testTimeout: CASE_TIMEOUT });
  const newServer = (options?: ContractOptions): ContractServer => new SMTPServer(options);
  const contractCase: ContractCase = {
    SMTPServer,
    newServer,
    serve: (options) =>
      ServedServer.listening(newServer({ authOptional: true, disableReverseLookup: true, logger: false, ...options })),
  };

  describe(`${name} fulfils the contract`, () => {
    describe.concurrent.each(Object.entries(THEMES))('%s', (_theme, describeTheme) => {
      describeTheme({
        test(title, run) {
          const difference = differences.find(({ tests }) => tests.includes(title));
          const skip = difference?.notRun === true;
          test(
            difference === undefined ? title : `${title} (not here: ${difference.peer})`,
            { fails: difference !== undefined && !skip, skip },
            () => run(contractCase),
          );
        },
      });
    });

    test('the names of the cases are unique, and those of the differences are among them', () => {
      const names = contractCases();
      const differing = differences.flatMap(({ tests }) => tests);
      for (const list of [names, differing]) {
        expect(list.filter((name, index) => list.indexOf(name) !== index)).toEqual([]);
      }
      expect(differing.filter((name) => !names.includes(name))).toEqual([]);
    });
  });
}

/** The names of all cases, in order. */
export function contractCases(): string[] {
  const names: string[] = [];
  for (const describeTheme of Object.values(THEMES)) describeTheme({ test: (name) => void names.push(name) });
  return names;
}
