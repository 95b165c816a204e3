import { describe, expect, test } from 'vitest';
import { encodeReply, type Reply } from './reply.ts';
import * as replies from './replies.ts';

const stock: [string, Reply][] = Object.entries(replies);
/** Replies to EHLO and HELO, and 3yz replies, of which none has an enhanced status code. */
const EXEMPT = new Set(['helloNeeded', 'startMailInput']);

describe.each(stock)('%s', (name, reply) => {
  test('has an enhanced status code of its own class, where it has one (RFC 2034 §4)', () => {
    const firstDigit = String(reply.code).slice(0, 1);
    if (EXEMPT.has(name)) expect(reply.enhanced).toBeUndefined();
    else expect(reply.enhanced).toMatch(new RegExp(`^${firstDigit}\\.\\d{1,3}\\.\\d{1,3}$`));
  });

  test('is a reply line of RFC 5321 §4.2: printable, and within 512 octets (§4.5.3.1.5)', () => {
    const line = encodeReply(reply);
    expect(line).toMatch(/^[2-5]\d\d [\x20-\x7e]+\r\n$/);
    expect(line.length).toBeLessThanOrEqual(512);
  });
});
