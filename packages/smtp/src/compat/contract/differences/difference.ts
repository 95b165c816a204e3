/** What the peer does otherwise, and the cases that it fails for it: a row of docs/differences.md. The texts are Markdown. */
export interface Difference {
  /** What somebody says or does. */
  readonly what: string;
  /** Who judges: an RFC by number and section, or another document by its name. Absent where nobody does. */
  readonly rfc?: string;
  /** What comes of it at npm's smtp-server. */
  readonly peer: string;
  /** What comes of it at `SMTPServer`. */
  readonly ours: string;
  /** The names of the cases. */
  readonly tests: readonly string[];
  /** The peer would wait for ever, or end the process. */
  readonly notRun?: true;
}
