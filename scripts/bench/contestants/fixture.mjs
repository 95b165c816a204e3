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
