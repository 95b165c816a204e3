// What may stand in an expectation. A field that nobody looks at would match everything, so it is refused.
import { classOf, describeGiven, ExpectationError } from './expectation-error.ts';
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

/** What a field is called elsewhere, with its name here. */
export type Misnomers<Expectation extends object> = Readonly<Record<string, keyof Expectation & string>>;

/**
 * Refuses what the type would, for callers without types.
 * @throws ExpectationError (`ERR_MAILRIG_EXPECTATION`) that names the field.
 */
export function validateExpectation<Expectation extends object>(
  matcher: string,
  expectation: Expectation,
  fields: Fields<Expectation>,
  misnomers: Misnomers<Expectation> = {},
): void {
  const typeByField = new Map<string, FieldType>(Object.entries(fields));
  const names = [...typeByField.keys()].join(', ');
  if (!isRecord(expectation)) {
    throw new ExpectationError(matcher, `takes an object with ${names}, not ${describeGiven(expectation)}.`);
  }
  for (const [field, value] of Object.entries(expectation)) {
    const type = typeByField.get(field);
    if (type === undefined) {
      const name = Object.hasOwn(misnomers, field) ? `: it is called ${misnomers[field]}` : '';
      throw new ExpectationError(matcher, `${describeValue(field)} is no field of it${name}. There are: ${names}.`);
    }
    if (type.accepts(value)) continue;
    const given = type.isSecret ? '' : `, not ${describeGiven(value)}`;
    throw new ExpectationError(matcher, `${field} must be ${type.name}${given}.`);
  }
}

/**
 * An expectation that may be written short, as a pattern for its main field.
 * @throws ExpectationError like {@link validateExpectation}.
 */
export function expandExpectation<Expectation extends object>(
  matcher: string,
  given: unknown,
  main: keyof Expectation & string,
  fields: Fields<Expectation>,
  misnomers?: Misnomers<Expectation>,
): Expectation {
  const expectation = isPattern(given) ? { [main]: given } : given;
  if (!isRecord(expectation)) {
    const names = Object.keys(fields).join(', ');
    const short = `${PATTERN.name} for the ${main}`;
    throw new ExpectationError(matcher, `takes ${short}, or an object with ${names}, not ${describeGiven(given)}.`);
  }
  validateExpectation(matcher, expectation as Expectation, fields, misnomers);
  return expectation as Expectation;
}

/**
 * Refuses an argument that the type would.
 * @param name Completes `the …`.
 * @throws ExpectationError (`ERR_MAILRIG_EXPECTATION`) that names it.
 */
export function validateArgument(matcher: string, name: string, value: unknown, type: FieldType): void {
  if (type.accepts(value)) return;
  throw new ExpectationError(matcher, `the ${name} must be ${type.name}, not ${describeGiven(value)}.`);
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

/** An object that lists something by name, not one that is a value itself, as a URL is. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && classOf(value) === undefined && !isPattern(value);
}
