// What of its memory this process uses.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Octets that somebody refers to, those of buffers too. */
export function octetsInUse(): number {
  // What buffers had is given back beside the collection: the second one waits for that.
  collectGarbage();
  collectGarbage();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}
