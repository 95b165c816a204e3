// What MAIL and RCPT have in common: a prefix, a path, parameters (RFC 5321 §4.1.1.2, §4.1.1.3).
import { NO_PARAMETERS, readParameters, type Parameters } from '../../wire/parameters.ts';
import type { PathAndRest, PathOptions } from '../../wire/path.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import type { SessionPolicy } from '../policy.ts';

/** How a command spells its path. */
export interface PathSyntax<P> {
  /** `FROM:` or `TO:`; a space behind it is no grammar, yet common. */
  readonly prefix: RegExp;
  readonly read: (text: string, options: PathOptions) => PathAndRest<P> | undefined;
  readonly badPrefix: Reply;
  readonly badPath: Reply;
}

/** As much as could be read, and the reply that refuses the rest. */
export interface PathArgument<P> {
  readonly path: P | undefined;
  readonly parameters: Parameters;
  readonly fault: Reply | undefined;
}

export function readPathArgument<P>(
  argument: string,
  syntax: PathSyntax<P>,
  { lenientPaths = false }: SessionPolicy,
): PathArgument<P> {
  const prefix = syntax.prefix.exec(argument);
  if (prefix === null) return { path: undefined, parameters: NO_PARAMETERS, fault: syntax.badPrefix };
  const read = syntax.read(argument.slice(prefix[0].length), { lenient: lenientPaths });
  if (read === undefined) return { path: undefined, parameters: NO_PARAMETERS, fault: syntax.badPath };
  const { path, rest } = read;
  const parameters = readParameters(rest);
  if (parameters === 'syntax') return { path, parameters: NO_PARAMETERS, fault: replies.parameterSyntax };
  if (parameters === 'repeated') return { path, parameters: NO_PARAMETERS, fault: replies.parameterRepeated };
  return { path, parameters, fault: undefined };
}
