// How much of its input a dialogue holds. Its reader is its own, so that the class has to tell which one was fed last.
import { Reader } from '../../wire/reader.ts';

let fedLast: Reader | null = null;

const { value: feed } = Object.getOwnPropertyDescriptor(Reader.prototype, 'feed') as { value: Reader['feed'] };
Reader.prototype.feed = function feedAndTell(chunk: Buffer): void {
  // oxlint-disable-next-line typescript/no-this-alias -- the instance is what is wanted
  fedLast = this;
  feed.call(this, chunk);
};

/** Octets that the reader which was fed last holds. */
export function heldOctets(): number {
  return fedLast?.pending ?? 0;
}

/** From now on nothing has been fed. */
export function forgetReader(): void {
  fedLast = null;
}
