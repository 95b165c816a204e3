// The rule for the option `extensions`.
import type { Extension } from '../session/extension.ts';
import { findProblem, findRepeated, isObject, showValue, type Rule } from './option-rule.ts';

/** A list of extensions, each with a keyword of its own. */
export const extensionsRule: Rule = (value) => {
  if (!Array.isArray(value)) return `must be a list of extensions, not ${showValue(value)}.`;
  const problem = findProblem(value, extensionProblem);
  if (problem !== undefined) return problem;
  const repeated = findRepeated((value as Extension[]).map(({ keyword }) => keyword.toUpperCase()));
  return repeated && `has ${repeated} twice: leave one out.`;
};

const extensionProblem: Rule = (value) => {
  if (!isObject(value)) return `has ${showValue(value)}: an extension is an object with keyword and offer.`;
  const { keyword, offer, mail, rcpt, commands } = value;
  if (typeof keyword !== 'string' || keyword === '') {
    return `has one whose keyword is ${showValue(keyword)}: name it as the EHLO reply does.`;
  }
  if (typeof offer !== 'function')
    return `has ${keyword} without offer: give it the function that makes its EHLO line.`;
  return (
    memberProblem(`${keyword}.mail`, mail, checkProblem) ??
    memberProblem(`${keyword}.rcpt`, rcpt, checkProblem) ??
    memberProblem(`${keyword}.commands`, commands, commandProblem)
  );
};

type Member = readonly [keyword: string, value: unknown];

/** Keywords and verbs are looked up in upper case: what is written otherwise would never be found. */
const LOOKED_UP = /^[^\sa-z]+$/;

function memberProblem(
  path: string,
  members: unknown,
  problemOf: (path: string, member: Member) => string | undefined,
): string | undefined {
  if (members === undefined) return undefined;
  if (!isObject(members)) return `has ${path}, which must be an object by keyword, not ${showValue(members)}.`;
  return findProblem(Object.entries(members), (member) => {
    const [keyword] = member;
    if (LOOKED_UP.test(keyword)) return problemOf(`${path}.${keyword}`, member);
    return `has ${showValue(keyword)} in ${path}: write it in upper case, without blanks.`;
  });
}

function checkProblem(path: string, [, check]: Member): string | undefined {
  return typeof check === 'function' ? undefined : `has ${path}, which must be a function, not ${showValue(check)}.`;
}

function commandProblem(path: string, [verb, command]: Member): string | undefined {
  if (OWN_COMMANDS.has(verb)) return `has ${path}, which is the server's own and can't be replaced: use a handler.`;
  if (isObject(command) && typeof command['propose'] === 'function') return undefined;
  return `has ${path}, which must be an object with the function propose(state, argument).`;
}

const OWN_COMMANDS: ReadonlySet<string> = new Set([
  'EHLO',
  'HELO',
  'LHLO',
  'MAIL',
  'RCPT',
  'DATA',
  'RSET',
  'NOOP',
  'QUIT',
  'VRFY',
  'EXPN',
  'HELP',
  'AUTH',
  'STARTTLS',
  'XCLIENT',
  'XFORWARD',
]);
