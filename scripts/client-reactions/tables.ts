// What all clients do, as tables: each client is run against each fault of its class.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapAtOnce } from '../../packages/fixture/src/sweep/at-once.ts';
import type { FaultClass } from './cases.ts';
import { cellOf } from './cell.ts';
import type { Client, Program } from './client.ts';
import { reactionOf, type Case } from './reaction.ts';

export interface Cell {
  readonly client: Client;
  /** `null` where the client is not installed. */
  readonly text: string | null;
}

export interface Row {
  readonly case_: Case;
  readonly cells: readonly Cell[];
}

export interface Table {
  readonly title: string;
  readonly introduction: string;
  readonly clients: readonly Client[];
  readonly rows: readonly Row[];
}

/** By the name of the program, `null` where it is not installed. */
export type Versions = Readonly<Partial<Record<Program['name'], string | null>>>;

/** What is not installed is told, for it can't be measured. */
export async function installedVersions(classes: readonly FaultClass[]): Promise<Versions> {
  const programs = new Set(classes.flatMap(({ clients }) => clients.map(({ program }) => program)));
  const versions = await Promise.all([...programs].map(async (one) => [one.name, await one.version()] as const));
  for (const [name, version] of versions) {
    if (version === null) process.emitWarning(`There is no ${name} on this machine: what it does is not measured.`);
  }
  return Object.fromEntries(versions);
}

interface Run {
  readonly case_: Case;
  readonly client: Client;
}

/** How many run at a time; most of them wait for something. */
const AT_ONCE = 10;

/** More than fits into one write, or one record of TLS. */
const CONTENT = `From: ann@example.org\r\nSubject: Hello\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(4_000)}`;

/** Runs the clients that are installed, whose versions have been asked for. */
export async function measuredTables(classes: readonly FaultClass[], versions: Versions): Promise<Table[]> {
  const runs = classes.flatMap(({ cases, clients }) =>
    cases.flatMap((case_) => clients.map((client): Run => ({ case_, client }))),
  );
  const texts = await measured(runs.filter(({ client }) => versions[client.program.name] != null));
  return classes.map(({ cases, clients, introduction, title }) => {
    const rows = cases.map((case_) => {
      const ofRow = runs.filter((run) => run.case_ === case_);
      return { case_, cells: ofRow.map((run) => ({ client: run.client, text: texts.get(run) ?? null })) };
    });
    return { title, introduction, clients, rows };
  });
}

async function measured(runs: readonly Run[]): Promise<Map<Run, string>> {
  const texts = new Map<Run, string>();
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-'));
  try {
    const content = join(folder, 'content');
    await writeFile(content, CONTENT);
    // Those that wait in vain begin first, for they take the longest.
    const inOrder = runs.toSorted((one, other) => Number(other.case_.inVain ?? 0) - Number(one.case_.inVain ?? 0));
    await mapAtOnce(inOrder, AT_ONCE, async (run) => {
      texts.set(run, cellOf(await reactionOf(run.client, run.case_, content)));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
  return texts;
}
