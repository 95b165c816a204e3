// The demo's look: coloured on a terminal (NO_COLOR and FORCE_COLOR are respected), plain elsewhere.
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Performance } from './perform.ts';
import type { Verdict } from './verdict.ts';

export const printPerformance = (number: number, { title, exchanges, transcripts, verdicts }: Performance): void => {
  console.log(styleText('bold', `${number}. ${title}`));
  console.log(indent(exchanges.join('\n')));
  for (const lines of transcripts) console.log(`\n${indent(foldCapabilities(lines).map(paintLine).join('\n'))}`);
  console.log(`\n${verdicts.map(verdictText).join('\n')}\n`);
};

export const printLesson = ({ title, verdicts }: Performance): void => {
  console.log(styleText('bold', `${title} (on purpose, not counted)`));
  console.log(`${verdicts.map(verdictText).join('\n')}\n`);
};

export const printSummary = (scenes: number, verdicts: readonly Verdict[]): void => {
  const failed = verdicts.filter(({ failure }) => failure).length;
  const seconds = process.uptime().toFixed(1);
  const text = `${scenes} scenes, ${verdicts.length - failed} of ${verdicts.length} verdicts ✓, ${seconds} s`;
  console.log(styleText(failed ? 'red' : 'green', text));
};

// The matchers colour what they say by rules of their own.
const isPlain = styleText('bold', 'x') === 'x';

const verdictText = ({ expression, failure }: Verdict): string => {
  if (failure === undefined) return `   ${styleText('green', '✓')} ${expression}`;
  const text = isPlain ? stripVTControlCharacters(failure) : failure;
  return `   ${styleText('red', '✗')} ${expression}\n${indent(indent(text))}`;
};

/** The reply to EHLO on one line, so that the dialogue stands out, and what is offered, or not, can be seen at a glance. */
const foldCapabilities = (lines: readonly string[]): readonly string[] =>
  lines
    .join('\n')
    .replace(/^S: 250-.*(?:\nS: 250-.*)*\nS: 250 .*/gm, (reply) => reply.replace(/\nS: 250[- ]/g, ' | '))
    .split('\n');

const paintLine = (line: string): string => {
  if (line.startsWith('C: ')) return styleText('cyan', line);
  if (/^S: [45]/.test(line)) return styleText('red', line);
  return line.startsWith('S: ') ? line : styleText('dim', line);
};

const indent = (text: string): string => text.replace(/^(?=.)/gm, '   ');
