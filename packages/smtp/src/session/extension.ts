// What an SMTP service extension is (RFC 5321 §2.2): its line in the EHLO reply, its parameters, its commands.
import * as replies from '../wire/replies.ts';
import type { Parameters } from '../wire/parameters.ts';
import type { Reply } from '../wire/reply.ts';
import type { CommandDefinition } from './commands/definition.ts';
import type { SessionPolicy } from './policy.ts';
import type { SaslContext } from './sasl/mechanism.ts';

/** What an extension may look at. */
export interface ExtensionContext {
  readonly policy: SessionPolicy;
  /** Whether TLS is on. */
  readonly secure: boolean;
  /** Whether AUTH is to be had now (RFC 4954 §4, RFC 3207). */
  readonly authOffered: boolean;
  /** What a mechanism may look at, to tell whether it is to be had. */
  readonly saslContext: SaslContext;
  /** The address that the connection came from; after a PROXY header the one that it names. */
  readonly peerAddress: string;
  /** Whether XCLIENT has told that somebody else is the client: then nobody is left who may say so again. */
  readonly handedOver: boolean;
  /** Whether a verb, in upper case, is unknown here by the policy. */
  readonly isDisabled: (verb: string) => boolean;
}

/** Judges a parameter's value: a reply refuses it. */
export type ParameterCheck = (value: string | true, context: ExtensionContext) => Reply | undefined;

/**
 * One extension: write one and list it in the policy.
 * @example
 * const deliverBy: Extension = {
 *   keyword: 'DELIVERBY',
 *   offer: () => 'DELIVERBY 240',
 *   mail: { BY: (value) => (/^-?\d{1,9};[NR]T?$/.test(String(value)) ? undefined : reply(501, '5.5.4', 'Bad BY')) },
 * };
 */
export interface Extension {
  /** The keyword after which it is registered. */
  readonly keyword: string;
  /** Its line in the EHLO reply; `undefined` where it is not offered now. */
  offer(context: ExtensionContext): string | undefined;
  /**
   * Checks by keyword, in upper case, for the parameters of MAIL. Where several extensions have one for the same parameter, its
   * value is good if one of them finds it so.
   */
  readonly mail?: Readonly<Record<string, ParameterCheck>>;
  /** The same for RCPT. */
  readonly rcpt?: Readonly<Record<string, ParameterCheck>>;
  /** Commands that it adds, by verb in upper case. Those of RFC 5321 can't be replaced. */
  readonly commands?: Readonly<Record<string, CommandDefinition>>;
}

/** The extension, working but not listed. */
export function hidden(extension: Extension): Extension {
  return { ...extension, offer: () => undefined };
}

/** The command of that verb, if an extension adds one. */
export function findExtensionCommand(verb: string, { extensions }: SessionPolicy): CommandDefinition | undefined {
  for (const { commands } of extensions) {
    if (commands !== undefined && Object.hasOwn(commands, verb)) return commands[verb];
  }
  return undefined;
}

/** Checks the parameters of a MAIL or RCPT command against the extensions in force. */
export function checkParameters(
  command: 'mail' | 'rcpt',
  parameters: Parameters,
  context: ExtensionContext,
): Reply | undefined {
  for (const keyword in parameters) {
    const refusal = checkParameter(command, keyword, parameters[keyword]!, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkParameter(
  command: 'mail' | 'rcpt',
  keyword: string,
  value: string | true,
  context: ExtensionContext,
): Reply | undefined {
  // RFC 5321 §4.1.1.11
  let refusal: Reply | undefined = replies.unknownParameter;
  for (const extension of context.policy.extensions) {
    const checks = extension[command];
    if (checks === undefined || !Object.hasOwn(checks, keyword)) continue;
    refusal = checks[keyword]!(value, context);
    if (refusal === undefined) return undefined;
  }
  return refusal;
}
