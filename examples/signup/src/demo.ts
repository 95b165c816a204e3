// `pnpm demo`: the application signs people up against a mail server that behaves and misbehaves; matchers judge it.
import { perform } from './demo/perform.ts';
import { printLesson, printPerformance, printSummary } from './demo/print.ts';
import { lesson, scenes } from './demo/scenes.ts';
import type { Verdict } from './demo/verdict.ts';

const verdicts: Verdict[] = [];
for (const [index, scene] of scenes.entries()) {
  const performance = await perform(scene);
  printPerformance(index + 1, performance);
  verdicts.push(...performance.verdicts);
}
const shown = await perform(lesson);
printLesson(shown);
printSummary(scenes.length, verdicts);

const asPlanned = verdicts.every(({ failure }) => !failure) && shown.verdicts.every(({ failure }) => failure);
process.exitCode = asPlanned ? 0 : 1;
