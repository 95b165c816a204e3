// Credentials stay out of everything that shows a dialogue.

/** Stands for what is left out. */
export const REDACTED = '********';

/** A command line with the initial response of an AUTH command (RFC 4954 §4) left out. */
export function redactCommand(line: string): string {
  return line.replace(/^(\s*AUTH +\S+ +)\S.*$/i, `$1${REDACTED}`);
}

/** A line of an AUTH exchange: only a cancellation is shown. */
export function redactCredentials(line: string): string {
  return line === '*' || line === '' ? line : REDACTED;
}
