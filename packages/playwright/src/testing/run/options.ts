// A file that asks for a server of its own.
import { expect, test } from '../../index.ts';

test.use({ mailOptions: { protocol: 'lmtp' } });

test('the options are those of the file', async ({ mail }) => {
  expect(mail.url).toMatch(/^lmtp:/);
  expect(mail.ca).toContain('BEGIN CERTIFICATE');
});
