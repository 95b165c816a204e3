// The mutations that change nothing, or nothing that the matchers promise, each with the reason.

/** @typedef {import('./survivors.mjs').Mutation & { reason: string }} Equivalent */

/** @type {readonly Equivalent[]} */
export const EQUIVALENT = [
  {
    file: 'dkim-verification.ts',
    line: 'const options = { resolver: (name: string) => Promise.resolve(resolve(keys, name)), strict: true };',
    original: 'true',
    replacement: 'false',
    reason: 'mailauth 4, which the tests have, knows no strict mode; mailauth 7 does.',
  },
  {
    file: 'dkim-verification.ts',
    line: "if (record === undefined) throw Object.assign(new Error(`There is no ${name}.`), { code: 'ENOTFOUND' });",
    original: 'record === undefined',
    replacement: 'false',
    reason: 'What mailauth says of a signature for which there is no key is not looked at.',
  },
  {
    file: 'excerpt.ts',
    line: 'for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return at;',
    original: 'at < one.length',
    replacement: 'at <= one.length',
    reason:
      'Behind its end a text has nothing: there it differs from a longer one, and else the same place comes next.',
  },
  {
    file: 'to-have-transcript.ts',
    line: 'const before = lines.findLast((line) => missing !== undefined && matchesPattern(missing, line));',
    original: 'missing !== undefined',
    replacement: 'true',
    reason: 'No line is undefined; the check is for the compiler.',
  },
];
