// Credentials stay out of everything that shows a dialogue.
import { upperCase } from '../wire/command.ts';
import type { SessionPolicy } from './policy.ts';

/** Stands for what is left out. */
const REDACTED = '********';

/** IANA's registry of SASL mechanisms, as far as mail knows them, and those of the large providers. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'ANONYMOUS',
  'CRAM-MD5',
  'DIGEST-MD5',
  'EXTERNAL',
  'GS2-KRB5',
  'GSSAPI',
  'LOGIN',
  'NTLM',
  'OAUTHBEARER',
  'PLAIN',
  'SCRAM-SHA-1',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-256-PLUS',
  'XOAUTH2',
]);

/** Whether a word is the name of a mechanism, and not credentials in its place. */
export function isMechanismName(word: string, { advertisedMechanisms }: SessionPolicy): boolean {
  const name = upperCase(word);
  return WELL_KNOWN.has(name) || advertisedMechanisms.includes(name);
}

/** A command line with what may be credentials in an AUTH command (RFC 4954 §4) left out. */
export function redactCommand(line: string, policy: SessionPolicy): string {
  const match = /^(\s*AUTH\s+)(\S+)(\s*)(.*)$/i.exec(line);
  if (match === null) return line;
  const [, verb = '', mechanism = '', space = '', rest] = match;
  if (!isMechanismName(mechanism, policy)) return `${verb}${REDACTED}`;
  return rest === '' ? line : `${verb}${mechanism}${space}${REDACTED}`;
}

/** A line of an AUTH exchange: only a cancellation is shown. */
export function redactCredentials(line: string): string {
  return line === '*' || line === '' ? line : REDACTED;
}
