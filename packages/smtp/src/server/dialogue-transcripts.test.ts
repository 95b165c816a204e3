import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { answered } from '../testing/memory-dialogue.ts';
import { readTranscript, type TranscriptDialogue, type Turn } from '../testing/read-transcript.ts';
import { octetByOctet, splitAt } from '../testing/split.ts';
import { TranscriptServer } from '../testing/transcript-server.ts';
import type { ClosedBy } from './handler.ts';

const directory = new URL('../../transcripts/', import.meta.url);
const files = readdirSync(directory).filter((file) => file.endsWith('.md') && file !== 'README.md');

describe.each(files)('%s', (file) => {
  const dialogues = readTranscript(readFileSync(new URL(file, directory), 'utf8'));
  for (const dialogue of dialogues) {
    describe(dialogue.title, () => {
      test('turn by turn', () => expectTurnByTurn(file, dialogue));
      test('whole, octet by octet, and split anywhere', () => expectEveryWay(dialogue));
      test('with an application that takes its time', () => expectLater(dialogue));
    });
  }
});

test('there are transcripts', () => {
  expect(files.length).toBeGreaterThan(10);
});

/** What the client says in a row is one chunk, and each reply comes after what it answers, and before anything else is said. */
function expectTurnByTurn(file: string, { settings, turns }: TranscriptDialogue): void {
  const server = new TranscriptServer(settings, false);
  let said: Buffer[] = [];
  let lines = 0;
  let content = 0;
  let told = 0;
  const hear = (): void => {
    if (said.length > 0) server.dialogue.feed(Buffer.concat(said));
    said = [];
  };
  for (const [index, { kind, octets, line }] of turns.entries()) {
    const where = `${file}, line ${line}`;
    if (kind === 'client') {
      if (turns[index - 1]?.kind !== 'client')
        expect(linesOf(server).slice(lines), `${where}: not expected`).toEqual([]);
      said.push(octets);
      continue;
    }
    hear();
    if (kind === 'server') {
      expect(linesOf(server)[lines++], where).toMatch(patternOf(octets));
    } else if (kind === 'message') {
      const expected = octets.toString('latin1');
      expect(server.content.slice(content, content + expected.length), where).toBe(expected);
      content += expected.length;
    } else if (!expectEvent(server, String(octets), where)) {
      expect(server.told[told++], where).toBe(String(octets));
    }
  }
  hear();
  expect(linesOf(server).slice(lines), `${file}: not expected at the end`).toEqual([]);
  expect(server.content.slice(content)).toBe('');
  expect(server.told.slice(told)).toEqual([]);
}

function expectEveryWay({ settings, turns }: TranscriptDialogue): void {
  const play = (cut: (octets: Buffer) => readonly Buffer[]): Outcome => {
    const server = new TranscriptServer(settings, false);
    for (const [index, octets] of partsOf(turns).entries()) {
      if (index > 0) server.dialogue.secured();
      for (const chunk of cut(octets)) server.dialogue.feed(chunk);
    }
    return outcomeOf(server);
  };
  const whole = play((octets) => [octets]);
  expectOutcome(whole, turns);
  expect(play(octetByOctet)).toEqual(whole);
  const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
  holds(
    fractions,
    (fractions) => {
      const offsets = (octets: Buffer): number[] =>
        fractions.map((fraction) => Math.floor(fraction * octets.length)).sort((a, b) => a - b);
      expect(play((octets) => splitAt(octets, offsets(octets)))).toEqual(whole);
    },
    8,
  );
}

/** Everything is said before the first answer is there. */
async function expectLater({ settings, turns }: TranscriptDialogue): Promise<void> {
  const server = new TranscriptServer(settings, true);
  for (const [index, octets] of partsOf(turns).entries()) {
    if (index > 0) server.dialogue.secured();
    server.dialogue.feed(octets);
    await answered(server.dialogue);
  }
  expectOutcome(outcomeOf(server), turns);
}

/** What the client says before and after a handshake. */
function partsOf(turns: readonly Turn[]): Buffer[] {
  const parts: Buffer[][] = [[]];
  for (const { kind, octets } of turns) {
    if (kind === 'client') parts.at(-1)!.push(octets);
    else if (kind === 'event' && String(octets) === 'TLS handshake') parts.push([]);
  }
  return parts.map((part) => Buffer.concat(part));
}

interface Outcome {
  readonly lines: readonly string[];
  readonly content: string;
  readonly told: readonly string[];
  readonly discarded: number;
  readonly closedBy: ClosedBy | null;
  readonly handshakes: number;
}

function expectOutcome({ closedBy, content, lines, told }: Outcome, turns: readonly Turn[]): void {
  const said = (kind: Turn['kind']): Buffer[] => turns.filter((turn) => turn.kind === kind).map(({ octets }) => octets);
  const events = said('event').map(String);
  expect(lines).toEqual(said('server').map((octets) => expect.stringMatching(patternOf(octets))));
  expect(content).toBe(Buffer.concat(said('message')).toString('latin1'));
  expect(told).toEqual(events.filter((event) => !/^(?:TLS handshake|closed|discarded)/.test(event)));
  expect(events.find((event) => event.startsWith('closed'))).toBe(
    closedBy === null ? undefined : `closed: ${closedBy}`,
  );
}

/** `false` for an event that the application is told of. */
function expectEvent({ channel, dialogue, discarded }: TranscriptServer, event: string, where: string): boolean {
  const [what, detail] = event.split(': ');
  if (what === 'TLS handshake') {
    expect(channel.handshakes, where).toBe(1);
    dialogue.secured();
  } else if (what === 'closed') {
    expect(channel.closedBy, where).toBe(detail);
  } else if (what === 'discarded') {
    expect(discarded, where).toBe(Number(detail));
  } else {
    return false;
  }
  return true;
}

const linesOf = ({ channel }: TranscriptServer): string[] => channel.text.split('\r\n').slice(0, -1);

const outcomeOf = (server: TranscriptServer): Outcome => ({
  lines: linesOf(server),
  content: server.content,
  told: server.told,
  discarded: server.discarded,
  closedBy: server.channel.closedBy,
  handshakes: server.channel.handshakes,
});

/** The line itself; `…` stands for any text. */
function patternOf(octets: Buffer): RegExp {
  const escaped = String(octets).replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('…', '.*')}$`);
}
