// Credentials stay out of everything that shows a dialogue.
import { upperCase } from '../wire/command.ts';
import { replyClass, type Reply } from '../wire/reply.ts';
import type { SessionPolicy } from './policy.ts';
import type { Step } from './transitions.ts';

/** Stands for what is left out. */
const REDACTED = '********';

/** IANA's registry of SASL mechanisms, as far as mail knows them, and those of the large providers. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'ANONYMOUS',
  'CRAM-MD5',
  'DIGEST-MD5',
  'EXTERNAL',
  'GS2-KRB5',
  'GS2-KRB5-PLUS',
  'GSS-SPNEGO',
  'GSSAPI',
  'KERBEROS_V4',
  'LOGIN',
  'NTLM',
  'OAUTH10A',
  'OAUTHBEARER',
  'OTP',
  'PLAIN',
  'SCRAM-SHA-1',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-512',
  'SCRAM-SHA-512-PLUS',
  'XOAUTH2',
]);

/** Whether a word is the name of a mechanism, and not credentials in its place. */
export function isMechanismName(word: string, { advertisedMechanisms, mechanisms }: SessionPolicy): boolean {
  const name = upperCase(word);
  if (WELL_KNOWN.has(name) || advertisedMechanisms.includes(name)) return true;
  return mechanisms.some((mechanism) => mechanism.name === name);
}

/** Whether a line that is no command was meant as AUTH: with a blank too many or too few, or with something in front. */
export function isMeantAsAuth(line: string): boolean {
  return /^[^a-z\d]*AUTH/i.test(line);
}

/** A command line with what may be credentials in an AUTH command (RFC 4954 §4) left out. */
export function redactCommand(line: string, policy: SessionPolicy): string {
  // Nearly no line has it, and what follows would cost each of them 0.4 µs.
  if (!/AUTH/i.test(line)) return line;
  const match = /^([^a-z\d]*AUTH)(\s*)(\S*)(\s*)(.*)$/i.exec(line);
  if (match === null) return redactLate(line, policy);
  const [, verb = '', blank = '', mechanism = '', space = '', rest] = match;
  if (mechanism === '') return line;
  // Without the blank it is no AUTH, but may have been meant so.
  if (blank === '' || !isMechanismName(mechanism, policy)) return `${verb}${blank}${REDACTED}`;
  return rest === '' ? line : `${verb}${blank}${mechanism}${space}${REDACTED}`;
}

/**
 * A command that nobody knows: its verb is shown, if it is a word, and shorter than what credentials are encoded to. Other protocols
 * have passwords in their commands.
 */
export function redactUnknown(line: string): string {
  const verb = /^[a-z\d]{0,16}(?=[ \t]|$)/i.exec(line)?.[0];
  if (verb === undefined) return REDACTED;
  if (OF_MAIL.has(upperCase(verb)) || line.slice(verb.length).trim() === '') return line;
  return `${verb} ${REDACTED}`;
}

/** Verbs that are unknown to one protocol or the other, or without an extension: nothing secret comes with them. */
const OF_MAIL: ReadonlySet<string> = new Set(['BDAT', 'EHLO', 'ETRN', 'HELO', 'LHLO', 'XCLIENT', 'XFORWARD']);

/** The same for an AUTH that has lost the line end before it. */
function redactLate(line: string, policy: SessionPolicy): string {
  for (const match of line.matchAll(/AUTH[ \t]+([^ \t]+)[ \t]+(?=[^ \t])/gi)) {
    const [beginning, mechanism = ''] = match;
    if (isMechanismName(mechanism, policy)) return `${line.slice(0, match.index + beginning.length)}${REDACTED}`;
  }
  return line;
}

/** A line of an AUTH exchange: only a cancellation is shown. */
export function redactCredentials(line: string): string {
  return line === '*' || line === '' ? line : REDACTED;
}

/** A reply as it may be shown: what a server says in an exchange may be enough to guess a password by, as SCRAM's signature is. */
export function redactReply(step: Step, reply: Reply): Reply {
  const challenge = step === 'auth' && replyClass(reply) === 'intermediate' && reply.lines[0] !== '';
  return challenge ? { ...reply, lines: [REDACTED] } : reply;
}
