// Delivery status notifications, RFC 3461: parameters that a server keeps for whoever delivers.
import * as replies from '../../wire/replies.ts';
import { decodeXtext } from '../../wire/xtext.ts';
import type { Extension, ParameterCheck } from '../extension.ts';

// RFC 3461 §4.2 and §4.4, in characters.
const ORCPT_LIMIT = 500;
const ENVID_LIMIT = 100;

export const dsn: Extension = {
  keyword: 'DSN',
  offer: () => 'DSN',
  mail: {
    // ret-value = "FULL" / "HDRS"
    RET: checked((value) => /^(?:FULL|HDRS)$/i.test(value)),
    ENVID: checked((value) => value.length <= ENVID_LIMIT && isPrintableXtext(value)),
  },
  rcpt: {
    // notify-esmtp-value = "NEVER" / 1#notify-list-element; notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
    NOTIFY: checked((value) => /^(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*)$/i.test(value)),
    ORCPT: checked((value) => value.length <= ORCPT_LIMIT && isOriginalRecipient(value)),
  },
};

function checked(isGood: (value: string) => boolean): ParameterCheck {
  return (value) => (value !== true && isGood(value) ? undefined : replies.parameterSyntax);
}

// RFC 3461 §4.2, §4.4: prior to encoding as xtext, printable (graphic and white space) characters of US-ASCII.
function isPrintableXtext(text: string): boolean {
  const decoded = decodeXtext(text);
  return decoded !== undefined && /^[\t\x20-\x7e]*$/.test(decoded);
}

// original-recipient-address = addr-type ";" xtext; RFC 6533 §3 adds utf-8-addr-xtext, whose addr-type is "utf-8". Postfix names an
// address beyond ASCII rfc822 all the same, and to refuse the parameter is to refuse the recipient: what is printable is taken.
function isOriginalRecipient(value: string): boolean {
  const match = /^([A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?);(.+)$/.exec(value);
  if (match === null) return false;
  const [, type, address] = match as unknown as [string, string, string];
  if (type.toLowerCase() === 'utf-8') return true;
  const decoded = decodeXtext(address);
  return decoded !== undefined && /^[\t\x20-\x7e\u{a0}-\u{10ffff}]*$/u.test(decoded);
}
