import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import { codeOf, codes, deliver, ENVELOPE } from './contract-client.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';

export function describeMessage(contract: Contract): void {
  for (const [what, octets, content] of [
    ['a line', 'Hello\r\n.\r\n', 'Hello\r\n'],
    ['nothing', '.\r\n', ''],
    ['an empty line', '\r\n.\r\n', '\r\n'],
    ['header and body', 'Subject: Hello\r\n\r\nHello\r\n.\r\n', 'Subject: Hello\r\n\r\nHello\r\n'],
    ['a line that ends with a dot', 'Hello.\r\n.\r\n', 'Hello.\r\n'],
    ['what looks like commands', 'RSET\r\nQUIT\r\n.\r\n', 'RSET\r\nQUIT\r\n'],
    ['trailing spaces', 'Hello \t \r\n \r\n.\r\n', 'Hello \t \r\n \r\n'],
  ] as const) {
    contract.test(`content is as it was sent: ${what}`, async (t) => {
      expect(await contentOf(t, octets)).toBe(content);
    });
  }

  for (const [what, octets, content] of [
    ['at the beginning', '..Hello\r\n.\r\n', '.Hello\r\n'],
    ['alone on a line', '..\r\n.\r\n', '.\r\n'],
    ['in every line', '..a\r\n..b\r\n..\r\n.\r\n', '.a\r\n.b\r\n.\r\n'],
    ['three of them', '...a\r\n.\r\n', '..a\r\n'],
    ['not within a line', 'a..b\r\na.\r\n.\r\n', 'a..b\r\na.\r\n'],
  ] as const) {
    contract.test(`the dot that the client added is removed: ${what} (RFC 5321 §4.5.2)`, async (t) => {
      expect(await contentOf(t, octets)).toBe(content);
    });
  }

  contract.test('a dot at the beginning of a line is removed, whatever follows it (RFC 5321 §4.5.2)', async (t) => {
    expect(await contentOf(t, '.Hello\r\n.\r\n')).toBe('Hello\r\n');
  });

  contract.test('two dots behind a bare LF are content, for no line begins there', async (t) => {
    expect(await contentOf(t, 'a\n..b\r\n.\r\n')).toBe('a\n..b\r\n');
    expect(await contentOf(t, '..a\n..b\r\n.\r\n')).toBe('.a\n..b\r\n');
  });

  contract.test('two dots behind a bare CR are content', async (t) => {
    expect(await contentOf(t, 'a\r..b\r\n.\r\n')).toBe('a\r..b\r\n');
    expect(await contentOf(t, '..a\r..b\r\n.\r\n')).toBe('.a\r..b\r\n');
  });

  for (const [what, octets] of [
    ['LF . CR LF', 'a\n.\r\nb\r\n'],
    ['LF . LF', 'a\n.\nb\r\n'],
    ['CR . CR LF', 'a\r.\r\nb\r\n'],
    ['CR . CR', 'a\r.\rb\r\n'],
    ['LF . CR LF at the beginning', '\n.\r\nb\r\n'],
  ] as const) {
    contract.test(`${what} does not end a message, and stays as it is`, async (t) => {
      expect(await contentOf(t, `${octets}.\r\n`)).toBe(octets);
    });
  }

  for (const [what, octets, rest] of [
    ['CR LF . LF', 'a\r\n.\nb\r\n', '\nb\r\n'],
    ['CR LF . CR', 'a\r\n.\rb\r\n', '\rb\r\n'],
    ['CR LF . CR CR LF', 'a\r\n.\r\r\n', '\r\r\n'],
    ['CR LF . SP CR LF', 'a\r\n. \r\n', ' \r\n'],
  ] as const) {
    contract.test(`${what} does not end a message`, async (t) => {
      // The dot may go, for a line begins with it.
      expect([`a\r\n${rest}`, octets]).toContain(await contentOf(t, `${octets}.\r\n`));
    });
  }

  contract.test('a bare CR before the line end that ends the message is content', async (t) => {
    expect(await contentOf(t, 'a\r\r\n.\r\n')).toBe('a\r\r\n');
  });

  contract.test('every octet is kept', async (t) => {
    const octets = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet));
    const sent = Buffer.concat([Buffer.from('x'), octets, octets, Buffer.from('\r\n')]);
    expect(await contentOf(t, Buffer.concat([sent, Buffer.from('.\r\n')]))).toBe(sent.toString('latin1'));
  });

  contract.test('it does not matter where a message is cut into pieces', async (t) => {
    const octets = 'a\r\n..b\r\n\r\n..\r\nc\r\n.\r\n';
    const content = 'a\r\n.b\r\n\r\n.\r\nc\r\n';
    const splits = await Promise.all(
      Array.from({ length: octets.length - 1 }, (_, at) => contentOf(t, octets.slice(0, at + 1), octets.slice(at + 1))),
    );
    expect(new Set(splits)).toEqual(new Set([content]));
    expect(await contentOf(t, ...octets.split(''))).toBe(content);
  });

  contract.test('a large message is kept to the octet', async (t) => {
    // Lines of every length, most of them with a dot to be doubled.
    const lines = Array.from({ length: 5000 }, (_, index) => `${'.'.repeat(index % 3)}${'x'.repeat(index % 997)}`);
    const sent = createHash('sha256')
      .update(`${lines.join('\r\n')}\r\n`)
      .digest('hex');
    let received = '';
    await using served = await t.serve({
      onData(stream, _session, callback) {
        const hash = createHash('sha256');
        stream.on('data', (chunk: Buffer) => hash.update(chunk));
        stream.on('end', () => {
          received = hash.digest('hex');
          callback();
        });
      },
    });
    const client = await served.client(...ENVELOPE);
    const stuffed = lines.map((line) => (line.startsWith('.') ? `.${line}` : line)).join('\r\n');
    expect(codeOf(await deliver(client, stuffed))).toBe('250');
    expect(received).toBe(sent);
  });
}

/** The content that onData gets for octets that end with the final dot. */
async function contentOf(t: ContractCase, ...pieces: (string | Buffer)[]): Promise<string> {
  let content = Buffer.alloc(0);
  await using served = await t.serve({
    onData(stream, _session, callback) {
      void buffer(stream).then((all) => {
        content = all;
        callback();
      });
    },
  });
  const client = await served.client(...ENVELOPE, 'DATA');
  client.socket.setNoDelay();
  for (const piece of pieces) {
    client.send(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    await new Promise(setImmediate);
  }
  expect(codeOf(await client.reply())).toBe('250');
  // Nothing of it was taken for a command.
  expect(await codes(client, 'HELP')).toEqual(['214']);
  return content.toString('latin1');
}
