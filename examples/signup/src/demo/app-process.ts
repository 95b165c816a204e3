// The application as a process of its own, as the demo and the tests start it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface AppProcess extends AsyncDisposable {
  /** What it has written to stderr so far. */
  readonly stderr: string;
  /** POSTs it as JSON to a path. */
  post(path: string, body: unknown): Promise<HttpAnswer>;
  /** GETs a path, or a whole link. */
  get(pathOrLink: string): Promise<HttpAnswer>;
  /** Ends it with SIGTERM. @throws Error with what it wrote to stderr unless it exits with 0. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts the compiled `app.js` and waits until it listens.
 * @throws Error with what it wrote to stderr if it ends before that.
 */
export const startAppProcess = async (entry: URL, env: Record<string, string>): Promise<AppProcess> => {
  // The links in its mails need the public URL up front, so the port can't be left to the system.
  const port = await getPort({ host: '127.0.0.1' });
  const child = spawn(process.execPath, [fileURLToPath(entry)], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exited = once(child, 'close').then(([code, signal]) => {
    if (code !== 0) throw new Error(`The application ended with ${code ?? signal}:\n${stderr}`);
  });
  const [ready] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error('The application ended before it listened.'))),
  ]);
  const url: string = String(ready).replace('Listening on ', '');

  const request = async (pathOrLink: string, init?: RequestInit): Promise<HttpAnswer> => {
    const response = await fetch(new URL(pathOrLink, url), init);
    return { status: response.status, body: await response.json() };
  };
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return exited;
  };
  return {
    get stderr() {
      return stderr;
    },
    post: (path, body) => request(path, { method: 'POST', body: JSON.stringify(body) }),
    get: (pathOrLink) => request(pathOrLink),
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
