import { expect, test } from 'vitest';
import { samplesOf } from './samples.ts';

test('the blocks of ts and js are samples, with the line of their fence', () => {
  const markdown = [
    '# Title',
    '```sh',
    'npm i',
    '```',
    '```ts',
    'one();',
    '```',
    '',
    '```js',
    'two();',
    '',
    'three();',
    '```',
  ];
  expect(samplesOf(markdown.join('\n'))).toEqual([
    { language: 'ts', compileOnly: false, line: 5, code: 'one();' },
    { language: 'js', compileOnly: false, line: 9, code: 'two();\n\nthree();' },
  ]);
});

test('no-run asks for compiling only', () => {
  expect(samplesOf('```ts no-run\none();\n```')).toMatchObject([{ compileOnly: true }]);
});

test('a block within a list item loses the indentation of its fence', () => {
  expect(samplesOf('- item\n\n  ```ts\n  if (it) {\n    one();\n  }\n  ```')).toMatchObject([
    { code: 'if (it) {\n  one();\n}' },
  ]);
});

test('a longer fence may hold a shorter one, which is no sample', () => {
  expect(samplesOf('````md\n```ts\none();\n```\n````')).toEqual([]);
});

test.each([
  ['a fence that is left open', '# Title\n```ts\none();', 'line 2 is left open'],
  ['a word that nobody knows', '```ts norun\none();\n```', 'Line 1: unknown word "norun"'],
  ['JavaScript that does not run', '```js no-run\none();\n```', 'Line 1: only ts'],
])('%s is refused', (_, markdown, message) => {
  expect(() => samplesOf(markdown)).toThrow(message);
});
