import { expect, test } from 'vitest';
import { differencesDocument } from './differences.ts';

test('docs/differences.md is that of the data; on a difference, run this with -u', async () => {
  await expect(differencesDocument()).toMatchFileSnapshot('../docs/differences.md');
});
