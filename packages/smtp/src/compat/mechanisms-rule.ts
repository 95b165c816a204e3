// The rule for the option `mechanisms`.
import type { SaslMechanism } from '../session/sasl/mechanism.ts';
import { findProblem, findRepeated, isObject, showValue, type Rule } from './option-rule.ts';

/** A list of mechanisms, each with a name of its own. */
export const mechanismsRule: Rule = (value) => {
  if (!Array.isArray(value)) return `must be a list of mechanisms, not ${showValue(value)}.`;
  const problem = findProblem(value, mechanismProblem);
  if (problem !== undefined) return problem;
  const repeated = findRepeated((value as SaslMechanism[]).map(({ name }) => name));
  return repeated && `has ${repeated} twice: leave one out.`;
};

// RFC 4422 §3.1: sasl-mech = 1*20mech-char, mech-char = UPPER-ALPHA / DIGIT / HYPHEN / UNDERSCORE
const NAME = /^[A-Z\d_-]{1,20}$/;

const mechanismProblem: Rule = (value) => {
  if (!isObject(value)) return `has ${showValue(value)}: a mechanism is an object with name and begin.`;
  const { name, begin, isAvailable } = value;
  if (typeof name !== 'string' || !NAME.test(name)) {
    return `has one named ${showValue(name)}: write 1 to 20 of A-Z, 0-9, - and _, in upper case (RFC 4422 §3.1).`;
  }
  if (typeof begin !== 'function') return `has ${name} without begin: give it the function that begins an exchange.`;
  if (isAvailable === undefined || typeof isAvailable === 'function') return;
  return `has ${name}, whose isAvailable must be a function, not ${showValue(isAvailable)}.`;
};
