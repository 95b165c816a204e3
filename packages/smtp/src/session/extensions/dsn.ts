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
    ENVID: checked((value) => value.length <= ENVID_LIMIT && isXtext(value, PRINTABLE_ASCII)),
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

// RFC 3461 §4.4: prior to encoding as xtext, printable (graphic and white space) characters of US-ASCII.
const PRINTABLE_ASCII = /^[\t\x20-\x7e]*$/;
// RFC 3461 §4.2 asks the same of a client for ORCPT, whatever the addr-type, and RFC 6533 §3 has the addr-type utf-8 for the rest. Postfix
// names such an address rfc822 all the same, and to refuse the parameter is to refuse the recipient: more is taken than may be sent.
const PRINTABLE = /^[\t\x20-\x7e\u{a0}-\u{10ffff}]*$/u;

/** @param characters What it may encode. */
function isXtext(text: string, characters: RegExp): boolean {
  const decoded = decodeXtext(text);
  return decoded !== undefined && characters.test(decoded);
}

// original-recipient-address = addr-type ";" xtext; RFC 6533 §3 adds utf-8-addr-xtext and utf-8-addr-unitext, whose addr-type is "utf-8".
function isOriginalRecipient(value: string): boolean {
  const match = /^([A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?);(.+)$/.exec(value);
  if (match === null) return false;
  const [, type, address] = match as unknown as [string, string, string];
  return type.toLowerCase() === 'utf-8' || isXtext(address, PRINTABLE);
}
