// SIZE, RFC 1870.
import * as replies from '../../wire/replies.ts';
import type { Extension } from '../extension.ts';

export const size: Extension = {
  keyword: 'SIZE',
  offer: ({ policy }) => (policy.maxSize === undefined ? 'SIZE' : `SIZE ${policy.maxSize}`),
  mail: {
    SIZE(value, { policy }) {
      // RFC 1870 §3: size-value = 1*20DIGIT
      if (value === true || !/^\d{1,20}$/.test(value)) return replies.parameterSyntax;
      return policy.maxSize !== undefined && Number(value) > policy.maxSize ? replies.tooLarge : undefined;
    },
  },
};
