// What this process takes up: memory, file descriptors, and what keeps it running.
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Linux tells them here. */
const DESCRIPTORS = '/proc/self/fd';

// The flag counts for contexts that are made after it: so nobody has to start node with it.
setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

/** Octets on the heap and beside it that somebody still refers to. */
export async function retainedMemory() {
  // What a collection finalizes is free after the next one.
  for (let rounds = 3; rounds > 0; rounds--) {
    collectGarbage();
    await delay(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What keeps the process running, in words. */
export const activeResources = () => tally(process.getActiveResourcesInfo());

/** What each file descriptor stands for, in words; nothing where the system does not tell. */
export function openFiles() {
  if (!existsSync(DESCRIPTORS)) return tally([]);
  const files = readdirSync(DESCRIPTORS).flatMap((descriptor) => {
    try {
      // `socket:[12345]`: the number is another each time.
      return [readlinkSync(`${DESCRIPTORS}/${descriptor}`).replace(/:\[\d+\]$/, '')];
    } catch {
      // The one by which they were listed.
      return [];
    }
  });
  return tally(files);
}

/**
 * What a look shows once it is the same twice: what was closed just now takes a moment more.
 *
 * @param {() => string} look
 */
export async function settled(look) {
  for (let seen = look(); ; seen = look()) {
    await delay(200);
    if (look() === seen) return seen;
  }
}

/** @param {readonly string[]} words */
function tally(words) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (
    [...counts]
      .map(([word, count]) => `${count} ${word}`)
      .sort()
      .join(', ') || 'nothing'
  );
}

/** In octets. */
export const residentMemory = () => process.memoryUsage.rss();

/** The highest so far, in octets. */
export const peakResidentMemory = () => process.resourceUsage().maxRSS * 1_024;

export const megabytes = (/** @type {number} */ octets) => `${(octets / 2 ** 20).toFixed(1)} MiB`;
