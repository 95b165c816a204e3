// What may stand in an expectation. A field that nobody looks at would match everything, so it is refused.
import { describeGiven, ExpectationError } from './expectation-error.ts';
import { describeValue, isPattern } from '@mailrig/fixture';

/** What a field of an expectation takes. */
export interface FieldType {
  /** Completes `must be …`. */
  readonly name: string;
  readonly accepts: (value: unknown) => boolean;
  /** Then what is refused is not shown. */
  readonly isSecret?: true;
}

/** The fields of an expectation, in the order in which a reader would compare them. */
export type Fields<Expectation extends object> = Readonly<Record<keyof Expectation & string, FieldType>>;

/**
 * Refuses what the type would, for callers without types.
 * @throws ExpectationError (`ERR_MAILRIG_EXPECTATION`) that names the field.
 */
export function validateExpectation<Expectation extends object>(
  matcher: string,
  expectation: Expectation,
  fields: Fields<Expectation>,
): void {
  const typeByField = new Map<string, FieldType>(Object.entries(fields));
  const names = [...typeByField.keys()].join(', ');
  if (!isRecord(expectation)) {
    throw new ExpectationError(matcher, `takes an object with ${names}, not ${describeGiven(expectation)}.`);
  }
  for (const [field, value] of Object.entries(expectation)) {
    const type = typeByField.get(field);
    if (type === undefined) {
      throw new ExpectationError(matcher, `${describeValue(field)} is no field of it. There are: ${names}.`);
    }
    if (type.accepts(value)) continue;
    const given = type.isSecret ? '' : `, not ${describeGiven(value)}`;
    throw new ExpectationError(matcher, `${field} must be ${type.name}${given}.`);
  }
}

export const PATTERN: FieldType = { name: 'a string, a RegExp or an asymmetric matcher', accepts: isPattern };

export const BOOLEAN: FieldType = { name: 'true or false', accepts: (value) => typeof value === 'boolean' };

export function nullOr({ name, accepts }: FieldType): FieldType {
  return { name: `null, ${name}`, accepts: (value) => value === null || accepts(value) };
}

export function oneOf(...words: readonly string[]): FieldType {
  return {
    name: words.map((word) => `'${word}'`).join(' or '),
    accepts: (value) => words.some((word) => word === value),
  };
}

/** Whether an expectation asks for nothing in particular. */
export function isEmpty(expectation: object): boolean {
  return Object.keys(expectation).length === 0;
}

/** An object that lists something by name, not one that is a value itself. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPattern(value);
}
