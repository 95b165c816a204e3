// The verbs of an option that may change at any time.
import type { DisabledCommands } from '../session/policy.ts';

/** Looks the list up at each command. What is no text in it disables nothing. */
export function disabledBy(verbs: () => readonly unknown[]): DisabledCommands {
  return { has: (verb) => verbs().some((disabled) => String(disabled).trim().toUpperCase() === verb) };
}
