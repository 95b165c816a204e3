// XCLIENT and XFORWARD: what a trusted proxy may say of its client (Postfix's XCLIENT_README and XFORWARD_README).
import { normalizeAddress } from '../../wire/ip-address.ts';
import * as replies from '../../wire/replies.ts';
import type { Reply } from '../../wire/reply.ts';
import type { CommandDefinition } from '../commands/definition.ts';
import type { Extension, ExtensionContext } from '../extension.ts';
import { greeting } from '../greeting.ts';
import { refuse, type Proposal } from '../proposal.ts';
import { readProxyAttributes, type ProxyAttributes } from '../proxy-attributes.ts';
import type { SessionState } from '../state.ts';

/** Addresses that are trusted, or `true`: everybody. `'*'` is everybody too. */
export type TrustedAddresses = true | readonly string[];

const XCLIENT = ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'LOGIN', 'DESTADDR', 'DESTPORT'] as const;
const XFORWARD = ['NAME', 'ADDR', 'PORT', 'PROTO', 'HELO', 'IDENT', 'SOURCE'] as const;

/** XCLIENT for these peers. The session begins anew as that of the client which is named. */
export function xclient(trusted: TrustedAddresses): Extension {
  const isTrusted = trust(trusted);
  return {
    keyword: 'XCLIENT',
    offer: (context) => (isTrusted(context) ? `XCLIENT ${XCLIENT.join(' ')}` : undefined),
    commands: {
      XCLIENT: attributesCommand(XCLIENT, isTrusted, (attributes, { policy }) => ({
        step: 'xclient',
        refused: false,
        reply: greeting(policy),
        attributes,
      })),
    },
  };
}

/** XFORWARD for these peers. It is for the log only, and changes nothing in the session. */
export function xforward(trusted: TrustedAddresses): Extension {
  const isTrusted = trust(trusted);
  return {
    keyword: 'XFORWARD',
    offer: (context) => (isTrusted(context) ? `XFORWARD ${XFORWARD.join(' ')}` : undefined),
    commands: {
      XFORWARD: attributesCommand(XFORWARD, isTrusted, (forwarded) => ({
        step: 'other',
        refused: false,
        reply: replies.ok,
        forwarded,
      })),
    },
  };
}

/** A command of attributes with these names, from those who are trusted. */
function attributesCommand(
  names: readonly string[],
  isTrusted: (context: ExtensionContext) => boolean,
  accepted: (attributes: ProxyAttributes, state: SessionState) => Proposal,
): CommandDefinition {
  return {
    propose(state, argument) {
      const refusal = refusalFor(state, isTrusted(state));
      if (refusal !== undefined) return refuse('other', refusal);
      const attributes = readProxyAttributes(argument, names);
      return attributes === undefined ? refuse('other', replies.proxyAttributesSyntax) : accepted(attributes, state);
    },
  };
}

function refusalFor({ transaction }: SessionState, trusted: boolean): Reply | undefined {
  if (!trusted) return replies.notAllowed;
  return transaction === null ? undefined : replies.notInTransaction;
}

/** Whoever XCLIENT has named is a client like any other, and not trusted. */
function trust(trusted: TrustedAddresses): (context: ExtensionContext) => boolean {
  if (trusted === true || trusted.includes('*')) return ({ handedOver }) => !handedOver;
  const addresses = new Set(trusted.map(normalizeAddress));
  return ({ handedOver, peerAddress }) => !handedOver && addresses.has(normalizeAddress(peerAddress));
}
