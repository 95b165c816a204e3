/** What was thrown, as an error: a stranger may throw anything, even what has no text. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  try {
    return new Error(String(thrown));
  } catch {
    return new Error('something that is no error, and has no text, was thrown');
  }
}
