// What expectations of body parts and of attachments have in common.
import { isPattern, type Pattern } from '@mailrig/fixture';
import { PATTERN, type FieldType } from './expectation.ts';

/** A parameter would never match: it is no part of the type. */
export const MEDIA_TYPE: FieldType = {
  name: `${PATTERN.name} for a type such as 'text/html', without parameters`,
  accepts: (value) => isPattern(value) && !(typeof value === 'string' && value.includes(';')),
};

/** In nodemailer's options, and in those of MIME libraries. */
export const MISNOMERS = { name: 'filename', type: 'contentType', mimeType: 'contentType', cid: 'contentId' } as const;

/** A string that is the same in any case, as it is recorded (RFC 2045 §5.1, §6.1; RFC 2183 §2). */
export function inLowerCase(pattern: Pattern | undefined): Pattern | undefined {
  return typeof pattern === 'string' ? pattern.toLowerCase() : pattern;
}

/** What is there. */
export function definedOf(facts: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
