// Connections that are cut anywhere: each session ends once, each body once, and nobody else is hurt.
import { describe, expect, test } from 'vitest';
import { cut, CuttingRelay, type CutBy } from '../../testing/cutting-relay.ts';
import { endsOf, ObservedSessions, type ObservedSession } from '../../testing/observed-sessions.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { testCertificate } from '../../testing/test-certificate.ts';
import { WireClient } from '../../testing/wire-client.ts';

type Protocol = 'smtp' | 'lmtp';

/** What a client says, and how many replies that has. */
interface Step {
  readonly said: string;
  readonly replies: number;
}

const BODY = 'Subject: x\r\n\r\n..dot\r\n.';
const CHUNKS = ['a.\r\n', '.\r\n'] as const;

const says = (said: string, replies = 1): Step => ({ said: `${said}\r\n`, replies });

/** A dialogue with two messages, one by DATA and one by BDAT; in LMTP each has a reply for each of its two recipients. */
function dialogueOf(protocol: Protocol): readonly Step[] {
  const each = protocol === 'lmtp' ? 2 : 1;
  const envelope = [says('MAIL FROM:<a@b.example>'), says('RCPT TO:<c@d.example>'), says('RCPT TO:<e@d.example>')];
  return [
    says(protocol === 'lmtp' ? 'LHLO client.example' : 'EHLO client.example'),
    says('AUTH LOGIN'),
    says('YW5u'),
    says('c2VjcmV0'),
    ...envelope,
    says('DATA'),
    says(BODY, each),
    ...envelope,
    { said: `BDAT ${CHUNKS[0].length}\r\n${CHUNKS[0]}`, replies: 1 },
    { said: `BDAT ${CHUNKS[1].length} LAST\r\n${CHUNKS[1]}`, replies: each },
    says('QUIT'),
  ];
}

const textOf = (steps: readonly Step[]): string => steps.map(({ said }) => said).join('');

/** How many replies are due to the first octets of a dialogue. */
function repliesDue(steps: readonly Step[], octets: number): number {
  let end = 0;
  return steps.reduce((due, { replies, said }) => ((end += said.length) <= octets ? due + replies : due), 0);
}

/** Whether so many octets of a dialogue are whole steps. */
function endOfStep(steps: readonly Step[], octets: number): boolean {
  return steps.some((_step, index) => textOf(steps.slice(0, index)).length === octets);
}

/** What is to become of the two bodies once so many octets of a dialogue have come. */
function bodiesDue(text: string, octets: number): string[] {
  const whole = (words: string): boolean => text.indexOf(words) + words.length <= octets;
  const ends = (beginning: string, end: string): string[] => (whole(beginning) ? [whole(end) ? 'end' : 'abort'] : []);
  return [...ends('DATA\r\n', `${BODY}\r\n`), ...ends('BDAT 4\r\n', ` LAST\r\n${CHUNKS[1]}`)];
}

/** A server that offers all, and accepts any credentials. */
async function serve(protocol: Protocol): Promise<{ readonly rig: Rig; readonly sessions: ObservedSessions }> {
  const sessions = new ObservedSessions({ auth: () => undefined });
  const policy = policyWith({ protocol, startTls: 'available', authInsecure: true });
  return { sessions, rig: await Rig.start({}, { policy, open: sessions.open }) };
}

/** Says the beginning of a dialogue at once, and goes; a reset waits for what it would outrun. Gives the session, ended. */
async function sayAndGo(
  { rig, sessions }: Awaited<ReturnType<typeof serve>>,
  steps: readonly Step[],
  { after, by }: { readonly after: number; readonly by: CutBy },
): Promise<{ readonly session: ObservedSession; readonly heard: string }> {
  await using client = await WireClient.greeted(rig.address);
  const session = sessions.of(client.socket.localPort!);
  client.send(textOf(steps).slice(0, after));
  if (by === 'RST') for (let due = repliesDue(steps, after); due > 0; due--) await client.reply();
  cut(client.socket, by);
  const heard = await client.end();
  await session.ended;
  return { session, heard };
}

const offsetsOf = (text: string): number[] => Array.from({ length: text.length + 1 }, (_none, offset) => offset);

async function expectUnhurt(rig: Rig, sessions: ObservedSessions): Promise<void> {
  expect(rig.listener.connections.size).toBe(0);
  expect(sessions.failures).toEqual([]);
  await using next = await WireClient.greeted(rig.address);
  expect(await next.ask('NOOP')).toMatch(/^250 /);
}

describe.each<Protocol>(['smtp', 'lmtp'])('a dialogue of %s', (protocol) => {
  const steps = dialogueOf(protocol);
  const text = textOf(steps);

  test.each<[CutBy, string]>([
    ['FIN', 'client'],
    ['RST', 'reset'],
  ])('cut by %s after every octet ends its session and its bodies once', async (by, closedBy) => {
    /** A system may hand out what came before a reset, and then only say that it is the end. */
    const closings = (after: number): unknown[] => {
      if (after === text.length) return ['quit'];
      return by === 'RST' && !endOfStep(steps, after) ? [expect.stringMatching(/^(?:reset|client)$/)] : [closedBy];
    };
    const { rig, sessions } = await serve(protocol);
    await using _rig = rig;
    const cuts = offsetsOf(text).map(async (after) => {
      const { heard, session } = await sayAndGo({ rig, sessions }, steps, { after, by });
      const replies = heard.match(/^\d{3} /gm)?.length ?? 0;
      return { after, closings: session.closings, bodies: endsOf(session.sinks), ...(by === 'FIN' && { replies }) };
    });
    expect(await Promise.all(cuts)).toEqual(
      offsetsOf(text).map((after) => ({
        after,
        closings: closings(after),
        bodies: bodiesDue(text, after),
        // Whoever has said its last word still hears every reply.
        ...(by === 'FIN' && { replies: repliesDue(steps, after) }),
      })),
    );
    await expectUnhurt(rig, sessions);
  });

  test('cut by a reset that may outrun what was said ends its session and its bodies once', async () => {
    const { rig, sessions } = await serve(protocol);
    await using _rig = rig;
    const cuts = offsetsOf(text).map(async (after) => {
      await using client = await WireClient.greeted(rig.address);
      const session = sessions.of(client.socket.localPort!);
      client.send(text.slice(0, after));
      client.socket.resetAndDestroy();
      await session.ended;
      expect(session.closings).toEqual([expect.stringMatching(/^(?:reset|client|quit)$/)]);
      // A body is whole only where all of it was said.
      const bodies = endsOf(session.sinks);
      expect(bodies).toHaveLength(session.sinks.length);
      const whole = bodiesDue(text, after).filter((end) => end === 'end');
      expect(bodies.filter((end) => end === 'end').length).toBeLessThanOrEqual(whole.length);
    });
    await Promise.all(cuts);
    await expectUnhurt(rig, sessions);
  });

  test.each<[CutBy, RegExp]>([
    ['FIN', /^(?:client|quit)$/],
    ['RST', /^(?:client|reset|quit)$/],
  ])('under STARTTLS cut by %s ends its session and its bodies once', async (by, closedBy) => {
    const { rig, sessions } = await serve(protocol);
    await using _rig = rig;
    const boundaries = await boundariesUnderTls(rig, steps);
    const last = boundaries.at(-1)!;
    const offsets = new Set([...boundaries.flatMap((end) => [end - 1, end, end + 1]), ...seeded(40, last)]);
    sessions.all.length = 0;
    const cuts = [...offsets].map(async (after) => {
      await using relay = await CuttingRelay.start(rig.address, { after, by });
      await using client = await WireClient.greeted(relay);
      await talkUnderTls(client, steps).catch(() => {});
      client.socket.destroy();
    });
    await Promise.all(cuts);
    await Promise.all(sessions.all.map(({ ended }) => ended));
    expect(sessions.all).toHaveLength(offsets.size);
    for (const session of sessions.all) {
      expect(session.closings).toEqual([expect.stringMatching(closedBy)]);
      expect(endsOf(session.sinks)).toHaveLength(session.sinks.length);
    }
    await expectUnhurt(rig, sessions);
  });
});

/** How many octets a client has sent when each of its steps is answered, the handshake among them. */
async function boundariesUnderTls(rig: Rig, steps: readonly Step[]): Promise<number[]> {
  let sent = 0;
  const boundaries: number[] = [];
  await using relay = await CuttingRelay.start(
    rig.address,
    { after: Infinity, by: 'FIN' },
    (octets) => (sent = octets),
  );
  await using client = await WireClient.greeted(relay);
  await talkUnderTls(client, steps, () => boundaries.push(sent));
  return boundaries;
}

/** @throws Error where the connection is cut meanwhile. */
async function talkUnderTls(client: WireClient, steps: readonly Step[], answered = (): void => {}): Promise<void> {
  client.send(steps[0]!.said);
  await client.reply();
  answered();
  await client.startTls(testCertificate.cert);
  answered();
  for (const { replies, said } of steps) {
    client.send(said);
    for (let due = replies; due > 0; due--) await client.reply();
    answered();
  }
}

/** So many numbers from 1 to a highest one, the same each time. */
function seeded(count: number, highest: number): number[] {
  let state = 5321;
  return Array.from({ length: count }, () => 1 + ((state = (state * 48_271) % 0x7fffffff) % highest));
}
