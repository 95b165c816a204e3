// How each test server is imported and started, as its README tells.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ host: string, port: number, ignoreTLS?: boolean, requireTLS?: boolean, tls?: { ca: string, servername?: string } }} Connection */
/** @typedef {{ connection: Connection, stop: () => Promise<unknown> }} Running */
/**
 * @typedef {object} Kit
 * @property {(peers: string) => unknown} load
 * @property {(module: any) => Promise<Running>} start What `load` gave.
 * @property {(port: number, ca: string) => Connection} warmUp To a server for localhost, as `start` will say of its own.
 */

const host = '127.0.0.1';
const FIXTURE = new URL('../../../packages/fixture/dist/index.js', import.meta.url).href;

/** @typedef {typeof import('@mailrig/fixture')} Fixture */

/** @type {(peers: string, name: string) => unknown} */
const requireFrom = (peers, name) => createRequire(join(peers, 'package.json'))(name);

/** @type {Kit['warmUp']} */
const inClear = (port) => ({ host, port, ignoreTLS: true });

/** @type {Kit['warmUp']} */
const overTls = (port, ca) => ({ host, port, requireTLS: true, tls: { ca, servername: 'localhost' } });

/** @type {(tls: 'none' | 'starttls') => Kit} */
const fixture = (tls) => ({
  load: () => import(FIXTURE),
  warmUp: tls === 'none' ? inClear : overTls,
  async start(/** @type {Fixture} */ { startTestSmtp }) {
    const mail = await startTestSmtp({ tls });
    return { connection: mail.connection, stop: () => mail.stop() };
  },
});

/** @type {Readonly<Record<string, Kit>>} */
export const KITS = {
  'fixture, no TLS': fixture('none'),
  'fixture, STARTTLS': fixture('starttls'),
  'smtp-server': {
    load: (peers) => requireFrom(peers, 'smtp-server'),
    warmUp: inClear,
    async start({ SMTPServer }) {
      const server = new SMTPServer({
        authOptional: true,
        disabledCommands: ['AUTH', 'STARTTLS'],
        onData(
          /** @type {import('node:stream').Readable} */ stream,
          /** @type {unknown} */ _session,
          /** @type {() => void} */ done,
        ) {
          stream.on('end', done);
          stream.resume();
        },
      });
      server.on('error', () => {});
      server.listen(0, host);
      await once(server.server, 'listening');
      return {
        connection: { host, port: server.server.address().port, ignoreTLS: true },
        stop: () => new Promise((closed) => server.close(() => closed(undefined))),
      };
    },
  },
  'smtp-tester': {
    load: (peers) => requireFrom(peers, 'smtp-tester'),
    warmUp: inClear,
    async start({ init }) {
      const tester = init(0);
      const { server } = tester.smtpServer;
      if (!server.listening) await once(server, 'listening');
      return {
        connection: { host, port: server.address().port, ignoreTLS: true },
        stop: () => new Promise((closed) => tester.stop(() => closed(undefined))),
      };
    },
  },
  maildev: {
    load: (peers) => import(join(peers, 'node_modules/maildev/dist/index.js')),
    warmUp: inClear,
    async start({ MailDev }) {
      const mailDirectory = mkdtempSync(join(tmpdir(), 'mailrig-bench-maildev-'));
      const maildev = new MailDev({ smtp: 0, ip: host, disableWeb: true, silent: true, mailDirectory });
      const { smtp } = await maildev.start();
      return {
        connection: { host, port: smtp.getPort(), ignoreTLS: true },
        async stop() {
          await maildev.stop();
          rmSync(mailDirectory, { recursive: true, force: true });
        },
      };
    },
  },
};
