// What nodemailer's smtp-server and our class of that name are both told: take every message and throw it away.

/** @typedef {import('node:stream').Readable} Readable */

/** @param {import('./contestant.mjs').Settings} settings */
export function discarding({ tls }) {
  return {
    authOptional: true,
    logger: false,
    // Who connects is not what is measured.
    disableReverseLookup: true,
    // Idle connections are to stay, however long the bench takes.
    socketTimeout: 600_000,
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...tls,
    onData(/** @type {Readable} */ stream, /** @type {unknown} */ _session, /** @type {() => void} */ callback) {
      stream.on('end', () => callback());
      stream.resume();
    },
  };
}
