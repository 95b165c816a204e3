// SMTP smuggling: a body ends at CRLF . CRLF, and at nothing that looks like it (RFC 5321 §2.3.8, §4.1.1.4).
import { describe, expect, test } from 'vitest';
import { inBody, MemoryDialogue, RecordingSink } from '../../testing/memory-dialogue.ts';
import { splitAt, splitsOf } from '../../testing/split.ts';
import { SteppedRig, type SteppedClient } from '../../testing/stepped-rig.ts';
import { unstuff } from '../../wire/dot-stuffing.ts';
import type { SessionHandler } from '../handler.ts';

const PROTOCOLS = ['smtp', 'lmtp'] as const;

const ENDINGS = ['\n', '\r', '\r\n', '\r\r\n', ''];
const DOTS = ['.', '..', '.x'];
const PSEUDO_ENDS = ENDINGS.flatMap((before) => DOTS.flatMap((dot) => ENDINGS.map((after) => before + dot + after)));
const FORGED = 'MAIL FROM:<mallory@example.org>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\nforged\r\n';
const ENVELOPE = 'MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\n';

/** A body with something in it, from here to there, that looks like its end. */
interface Body {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const bodyWith = (pseudoEnd: string, before: string): Body => ({
  text: `${before}${pseudoEnd}${FORGED}`,
  from: before.length,
  to: before.length + pseudoEnd.length,
});

// The CRLF behind DATA begins the first line.
const endsNowhere = ({ text }: Body): boolean => !`\r\n${text}`.includes('\r\n.\r\n');

/** In the middle of a body, and as its first octets. */
const EACH = PSEUDO_ENDS.flatMap((pseudoEnd) => ['text', ''].map((before) => bodyWith(pseudoEnd, before))).filter(
  endsNowhere,
);
// Those after a bare LF come last: by then there was a dot to be taken away.
const ALL_IN_ONE = bodyWith(
  PSEUDO_ENDS.filter((it) => endsNowhere(bodyWith(it, 'text')))
    .toReversed()
    .join('text'),
  'text',
);

const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The offsets from just before what looks like an end to just behind it. */
const offsetsAround = ({ from, to }: Body): number[] =>
  Array.from({ length: to - from + 3 }, (_offset, index) => from - 1 + index).filter((offset) => offset > 0);

/** RFC 5321 §4.5.2: of a dot at the start of a line the application sees nothing. */
const unstuffed = (text: string): string => `\r\n${text}`.replaceAll('\r\n.', '\r\n').slice('\r\n'.length);

/** What an application makes of the octets that it was handed, and what else it was told. */
function received({ events }: RecordingSink): object {
  const pieces = events.slice(0, events.indexOf('end'));
  const content = unstuff(pieces.map(octets)).toString('latin1');
  return { octets: pieces.join(''), content, told: events.slice(pieces.length) };
}

/** What it should, of a message with this body and no other. */
const whole = ({ text }: Body): object => ({ octets: text, content: unstuffed(text), told: ['end', 'flushed'] });

test('of all combinations those remain that are no end', () => {
  expect(new Set(PSEUDO_ENDS).size).toBe(75);
  // CRLF . CRLF and CR CRLF . CRLF are one anywhere, a dot on the first line is another.
  expect(EACH).toHaveLength(75 * 2 - 2 * 2 - 1);
  expect(endsNowhere(ALL_IN_ONE)).toBe(true);
});

describe.each(PROTOCOLS)('in %s, in memory, a second message is content of the first', (protocol) => {
  function play(chunks: readonly Buffer[], begin: (handler: SessionHandler) => MemoryDialogue): object {
    const sinks: RecordingSink[] = [];
    const body = (): RecordingSink => {
      const sink = new RecordingSink();
      sinks.push(sink);
      return sink;
    };
    const it = begin({ body });
    for (const chunk of chunks) it.dialogue.feed(chunk);
    return { codes: it.heard(), phase: it.session.phase, bodies: sinks.map(received) };
  }

  test('wherever a body is cut', () => {
    const begin = (handler: SessionHandler): MemoryDialogue => inBody(handler, { protocol });
    for (const body of EACH) {
      const expected = { codes: [250], phase: 'mail', bodies: [whole(body)] };
      for (const chunks of splitsOf(octets(`${body.text}.\r\n`))) expect(play(chunks, begin)).toEqual(expected);
    }
  });

  test('wherever a pipeline is cut', () => {
    const begin = (handler: SessionHandler): MemoryDialogue => new MemoryDialogue(handler, { protocol });
    const before = `${protocol === 'lmtp' ? 'LHLO' : 'EHLO'} client.example\r\n${ENVELOPE}`;
    const codes = [220, 250, 250, 250, 354, 250, 250];
    for (const body of EACH) {
      const pipeline = octets(`${before}${body.text}.\r\nNOOP\r\n`);
      for (const offset of offsetsAround(body)) {
        const chunks = splitAt(pipeline, [before.length + offset]);
        expect(play(chunks, begin)).toEqual({ codes, phase: 'mail', bodies: [whole(body)] });
      }
    }
  });
});

describe.each(PROTOCOLS)('in %s, over a socket, a second message is content of the first', (protocol) => {
  /** Whole, octet by octet where it looks like an end, and cut in the middle of that. */
  async function expectOneMessage(
    { client, session }: SteppedClient,
    way: 'alone' | 'piped',
    body: Body,
  ): Promise<void> {
    const middle = (body.from + body.to + 1) >> 1;
    for (const offsets of [[], offsetsAround(body), [middle]]) {
      const before = session.sinks.length;
      const envelope = way === 'piped' ? ENVELOPE : '';
      if (way === 'alone') {
        client.send(ENVELOPE);
        expect(await client.codes(3)).toEqual([250, 250, 354]);
      }
      const sent = octets(`${envelope}${body.text}.\r\nNOOP\r\n`);
      const pieces = splitAt(
        sent,
        offsets.map((offset) => envelope.length + offset),
      );
      await client.sendApart(pieces, session.connection.socket);
      const codes = way === 'piped' ? [250, 250, 354, 250, 250] : [250, 250];
      expect(await client.codes(codes.length)).toEqual(codes);
      expect(session.sinks.slice(before).map(received)).toEqual([whole(body)]);
      expect(session.connection.session.phase).toBe('mail');
    }
  }

  test.each(['alone', 'piped'] as const)('whose DATA comes %s', async (way) => {
    await using it = await SteppedRig.start({ protocol });
    const client = await it.clientIn('mail');
    for (const body of [...EACH, ALL_IN_ONE]) await expectOneMessage(client, way, body);
    client.client.send('QUIT\r\n');
    expect(await client.client.codesToEnd()).toEqual([221]);
  });

  // What these servers took for an end.
  test.each([
    ['CVE-2023-51764 (Postfix)', 'alone', '\n.\r\n'],
    ['CVE-2023-51765 (Sendmail)', 'alone', '\n.\r\n'],
    ['CVE-2023-51766 (Exim)', 'piped', '\n.\r\n'],
    ['CVE-2024-27305 (aiosmtpd)', 'alone', '\n.\r\n'],
  ] as const)('as in %s, whose DATA comes %s', async (_name, way, pseudoEnd) => {
    await using it = await SteppedRig.start({ protocol });
    await expectOneMessage(await it.clientIn('mail'), way, bodyWith(pseudoEnd, 'text'));
  });
});
