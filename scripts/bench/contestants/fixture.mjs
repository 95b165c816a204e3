// The fixture as built: records, parses, and says how it does.
import { startTestSmtp } from '../../../packages/fixture/dist/index.js';

/** @type {import('./contestant.mjs').Start} */
export async function start({ options }) {
  const mail = await startTestSmtp({ tls: 'none', ...options });
  // Their rejections come when the server stops, with the process.
  const ignore = () => {};
  return {
    port: mail.port,
    reset: () => mail.reset(),
    /** How many messages it has. */
    count: () => mail.messages.length,
    /** Reads all of the last message, and says how many milliseconds that took. */
    readLast() {
      const started = performance.now();
      const message = mail.messages.at(-1);
      if (message === undefined) throw new Error('There is no message.');
      const { attachments, raw, text } = message;
      const octets = attachments.reduce((sum, { content }) => sum + content.length, raw.length + (text?.length ?? 0));
      if (octets < raw.length * 1.5) throw new Error('The attachment was not found.');
      return performance.now() - started;
    },
    /**
     * Waiters for messages that never come.
     *
     * @param {number} count
     */
    wait(count) {
      for (let i = 0; i < count; i++) {
        mail.waitForMessage({ to: `nobody${i}@example.net` }, { timeout: 600_000 }).catch(ignore);
      }
    },
    /**
     * Rules for recipients whom nobody names.
     *
     * @param {number} count
     */
    inject(count) {
      mail.inject(
        Array.from({ length: count }, (_, i) => ({
          at: /** @type {const} */ ('rcpt'),
          when: { to: `nobody${i}@example.net` },
          reply: /** @type {const} */ ('451 4.7.1 Greylisted'),
        })),
      );
    },
  };
}
