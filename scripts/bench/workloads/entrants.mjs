// Who takes part where.

/** @typedef {import('../workload.mjs').Bench} Bench */
/** @typedef {import('../race.mjs').Entrant} Entrant */

/** Take messages and throw them away. @type {readonly Entrant[]} */
const DISCARDING = ['ceiling', 'smtp-sink', 'Listener', 'SMTPServer', 'smtp-server'].map((name) => ({
  name,
  contestant: name,
}));

/** Record and parse them, each as its users get it. @type {readonly Entrant[]} */
export const RECORDING = [
  { name: 'fixture', contestant: 'fixture' },
  { name: 'fixture, lazy', contestant: 'fixture', settings: { options: { parse: 'lazy' } } },
  { name: 'smtp-tester', contestant: 'smtp-tester' },
  { name: 'maildev', contestant: 'maildev' },
];

/** @param {Bench} bench */
export function discarding({ postfix }) {
  return DISCARDING.filter(({ contestant }) => postfix || contestant !== 'smtp-sink');
}

/** Those that can be had for STARTTLS. @param {Bench} bench */
export function securing({ certificate }) {
  return DISCARDING.filter(({ contestant }) => !['ceiling', 'smtp-sink'].includes(contestant)).map((entrant) => ({
    ...entrant,
    settings: { tls: certificate },
  }));
}
