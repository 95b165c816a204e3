// maildev without its web interface, which keeps every message parsed, and its content in a file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPeer } from './peers.mjs';

/** @type {import('./contestant.mjs').Start} */
export async function start(settings) {
  const { MailDev } = await importPeer(settings, 'maildev');
  const mailDirectory = mkdtempSync(join(tmpdir(), 'mailrig-bench-maildev-'));
  process.on('exit', () => rmSync(mailDirectory, { recursive: true, force: true }));
  const maildev = new MailDev({ smtp: 0, ip: '127.0.0.1', disableWeb: true, silent: true, mailDirectory });
  const { smtp } = await maildev.start();
  return { port: smtp.getPort(), reset: () => smtp.deleteAllEmails() };
}
