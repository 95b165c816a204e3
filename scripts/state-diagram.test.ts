import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stateDiagram } from './state-diagram.ts';
import { root } from './workspace.mjs';

test('the diagram in ARCHITECTURE.md is that of the table; on a difference, put in what was received', () => {
  const document = readFileSync(`${root}ARCHITECTURE.md`, 'utf8');
  const [, diagram] = /```mermaid\n([^`]*)\n```/.exec(document) ?? [];
  expect(stateDiagram()).toBe(diagram);
});
