// What a body may be made of: 8BITMIME (RFC 6152) and BINARYMIME (RFC 3030 §3), both by the BODY parameter of MAIL.
import * as replies from '../../wire/replies.ts';
import type { Extension, ParameterCheck } from '../extension.ts';

/** RFC 6152. */
export const eightBitMime: Extension = {
  keyword: '8BITMIME',
  offer: () => '8BITMIME',
  mail: { BODY: oneOf(/^(?:7BIT|8BITMIME)$/i) },
};

/** RFC 3030 §3. It needs `chunking` beside it: only BDAT can carry such a body. */
export const binaryMime: Extension = {
  keyword: 'BINARYMIME',
  offer: ({ isDisabled }) => (isDisabled('BDAT') ? undefined : 'BINARYMIME'),
  mail: { BODY: oneOf(/^(?:7BIT|BINARYMIME)$/i) },
};

function oneOf(values: RegExp): ParameterCheck {
  return (value) => (value !== true && values.test(value) ? undefined : replies.parameterSyntax);
}
