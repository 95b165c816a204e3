// Options that can't work.
import { test } from '../../index.ts';

test.use({ mailOptions: { host: '10.0.0.1' as 'localhost' } });

test('with options that can not work', async ({ mail: _mail }) => {});
