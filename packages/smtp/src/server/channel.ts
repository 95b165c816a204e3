// What a dialogue needs of its connection.
import type { Ending } from './fault.ts';
import type { ClosedBy } from './handler.ts';

export interface Channel {
  /** Sends text, or octets; `flushed` is called when it has left the process, or never will. `false` asks to hold back. */
  write(text: string | Buffer, flushed: (() => void) | undefined): boolean;
  /** STARTTLS was answered 220, and that is written: the handshake is due. */
  startTls(): void;
  /** The last reply is written. */
  close(by: ClosedBy): void;
  /** Ends the connection in the midst of things, when what was written has left. */
  cut(by: Ending): void;
  /** Calls `run` once, in so many milliseconds. Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** Calls `run` once, when what happens in this turn of the event loop has happened. */
  soon(run: () => void): void;
  /** Input is wanted again. */
  resume(): void;
  /** A handler, a sink, a script or an observer threw where no reply can tell: nothing more can be said. */
  fail(error: unknown): void;
}
