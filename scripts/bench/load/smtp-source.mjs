// Load from Postfix's smtp-source: a process in C that sends messages of 1 KB.
import { spawn } from 'node:child_process';
import { pathOf } from '../../programs.mjs';

/** Milliseconds for one run. */
const TIME_LIMIT = 60_000;

/**
 * @typedef {object} Delivery
 * @property {number} port
 * @property {number} clients Sessions at a time.
 * @property {number} messages In all.
 * @property {boolean} keep Whether a session sends one message after the other.
 */

/**
 * @param {Delivery} delivery
 * @returns {Promise<number>} Seconds from its start to its end, some 5 ms of which are its own beginning.
 */
export function deliver({ port, clients, messages, keep }) {
  const args = ['-s', clients, '-m', messages, '-l', 1_024, '-M', 'client.example', '-f', 'ann@example.com'];
  const all = [...args, '-t', 'bob@example.org', ...(keep ? ['-d'] : []), `127.0.0.1:${port}`].map(String);
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(pathOf('smtp-source') ?? 'smtp-source', all, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TIME_LIMIT,
      killSignal: 'SIGKILL',
    });
    let problem = '';
    child.stderr.on('data', (chunk) => (problem += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve((performance.now() - started) / 1_000);
      else reject(new Error(`smtp-source ended with ${signal ?? code}: ${problem}`));
    });
  });
}
