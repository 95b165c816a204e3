// A reaction as a cell of a table: first what has to be so everywhere, then in what words, and with what manners.
import { RECIPIENTS } from './client.ts';
import type { Reaction } from './reaction.ts';

/** What stands between the two. */
export const BREAK = '<br>';

/** `null` is a client that does not come to the fault. */
export function cellOf(reaction: Reaction | null): string {
  if (reaction === null) return 'does not come to it';
  return [factsOf(reaction), ...detailsOf(reaction)].join(BREAK);
}

/** Who was told what, and who has the mail; what is dangerous is bold. */
function factsOf({ accepted, connections, deliveries, inClear }: Reaction): string {
  const has = RECIPIENTS.filter((_, index) => deliveries[index]! > 0);
  const twice = RECIPIENTS.filter((_, index) => deliveries[index]! > 1);
  const facts = [
    outcome(accepted),
    ...bold('but not to', names(accepted.filter((recipient) => !has.includes(recipient)))),
    ...bold('but there is a mail for', names(has.filter((recipient) => !accepted.includes(recipient)))),
    ...bold('twice to', names(twice)),
    ...bold('in clear:', inClear.join(', ')),
    ...(connections === 1 ? [] : [`${connections} connections`]),
  ];
  return facts.join(', ');
}

function outcome(accepted: readonly string[]): string {
  if (accepted.length === 0) return 'fails';
  return accepted.length === RECIPIENTS.length ? 'sends' : `sends, to ${names(accepted)} only`;
}

function bold(says: string, what: string): readonly string[] {
  return what === '' ? [] : [`**${says} ${what}**`];
}

function detailsOf({ leftWithoutQuit, saidHelo, words }: Reaction): readonly string[] {
  const manners = [...(saidHelo ? ['HELO'] : []), ...(leftWithoutQuit ? ['no QUIT'] : [])];
  const parts = [...(words === '' ? [] : [`\`${words.replaceAll('@example.org', '')}\``]), ...manners];
  return parts.length === 0 ? [] : [parts.join(', ')];
}

function names(addresses: readonly string[]): string {
  return addresses.map((address) => address.split('@')[0]).join(' and ');
}
