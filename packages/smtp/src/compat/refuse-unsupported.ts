// Options of smtp-server that this version does not have are refused, never ignored: a test that relies on one would pass in vain.

/** An option that can't be honoured. */
export class SMTPServerOptionError extends Error {
  static {
    this.prototype.name = 'SMTPServerOptionError';
  }
  readonly code = 'ERR_MAILRIG_OPTION';
  readonly option: string;

  constructor(option: string, what: string = `The option ${option}`) {
    super(`${what} is not supported by this version of @mailrig/smtp. Leave it out.`);
    this.option = option;
  }
}

export function refuseUnsupported(options: object): void {
  const { authMethods, ...others } = options as Readonly<Record<string, unknown>>;
  for (const [option, asksFor] of Object.entries(UNSUPPORTED)) {
    if (asksFor(others[option])) throw new SMTPServerOptionError(option);
  }
  // A mechanism that neither server knows is advertised, and refused when it is used; this one the other server knows.
  if (Array.isArray(authMethods) && authMethods.some((method) => /^\s*CRAM-MD5\s*$/i.test(String(method)))) {
    throw new SMTPServerOptionError('authMethods', 'CRAM-MD5 in authMethods');
  }
}

type AsksFor = (value: unknown) => boolean;

const whenOn: AsksFor = Boolean;
/** To hide what is not there asks for nothing, to show it does. */
const whenShown: AsksFor = (value) => value === false;
const whenLimited: AsksFor = (value) => value !== undefined && value !== false;

const UNSUPPORTED: Readonly<Record<string, AsksFor>> = {
  secured: whenOn,
  needsUpgrade: whenOn,
  useProxy: whenOn,
  useXClient: whenOn,
  useXForward: whenOn,
  ignoredHosts: whenOn,
  resolver: whenOn,
  onSecure: whenOn,
  lenientAddressParsing: whenOn,
  hideSize: whenOn,
  hideDSN: whenShown,
  hideREQUIRETLS: whenShown,
  maxAllowedUnauthenticatedCommands: whenLimited,
};
