// The delivery agent's entry: one pass over the spool named on the command line. Where to deliver is told by LMTP_HOST
// and LMTP_PORT; for a server with a private authority set NODE_EXTRA_CA_CERTS.
import { handOver } from './hand-over.ts';
import { Spool } from './spool.ts';

const [folder] = process.argv.slice(2);
const { LMTP_HOST: host, LMTP_PORT: port } = process.env;
if (!folder || !host || !port) throw new Error('Usage: LMTP_HOST=… LMTP_PORT=… node dist/deliver.js <spool folder>');

const spool = new Spool(folder);
for (const mail of await spool.mails()) {
  const outcomes = await handOver({ host, port: Number(port) }, mail, await spool.content(mail));
  await spool.settle(mail, outcomes);
  for (const { address, outcome, reason } of outcomes) {
    console.log(`${mail.id} ${address} ${outcome}${reason === undefined ? '' : ` (${reason})`}`);
  }
}
