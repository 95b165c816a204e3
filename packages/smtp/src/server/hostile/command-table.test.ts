// Every command in every phase over a socket, once and again: what the RFCs ask for, written down and not derived.
import { describe, expect, test } from 'vitest';
import { xclient, xforward } from '../../session/extensions/xclient.ts';
import type { SessionPolicy } from '../../session/policy.ts';
import type { Phase } from '../../session/transitions.ts';
import { expectNoneEscaped } from '../../testing/escaped-errors.ts';
import { policyWith } from '../../testing/policy.ts';
import { Rig } from '../../testing/rig.ts';
import { PHASES, type PhaseReached } from '../../testing/session-steps.ts';
import { SteppedRig, type SteppedClient } from '../../testing/stepped-rig.ts';
import { WireClient } from '../../testing/wire-client.ts';
import * as replies from '../../wire/replies.ts';

expectNoneEscaped();

type Protocol = SessionPolicy['protocol'];

/** The phases in which a line is awaited. */
const COLUMNS = ['hello', 'mail', 'rcpt', 'data', 'chunks', 'reset', 'credentials'] as const satisfies readonly Phase[];
type Column = (typeof COLUMNS)[number];

/** A line, who says what it earns, and that: a reply code for each column, and the phase it leads to where that is another. */
type Row = readonly [line: string, source: string, ...cells: string[]];

// RFC 4954 §4: in an exchange a line is a response, and 501 where it is not base64, or nothing that a name could be.
const RESPONSE = '501 mail';
const always = (cell: string): string[] => [...COLUMNS.slice(1).map(() => cell), RESPONSE];
const CREDENTIALS = 'AUTH PLAIN AGFubgBzZWNyZXQ=';
const XCLIENT = 'XCLIENT ADDR=192.0.2.1';

/** As RFC 5321 §4.1.4 has it for EHLO: it begins a session, or begins it anew. */
const HELLO = ['250 mail', '250', '250 mail', '250 mail', '250 mail', '250 mail', RESPONSE] as const;

const HELLOS: Readonly<Record<Protocol, readonly Row[]>> = {
  smtp: [
    ['EHLO client.example', 'RFC 5321 §4.1.4', ...HELLO],
    ['HELO client.example', 'RFC 5321 §4.1.4', ...HELLO],
    ['LHLO client.example', 'RFC 5321 §4.2.4', ...always('500')],
    ['EHLO', 'RFC 5321 §4.1.1.1', ...always('501')],
    ['HELO', 'RFC 5321 §4.1.1.1', ...always('501')],
  ],
  lmtp: [
    ['LHLO client.example', 'RFC 2033 §4.1', ...HELLO],
    ['EHLO client.example', 'RFC 2033 §4.1', ...always('500')],
    ['HELO client.example', 'RFC 2033 §4.1', ...always('500')],
    ['LHLO', 'RFC 2033 §4.1', ...always('501')],
  ],
};

// prettier-ignore
const COMMANDS: readonly Row[] = [
  //                                                       hello  mail               rcpt        data          chunks      reset       credentials
  ['STARTTLS', 'RFC 3207 §4', ...always('220 handshake')],
  ['STARTTLS now', 'RFC 3207 §4', ...always('501')],
  ['AUTH LOGIN', 'RFC 4954 §4',                            '503', '334 credentials', '503',      '503',        '503',      '503',      RESPONSE],
  [CREDENTIALS, 'RFC 4954 §4',                             '503', '235',             '503',      '503',        '503',      '503',      RESPONSE],
  ['AUTH GSSAPI', 'RFC 4954 §4',                           '503', '504',             '503',      '503',        '503',      '503',      RESPONSE],
  ['AUTH', 'RFC 4954 §4',                                  '503', '501',             '503',      '503',        '503',      '503',      RESPONSE],
  ['MAIL FROM:<ann@example.org>', 'RFC 5321 §3.3, §4.1.4', '503', '250 rcpt',        '503',      '503',        '503',      '503',      RESPONSE],
  ['RCPT TO:<bob@example.com>', 'RFC 5321 §3.3, RFC 3030', '503', '503',             '250 data', '250',        '503',      '503',      RESPONSE],
  ['DATA', 'RFC 5321 §3.3, RFC 2033 §4.2, RFC 3030 §2',    '503', '503',             '503',      '354 body',   '503',      '503',      RESPONSE],
  ['BDAT 0', 'RFC 3030 §2',                                '503', '503',             '503',      '250 chunks', '250',      '503',      RESPONSE],
  ['BDAT 0 LAST', 'RFC 3030 §2',                           '503', '503',             '503',      '250 mail',   '250 mail', '503',      RESPONSE],
  ['BDAT four', 'RFC 3030 §2', ...always('501 closed')],
  ['RSET', 'RFC 5321 §4.1.1.5, §4.1.4',                    '250', '250',             '250 mail', '250 mail',   '250 mail', '250 mail', RESPONSE],
  ['NOOP', 'RFC 5321 §4.1.1.9', ...always('250')],
  ['VRFY ann', 'RFC 5321 §3.5.3, §4.1.4', ...always('252')],
  ['VRFY', 'RFC 5321 §4.1.1.6', ...always('501')],
  ['EXPN staff', 'RFC 5321 §4.2.4', ...always('502')],
  ['HELP', 'RFC 5321 §4.1.1.8', ...always('214')],
  [XCLIENT, "Postfix's XCLIENT_README",                    '220', '220 hello',       '503',      '503',        '503',      '503',      RESPONSE],
  ['XFORWARD ADDR=192.0.2.1', "Postfix's XFORWARD_README", '250', '250',             '503',      '503',        '503',      '503',      RESPONSE],
  ['GET / HTTP/1.1', 'RFC 5321 §3.8', ...always('421 closed')],
  ['QUIT', 'RFC 5321 §4.1.1.10', ...always('221 closed')],
  ['QUIT now', 'RFC 5321 §4.1.1.10', ...always('501')],
  ['XYZZY', 'RFC 5321 §4.2.4', ...always('500')],
  ['', 'RFC 5321 §4.2.4', ...always('500')],
  // RFC 4954 §4: in an exchange it cancels.
  ['*', 'RFC 5321 §4.2.4', ...always('500')],
];

/** What has an effect beyond the phase. */
const THE_SECOND_TIME: Readonly<Record<string, string>> = {
  // RFC 4954 §4: no other AUTH after one that has succeeded.
  [`${CREDENTIALS} 235`]: '503',
  // XCLIENT_README: who has been named is not trusted any more.
  [`${XCLIENT} 220`]: '550',
};

const { extensions } = policyWith();

/** A rig that notes what its application is asked. */
function start(protocol: Protocol, asked: string[] = []): Promise<SteppedRig> {
  const note = (what: string) => (): undefined => void asked.push(what);
  return SteppedRig.start(
    { protocol, extensions: [...extensions, xclient(true), xforward(true)] },
    {
      hello: note('hello'),
      auth: ({ secret }) => (asked.push('auth'), secret === 'secret' ? undefined : replies.authenticationFailed),
      mail: note('mail'),
      rcpt: note('rcpt'),
      xclient: note('xclient'),
      xforward: note('xforward'),
    },
  );
}

interface Cell {
  readonly code: number;
  readonly next: Phase;
}

function cellOf([line, , ...cells]: Row, column: Column, before?: string): Cell {
  const cell = (before !== undefined && THE_SECOND_TIME[`${line} ${before}`]) || cells[COLUMNS.indexOf(column)]!;
  const [code, next = column] = cell.split(' ') as [string, Phase?];
  return { code: Number(code), next };
}

const isColumn = (phase: Phase): phase is Column => (COLUMNS as readonly Phase[]).includes(phase);

async function answerTo({ client, session }: SteppedClient, line: string): Promise<Cell> {
  const reply = await client.ask(line);
  return { code: Number.parseInt(reply, 10), next: session.connection.session.phase };
}

describe.each(['smtp', 'lmtp'] as const)('in %s', (protocol) => {
  const rows = [...HELLOS[protocol], ...COMMANDS];
  const lines = rows.map(([line]) => line);

  test('every phase is a column, or tested by itself', () => {
    expect(PHASES.filter((phase) => !isColumn(phase))).toEqual(['connect', 'body', 'handshake', 'closed']);
    for (const row of rows) expect([row[0], row.length]).toEqual([row[0], COLUMNS.length + 2]);
  });

  const named = rows.map((row) => [row[0], row[1], row] as const);

  test.each(named)(
    '%j earns what %s says in every phase, the first time and the second',
    async (line, _source, row) => {
      await using it = await start(protocol);
      for (const column of COLUMNS) {
        const stepped = await it.clientIn(column);
        const once = cellOf(row, column);
        expect([column, await answerTo(stepped, line)]).toEqual([column, once]);
        if (!isColumn(once.next)) continue;
        const twice = cellOf(row, once.next, `${once.code}`);
        expect([column, 'again', await answerTo(stepped, line)]).toEqual([column, 'again', twice]);
      }
      expect(it.sessions.failures).toEqual([]);
    },
  );

  // RFC 5321 §4.1.4, §4.1.1.5
  test.each([HELLOS[protocol][0]![0], 'RSET'])('after %j nothing is left of a transaction', async (line) => {
    await using it = await start(protocol);
    for (const phase of ['rcpt', 'data', 'chunks', 'reset'] as const) {
      const { client, session } = await it.clientIn(phase);
      client.send(`${line}\r\nMAIL FROM:<ann@example.org>\r\nDATA\r\n`);
      expect([phase, ...(await client.codes(3))]).toEqual([phase, 250, 250, 503]);
      const begun = phase === 'chunks' || phase === 'reset';
      expect(session.sinks.map(({ events }) => events)).toEqual(begun ? [['xxxx', 'abort']] : []);
    }
  });

  // RFC 5321 §4.3.1: the client waits for the greeting.
  test('before the greeting every line earns 421, and the end', async () => {
    await using rig = await Rig.start({}, { greetDelay: 1_000, policy: policyWith({ protocol }) });
    for (const line of lines) {
      await using client = await WireClient.connected(rig.address);
      client.send(`${line}\r\nNOOP\r\n`);
      expect([line, await client.codesToEnd(), await rig.closedBy()]).toEqual([line, [421], 'server']);
    }
  });

  // RFC 5321 §4.1.1.4
  test('in a body every line is content', async () => {
    await using it = await start(protocol);
    for (const line of lines) {
      const { client, session } = await it.clientIn('body');
      await client.sendApart([Buffer.from(`${line}\r\n`)], session.connection.socket);
      expect([line, session.connection.session.phase]).toEqual([line, 'body']);
      client.send('.\r\nNOOP\r\n');
      expect(await client.codes(2)).toEqual([250, 250]);
      expect(session.sinks.map(({ events }) => events.join(' '))).toEqual([`${line}\r\n end flushed`]);
    }
  });

  // RFC 3207 §4: after the 220 nothing but a handshake is awaited.
  test('in the place of a handshake every line earns nothing, and the end', async () => {
    await using it = await start(protocol);
    for (const line of lines) {
      const { client, session } = await it.clientIn('handshake');
      client.socket.end(`${line}\r\n`);
      expect([line, await client.codesToEnd()]).toEqual([line, []]);
      await session.ended;
      expect([line, session.connection.session.phase]).toEqual([line, 'handshake']);
    }
  });

  // RFC 4954 §4
  test('in the place of a password every line is one, and is refused', async () => {
    await using it = await start(protocol);
    for (const line of lines) {
      const stepped = await it.clientIn('credentials');
      expect(await stepped.client.ask('YW5u')).toMatch(/^334 /);
      const { code, next } = await answerTo(stepped, line);
      expect([line, code === 501 || code === 535, next]).toEqual([line, true, 'mail']);
      expect(await answerTo(stepped, 'MAIL FROM:<ann@example.org>')).toEqual({ code: 250, next: 'rcpt' });
    }
  });

  // RFC 5321 §4.1.1.10, §3.8
  describe.each<[what: string, last: string, code: number, by: string]>([
    ['QUIT', 'QUIT', 221, 'quit'],
    ['421', 'GET / HTTP/1.1', 421, 'server'],
    ['a fatal 501', 'BDAT four', 501, 'server'],
  ])('after %s every line earns nothing', (_what, last, code, by) => {
    test.each<PhaseReached>(['hello', 'data', 'chunks'])(
      'in a pipeline, and from a client that read it, in %s',
      async (phase) => {
        const asked: string[] = [];
        await using it = await start(protocol, asked);
        for (const line of lines) {
          const pipelining = await it.clientIn(phase);
          const reading = await it.clientIn(phase);
          asked.length = 0;
          pipelining.client.send(`${last}\r\n${line}\r\n`);
          expect([line, await pipelining.client.codesToEnd()]).toEqual([line, [code]]);
          expect(Number.parseInt(await reading.client.ask(last), 10)).toBe(code);
          reading.client.send(`${line}\r\n`);
          expect([line, await reading.client.codesToEnd()]).toEqual([line, []]);
          for (const { session } of [pipelining, reading]) {
            await session.ended;
            expect([line, session.connection.session.phase, session.closings]).toEqual([line, 'closed', [by]]);
          }
          expect([line, asked]).toEqual([line, []]);
        }
      },
    );
  });

  test('after the 421 of a time limit every line earns nothing', async () => {
    await using it = await start(protocol);
    for (const line of lines) {
      const { client, session } = await it.clientIn('data');
      it.rig.clock.advance(60_000);
      client.send(`${line}\r\n`);
      expect([line, await client.codesToEnd()]).toEqual([line, [421]]);
      await session.ended;
      expect(session.closings).toEqual(['timeout']);
    }
  });
});
