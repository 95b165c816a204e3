import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { root } from './workspace.mjs';

test('the lockfile holds no registry host, so that everybody installs from their own', () => {
  const lines = readFileSync(`${root}pnpm-lock.yaml`, 'utf8').split('\n');
  expect(lines.filter((line) => /https?:\/\//.test(line))).toEqual([]);
});
