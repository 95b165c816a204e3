// All workloads, in the order in which they run.
import { bodies } from './bodies.mjs';
import { coldStart } from './cold-start.mjs';
import { commands } from './commands.mjs';
import { connections } from './connections.mjs';
import { growth } from './growth.mjs';
import { largeMessage } from './large-message.mjs';
import { memory } from './memory.mjs';
import { messages } from './messages.mjs';
import { testFiles } from './test-files.mjs';

/** @type {readonly import('../workload.mjs').Workload[]} */
export const WORKLOADS = [
  ...messages,
  ...connections,
  ...commands,
  ...bodies,
  ...memory,
  largeMessage,
  coldStart,
  testFiles,
  ...growth,
];
