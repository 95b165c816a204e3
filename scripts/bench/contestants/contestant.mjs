// What a server has to be to take part, and who does.

/**
 * A running server: its port on 127.0.0.1, and methods that the bench calls by name, such as `reset`, which forgets what was recorded.
 *
 * @typedef {{ port: number, [method: string]: unknown }} Contestant
 */

/**
 * @typedef {object} Settings
 * @property {string} [peers] The folder where the peers are installed.
 * @property {{ key: string, cert: string }} [tls] Offers STARTTLS with this certificate.
 * @property {object} [options] Those of `startTestSmtp()`, where that is the server.
 */

/** @typedef {(settings: Settings) => Promise<Contestant>} Start */

/** @type {Readonly<Record<string, () => Promise<{ start: Start }>>>} */
export const CONTESTANTS = {
  ceiling: () => import('./ceiling.mjs'),
  Listener: () => import('./listener.mjs'),
  SMTPServer: () => import('./smtp-server-class.mjs'),
  fixture: () => import('./fixture.mjs'),
  'smtp-server': () => import('./smtp-server.mjs'),
  'smtp-tester': () => import('./smtp-tester.mjs'),
  maildev: () => import('./maildev.mjs'),
};
