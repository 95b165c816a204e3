import { expect, test } from 'vitest';
import { violationsDocument } from './violations.ts';

test('docs/violations.md is that of the data; on a difference, run this with -u', async () => {
  await expect(violationsDocument()).toMatchFileSnapshot('../docs/violations.md');
});
