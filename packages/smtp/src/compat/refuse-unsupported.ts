// Options of smtp-server that this version does not have are refused, never ignored: a test that relies on one would pass in vain.

/** An option that can't be honoured. */
export class SMTPServerOptionError extends Error {
  static {
    this.prototype.name = 'SMTPServerOptionError';
  }
  readonly code = 'ERR_MAILRIG_OPTION';
  readonly option: string;

  constructor(option: string) {
    super(`${option} is not supported by this version of @mailrig/smtp. Leave it out.`);
    this.option = option;
  }
}

const UNSUPPORTED = [
  'secured',
  'needsUpgrade',
  'useProxy',
  'useXClient',
  'useXForward',
  'ignoredHosts',
  'resolver',
  'onSecure',
  'lenientAddressParsing',
  'hideSize',
] as const;

/** A switch that is off asks for nothing. */
export function refuseUnsupported(options: object): void {
  for (const option of UNSUPPORTED) {
    if ((options as Readonly<Record<string, unknown>>)[option]) throw new SMTPServerOptionError(option);
  }
}
