import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { start } from './ceiling.mjs';

test('a real client gets its mail through', async () => {
  const { port } = await start();
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  const { response } = await transport.sendMail({ from: 'a@example.org', to: 'b@example.org', text: '.\n..\nend' });
  transport.close();
  expect(response).toBe('250 OK');
});

test('a pipelined dialogue gets a reply for each command, and one for the body', async () => {
  const { port } = await start();
  const socket = connect(port, '127.0.0.1');
  const replies = text(socket);
  socket.write('NOOP\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nHello\r\n..\r\n.\r\nQUIT\r\n');
  expect((await replies).match(/^\d{3} /gm)).toEqual(['220 ', '250 ', '250 ', '250 ', '354 ', '250 ', '221 ']);
});

test('a command may come in pieces', async () => {
  const { port } = await start();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'data');
  socket.write('NOOP\r\nQU');
  // The server has read the piece by the time that it answers what came with it.
  await once(socket, 'data');
  const replies = text(socket);
  socket.write('IT\r\n');
  expect(await replies).toBe('221 Bye\r\n');
});
