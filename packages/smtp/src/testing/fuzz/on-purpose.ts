/** Thrown by those parts of a play that are to fail: whatever else is thrown is a fault. */
export class OnPurpose extends Error {
  /** What failed. */
  readonly part: string;

  constructor(part: string) {
    super(`${part}: broken on purpose`);
    this.part = part;
  }
}
