// AUTH, RFC 4954 §4: the command, and the exchange that follows.
import { decodeBase64 } from '../../wire/base64.ts';
import { upperCase } from '../../wire/command.ts';
import * as replies from '../../wire/replies.ts';
import { reply, type Reply } from '../../wire/reply.ts';
import { refuse, type Proposal } from '../proposal.ts';
import { isMechanismName } from '../redaction.ts';
import type { SaslExchange } from '../sasl/mechanism.ts';
import type { SessionState } from '../state.ts';
import type { CommandDefinition } from './definition.ts';

/** An exchange under way. */
export interface OpenExchange {
  readonly mechanism: string;
  readonly exchange: SaslExchange;
}

export const auth: CommandDefinition = {
  propose(state, argument) {
    const [name = '', initialResponse, excess] = argument.split(/ +/);
    // A word that is no mechanism's name may be a secret in its place.
    const mechanism = isMechanismName(name, state.policy) ? upperCase(name) : '';
    const refusal = refusalFor(state, name === '' || excess !== undefined);
    if (refusal !== undefined) return refuse('auth', refusal, { mechanism });
    const known = state.policy.mechanisms.find((candidate) => candidate.name === mechanism);
    if (known === undefined) return refuse('auth', replies.unknownMechanism, { mechanism });
    const open = { mechanism, exchange: known.begin() };
    if (initialResponse === undefined) return nextStep(open, undefined);
    // RFC 4954 §4: a lone "=" is an initial response of zero length.
    return proposeCredentials(open, initialResponse === '=' ? '' : initialResponse);
  },
};

/** Judges a line of the exchange. */
export function proposeCredentials(open: OpenExchange, line: string): Proposal {
  const { mechanism } = open;
  // RFC 4954 §4: a lone "*" cancels.
  if (line === '*') return refuse('auth', replies.authCancelled, { mechanism });
  const response = decodeBase64(line);
  return response === undefined ? refuse('auth', replies.authMalformed, { mechanism }) : nextStep(open, response);
}

/** After a refusal that came as a challenge, the client's next line, whatever it is, ends the exchange (RFC 7628 §3.2.3). */
export const refusedExchange = (mechanism: string): OpenExchange => ({
  mechanism,
  exchange: { next: () => ({ refused: true }) },
});

function nextStep({ mechanism, exchange }: OpenExchange, response: Buffer | undefined): Proposal {
  const step = exchange.next(response);
  if ('challenge' in step) {
    const challenge = Buffer.from(step.challenge, 'utf8').toString('base64');
    return { step: 'auth', refused: false, reply: reply(334, null, challenge), mechanism, exchange };
  }
  if ('credentials' in step) {
    const { credentials } = step;
    return { step: 'auth', refused: false, reply: replies.authenticated, mechanism, exchange, credentials };
  }
  return refuse('auth', 'refused' in step ? replies.authenticationFailed : replies.authMalformed, { mechanism });
}

function refusalFor(state: SessionState, malformed: boolean): Reply | undefined {
  if (state.policy.mechanisms.length === 0 && state.policy.advertisedMechanisms.length === 0)
    return replies.notImplemented;
  if (state.hello === null) return replies.helloFirst;
  // RFC 4954 §4: neither after a successful AUTH nor during a transaction.
  if (state.username !== null) return replies.alreadyAuthenticated;
  if (state.transaction !== null) return replies.notInTransaction;
  if (state.policy.startTls === 'required' && !state.secure) return replies.startTlsFirst;
  if (!state.authOffered) return replies.encryptionRequired;
  return malformed ? replies.authSyntax : undefined;
}
