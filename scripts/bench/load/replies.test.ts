import { expect, test } from 'vitest';
import { Replies } from './replies.mjs';

const DIALOGUE = '220 ready\r\n250-localhost\r\n250-SIZE 10\r\n250 HELP\r\n250 ok\r\n354 go on\r\n';

test('a reply of several lines is one reply, wherever it is cut', () => {
  for (let cut = 0; cut <= DIALOGUE.length; cut++) {
    const replies = new Replies();
    replies.read(Buffer.from(DIALOGUE.slice(0, cut)));
    replies.read(Buffer.from(DIALOGUE.slice(cut)));
    expect(replies.count).toBe(4);
  }
});

test('what somebody has seen is taken off the count', () => {
  const replies = new Replies();
  replies.read(Buffer.from(DIALOGUE));
  replies.count -= 3;
  replies.read(Buffer.from('250 ok\r\n'));
  expect(replies.count).toBe(2);
});

test.each(['421 bye', '550-no\r\n550 such user'])('%j is no measurement', (refusal) => {
  expect(() => new Replies().read(Buffer.from(`250 ok\r\n${refusal}\r\n`))).toThrow(`Refused: ${refusal}`);
});

test('a digit inside of a reply refuses nothing', () => {
  const replies = new Replies();
  replies.read(Buffer.from('250 5 of 5 taken\r\n250 450 octets\r\n'));
  expect(replies.count).toBe(2);
});
