/** An option that can't be honoured. */
export class SMTPServerOptionError extends Error {
  static {
    this.prototype.name = 'SMTPServerOptionError';
  }
  readonly code = 'ERR_MAILRIG_OPTION';
  readonly option: string;

  /** @param problem what is wrong with it, and what to do. */
  constructor(option: string, problem: string) {
    super(`The option ${option} ${problem}`);
    this.option = option;
  }
}
