import { expect, test } from 'vitest';
import { figure } from './figures.mjs';
import { page } from './html.mjs';
import { columns, measureRows } from './table.mjs';

test.each([
  [0, '0'],
  [0.01234, '0.012'],
  [1.5, '1.50'],
  [54.77, '54.8'],
  [7_658.6, '7,659'],
  [Number.NaN, '–'],
])('%d reads %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test('a row has median, best, spread, and the ratio to the peer', () => {
  const series = [
    { name: 'ours', values: [30, 10, 20] },
    { name: 'smtp-server', values: [10] },
  ];
  expect(measureRows({ key: 'rate', unit: '/s', better: 'more', series })).toEqual([
    ['ours', '20.0', '30.0', '50 %', '2.00 ×'],
    ['smtp-server', '10.0', '10.0', '', '1.00 ×'],
  ]);
});

test('columns line up, text to the left and numbers to the right', () => {
  expect(
    columns([
      ['a', '1'],
      ['long', '100'],
    ]),
  ).toBe('  a       1\n  long  100');
});

test('the page is whole, loads nothing, and takes no name for markup', () => {
  const points = [
    [10, 1],
    [100, 10],
  ] as const;
  const html = page(
    [
      {
        name: 'w',
        title: 'Bodies <plain> & "dotted"',
        measures: [{ key: 'rate', unit: 'MB/s', better: 'more', series: [{ name: '<b>', values: [1, 2] }] }],
        curves: [{ key: 'c', title: 'Messages', x: 'messages', y: 'ms', name: 'fixture', points, limit: 'linear' }],
        notes: [],
      },
    ],
    [],
    { quick: true, head: ['a <machine>', 'Mailrig 1.2.3'] },
  );
  expect(html).toContain('Bodies &lt;plain> &amp; &quot;dotted&quot;');
  expect(html).toContain('&lt;b>');
  expect(html).toContain('exponent 1.00 from 10 to 100');
  expect(html).toContain('a &lt;machine><br>\nMailrig 1.2.3');
  expect(html).toContain('not how fast it is');
  expect(html).toContain('ceiling: a bare node:net server');
  expect(html).not.toMatch(/<script|<link|src=|NaN|undefined/);
});
