// AUTH, RFC 4954 §4: the command, and the exchange that follows.
import { decodeBase64 } from '../../wire/base64.ts';
import { upperCase } from '../../wire/command.ts';
import * as replies from '../../wire/replies.ts';
import { isCompletion, reply, type Reply } from '../../wire/reply.ts';
import { refuse, type AuthProposal, type Proposal } from '../proposal.ts';
import { isMechanismName } from '../redaction.ts';
import type { Credentials, SaslExchange, SaslStep } from '../sasl/mechanism.ts';
import type { SessionState } from '../state.ts';
import type { CommandDefinition } from './definition.ts';

/** An exchange under way. */
export interface OpenExchange {
  readonly mechanism: string;
  readonly exchange: SaslExchange;
}

/** auth-command = "AUTH" SP sasl-mech [SP initial-response] */
export const auth: CommandDefinition = {
  propose(state, argument) {
    const [name = '', initialResponse, excess] = argument.split(/ +/);
    // A word that is no mechanism's name may be a secret in its place.
    const mechanism = isMechanismName(name, state.policy) ? upperCase(name) : '';
    const refusal = refusalFor(state, name === '' || excess !== undefined);
    if (refusal !== undefined) return refuse('auth', refusal, { mechanism });
    const known = state.policy.mechanisms.find((candidate) => candidate.name === mechanism);
    if (known === undefined || known.isAvailable?.(state.saslContext) === false)
      return refuse('auth', replies.unknownMechanism, { mechanism });
    const open = { mechanism, exchange: known.begin(state.saslContext) };
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

/**
 * What is proposed in the place of an acceptance that comes with additional data: the data first, and the acceptance after the
 * client's empty line (RFC 4954 §4). `undefined` where there is no such data.
 * @throws whatever keeps the mechanism from making the data.
 */
export function proposeSuccess(
  { credentials, mechanism, success }: AuthProposal,
  accepted: Reply,
): AuthProposal | undefined {
  if (credentials === undefined || success === undefined || !isCompletion(accepted)) return undefined;
  const exchange = new Acknowledgement(credentials, accepted);
  return { step: 'auth', refused: false, reply: challengeReply(success()), mechanism, exchange };
}

/** After a refusal that came as a challenge, the client's next line, whatever it is, ends the exchange (RFC 7628 §3.2.3). */
export const refusedExchange = (mechanism: string): OpenExchange => ({
  mechanism,
  exchange: { next: () => ({ refused: true }) },
});

/** Awaits the empty line by which the client takes the data that came with success. */
class Acknowledgement implements SaslExchange {
  readonly accepted: Reply;
  readonly #credentials: Credentials;

  constructor(credentials: Credentials, accepted: Reply) {
    this.#credentials = credentials;
    this.accepted = accepted;
  }

  next(response: Buffer | undefined): SaslStep {
    return response?.length === 0 ? { credentials: this.#credentials } : { malformed: true };
  }
}

function nextStep({ mechanism, exchange }: OpenExchange, response: Buffer | undefined): Proposal {
  const step = exchange.next(response);
  const proposed = { step: 'auth', refused: false, mechanism, exchange } as const;
  if ('challenge' in step) return { ...proposed, reply: challengeReply(step.challenge) };
  if ('credentials' in step) {
    const { credentials, success } = step;
    if (exchange instanceof Acknowledgement)
      return { ...proposed, reply: exchange.accepted, credentials, judged: true };
    return { ...proposed, reply: replies.authenticated, credentials, ...(success && { success }) };
  }
  return refuse('auth', 'refused' in step ? replies.authenticationFailed : replies.authMalformed, { mechanism });
}

function challengeReply(challenge: string | Buffer): Reply {
  const octets = typeof challenge === 'string' ? Buffer.from(challenge, 'utf8') : challenge;
  return reply(334, null, octets.toString('base64'));
}

function refusalFor(state: SessionState, malformed: boolean): Reply | undefined {
  if (state.policy.mechanisms.length === 0 && state.policy.advertisedMechanisms.length === 0)
    return replies.notImplemented;
  if (state.hello === null) return replies.helloFirst;
  // RFC 4954 §4: neither after a successful AUTH nor during a transaction.
  if (state.username !== null) return replies.alreadyAuthenticated;
  if (state.policy.startTls === 'required' && !state.secure) return replies.startTlsFirst;
  if (!state.authOffered) return replies.encryptionRequired;
  if (state.transaction !== null) return replies.notInTransaction;
  return malformed ? replies.authSyntax : undefined;
}
