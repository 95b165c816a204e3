import { expect, test } from 'vitest';
import { faultsDocument } from './faults.ts';

test('docs/faults.md is that of the tables; on a difference, run this with -u', async () => {
  await expect(faultsDocument()).toMatchFileSnapshot('../docs/faults.md');
});
