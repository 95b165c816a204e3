// A finding as text, with all that it takes to see it again.
import type { Finding } from './fuzzer.ts';
import { play } from './player.ts';
import { settingOf, VERBS, type Setting } from './setting.ts';

/** @param origin where it was found: the fuzzer's seed, and the case's number. */
export function describeFinding({ fault, invariant, manner, scenario }: Finding, origin: string): string {
  return [
    `${origin} breaks ${invariant}: ${fault}`,
    `octets: ${JSON.stringify(scenario.parts)}`,
    `setting ${scenario.setting}: ${describeSetting(settingOf(scenario.setting))}`,
    `answers ${scenario.answers}; manner ${JSON.stringify(manner)}`,
    `moves: ${play(scenario, manner, true).script?.join(' | ')}`,
  ].join('\n');
}

function describeSetting({ lineLimits, policy, surroundings }: Setting): string {
  const { disabledCommands, extensions, mechanisms, ...rest } = policy;
  const described = {
    ...rest,
    ...lineLimits,
    secure: surroundings.secure,
    disabledCommands: VERBS.filter((verb) => disabledCommands.has(verb)),
    extensions: extensions.map(({ keyword }) => keyword),
    mechanisms: mechanisms.map(({ name }) => name),
  };
  return JSON.stringify(described);
}
