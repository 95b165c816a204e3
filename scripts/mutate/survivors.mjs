// What a report of Stryker says of the mutations that no test has seen (https://github.com/stryker-mutator/mutation-testing-elements).
import { basename } from 'node:path';

/**
 * @typedef {object} Mutation
 * @property {string} file Its name.
 * @property {string} line The line of it where the mutation begins.
 * @property {string} original On one line.
 * @property {string} replacement On one line.
 */

/** @typedef {Mutation & { number: number }} Survivor `number` is that of the line. */

/** @typedef {{ line: number, column: number }} Position Both count from 1. */

/**
 * @typedef {object} Report
 * @property {Record<string, { source: string, mutants: readonly Mutant[] }>} files
 */

/**
 * @typedef {object} Mutant
 * @property {string} status
 * @property {string} replacement
 * @property {{ start: Position, end: Position }} location
 */

/**
 * @param {string} json
 * @returns {{ tested: number, survivors: readonly Survivor[] }}
 */
export function survivorsOf(json) {
  /** @type {Report} */
  const { files } = JSON.parse(json);
  const mutants = Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ status, replacement, location }) => ({
        file: basename(path),
        number: location.start.line,
        line: onOneLine(source.split('\n')[location.start.line - 1] ?? ''),
        original: onOneLine(textAt(source, location)),
        replacement: onOneLine(replacement),
        isUnseen: status === 'Survived' || status === 'NoCoverage',
      })),
  );
  return { tested: mutants.length, survivors: mutants.filter(({ isUnseen }) => isUnseen) };
}

/**
 * @param {string} source
 * @param {Mutant['location']} location
 */
function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return lines.join('\n');
}

/** @param {string} text */
function onOneLine(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}
