import type { RecordedReply } from '@mailrig/fixture';
import { expect, test } from 'vitest';
import { replyText } from './reply-text.ts';

test.each<[text: string, reply: RecordedReply]>([
  ['250 2.1.5 Recipient accepted', { code: 250, enhanced: '2.1.5', lines: ['Recipient accepted'] }],
  ['354 Go on', { code: 354, lines: ['Go on'] }],
  ['250', { code: 250, lines: [''] }],
  ['550 5.7.1 No, and no', { code: 550, enhanced: '5.7.1', lines: ['No,', '', 'and no'] }],
])('%s', (text, reply) => {
  expect(replyText(reply)).toBe(text);
});
