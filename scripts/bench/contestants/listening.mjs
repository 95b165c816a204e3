// How a `node:net` server comes to its port.
import { once } from 'node:events';

/**
 * Listens on a port of loopback that the system chooses.
 *
 * @param {import('node:net').Server} server
 * @returns {Promise<number>} The port.
 */
export async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
