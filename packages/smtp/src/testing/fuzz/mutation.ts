// Scenarios out of other scenarios: a little is changed, so that what led far goes on leading far.
import type { LineLimits } from '../../server/hearing.ts';
import { conversation, fragment } from './grammar.ts';
import type { Prng } from './prng.ts';
import type { Scenario } from './scenario.ts';
import { settingOf, SETTINGS } from './setting.ts';

/** Octets of a scenario: longer ones show nothing new, and take their time. */
const LENGTH_LIMIT = 800;

/** A scenario that nothing came before. */
export function fresh(prng: Prng): Scenario {
  const setting = prng.below(SETTINGS);
  return { parts: conversation(prng, settingOf(setting)), setting, answers: drawAnswers(prng) };
}

/** One of the scenarios, changed in up to three ways. */
export function mutant(scenarios: readonly Scenario[], prng: Prng): Scenario {
  let { answers, parts, setting } = prng.pick(scenarios);
  if (prng.oneIn(6)) setting = prng.below(SETTINGS);
  if (prng.oneIn(4)) answers = drawAnswers(prng);
  const { lineLimits } = settingOf(setting);
  for (let changes = 1 + prng.below(3); changes > 0; changes--) {
    const index = prng.below(parts.length);
    parts = parts.with(index, change(parts[index]!, scenarios, prng, lineLimits).slice(0, LENGTH_LIMIT));
  }
  if (prng.oneIn(12) && parts.length < 3) parts = [...parts, prng.pick(prng.pick(scenarios).parts)];
  return { parts, setting, answers };
}

/** One answer in four is that of an application which has nothing to say. */
function drawAnswers(prng: Prng): number {
  return prng.oneIn(4) ? 0 : prng.next();
}

function change(text: string, scenarios: readonly Scenario[], prng: Prng, limits: LineLimits): string {
  // Where lines meet more happens than within them.
  const cut = (): number =>
    prng.oneIn(3) ? prng.below(text.length + 1) : lineStart(text, prng.below(text.length + 1));
  const from = cut();
  const to = Math.min(text.length, prng.oneIn(2) ? from + prng.below(12) : cut());
  switch (prng.below(9)) {
    case 0:
      return text.slice(0, from);
    case 1:
      return text.slice(0, from) + text.slice(Math.max(from, to));
    case 2:
      return text.slice(0, Math.max(from, to)) + text.slice(from);
    case 3: {
      const other = prng.pick(prng.pick(scenarios).parts);
      return text.slice(0, from) + other.slice(lineStart(other, prng.below(other.length + 1)));
    }
    case 4:
      return flipped(text, prng);
    case 5:
      return text.replace(/\d+/, () => String(prng.pick([0, 1, 5, 12, 80, 1_000])));
    default:
      return text.slice(0, from) + fragment(prng, limits) + text.slice(from);
  }
}

function lineStart(text: string, near: number): number {
  return text.lastIndexOf('\n', near - 1) + 1;
}

/** One bit of it is another. */
function flipped(text: string, prng: Prng): string {
  if (text === '') return text;
  const at = prng.below(text.length);
  const octet = text.charCodeAt(at) ^ (1 << prng.below(8));
  return text.slice(0, at) + String.fromCharCode(octet) + text.slice(at + 1);
}
