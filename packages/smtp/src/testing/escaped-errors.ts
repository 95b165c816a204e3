// Errors that nobody has caught: they would have ended the process.
import { afterEach, beforeEach, expect } from 'vitest';

/** Fails each test of the file that lets an error escape. */
export function expectNoneEscaped(): void {
  const escaped: unknown[] = [];
  const note = (error: unknown): void => void escaped.push(error);
  beforeEach(() => {
    escaped.length = 0;
    process.on('uncaughtException', note).on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('uncaughtException', note).off('unhandledRejection', note);
    expect(escaped).toEqual([]);
  });
}
