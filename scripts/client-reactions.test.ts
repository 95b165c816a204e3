import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cellOf } from './client-reactions/cell.ts';
import type { Client } from './client-reactions/client.ts';
import { FAULT_CLASSES } from './client-reactions/cases.ts';
import { curl } from './client-reactions/curl-client.ts';
import { documentOf } from './client-reactions/document.ts';
import { nodemailer } from './client-reactions/nodemailer-client.ts';
import type { Case } from './client-reactions/reaction.ts';
import { installedVersions, measuredTables, type Table } from './client-reactions/tables.ts';
import { root } from './workspace.mjs';

const PATH = `${root}docs/client-reactions.md`;

test('docs/client-reactions.md is what clients do; on a difference, delete it and run this again', async () => {
  const versions = await installedVersions(FAULT_CLASSES);
  const present = existsSync(PATH) ? readFileSync(PATH, 'utf8') : '';
  await expect(documentOf(await measuredTables(FAULT_CLASSES, versions), versions, present)).toMatchFileSnapshot(PATH);
}, 60_000);

describe('a document that is there', () => {
  const NODEMAILER = nodemailer('nodemailer');
  const VERSIONS = { nodemailer: '10.0.0', Python: '3.11.0', curl: '7.0.0' };

  function table(client: Client, text: string | null, more: Partial<Case> = {}): Table[] {
    const row = { case_: { name: '`mail`: 451', faults: [], ...more }, cells: [{ client, text }] };
    return [{ title: 'Replies', introduction: '', clients: [client], rows: [row] }];
  }

  test.each<[what: string, client: Client, now: string | null, becomes: string, more?: Partial<Case>]>([
    ['keeps the words of another curl', curl('curl'), 'fails<br>`exit 8`', 'fails<br>`exit 55`'],
    ['does not keep what another curl does', curl('curl'), 'sends<br>`exit 55`', 'sends<br>`exit 55`'],
    ['keeps what depends on the version', curl('curl'), 'sends', 'fails<br>`exit 55`', { dependsOnVersion: true }],
    ['keeps what is not installed', curl('curl'), null, 'fails<br>`exit 55`'],
    ['does not keep the words of nodemailer', NODEMAILER, 'fails<br>`EENVELOPE`', 'fails<br>`EENVELOPE`'],
  ])('%s', (_what, client, now, becomes, more) => {
    const present = documentOf(table(client, 'fails<br>`exit 55`'), VERSIONS, '');
    const later = documentOf(table(client, now, more), { ...VERSIONS, curl: '8.0.0', Python: null }, present);
    expect(later).toBe(present.replace('fails<br>`exit 55`', becomes));
  });

  test('is not held against other columns', () => {
    const present = documentOf(table(curl('curl'), 'fails<br>`exit 55`'), VERSIONS, '');
    const later = documentOf(table(curl('curl --ssl'), 'fails<br>`exit 8`'), VERSIONS, present);
    expect(later).toContain('| `mail`: 451 | fails<br>`exit 8` |');
  });

  test('tells of the version of nodemailer', () => {
    const present = documentOf(table(NODEMAILER, 'sends'), VERSIONS, '');
    const later = documentOf(table(NODEMAILER, 'sends'), { ...VERSIONS, nodemailer: '11.0.0' }, present);
    expect(later).toBe(present.replace('nodemailer 10.0.0', 'nodemailer 11.0.0'));
  });
});

test('a mail that is there twice stands out', () => {
  const told = { accepted: ['bob@example.org', 'carol@example.org'], words: '' };
  const seen = { deliveries: [2, 1], connections: 2, saidHelo: false, leftWithoutQuit: false, inClear: [] };
  expect(cellOf({ ...told, ...seen })).toBe('sends, **twice to bob**, 2 connections');
});
