// SASL exchanges without a session: what a client says in a row, and the steps that it leads to.
import { saslCrypto } from '../server/sasl-crypto.ts';
import type { Credentials, SaslContext, SaslMechanism, SaslStep } from '../session/sasl/mechanism.ts';

/** A context as in clear text, with nothing that a channel could give. */
export function saslContextWith(changes: Partial<SaslContext> = {}): SaslContext {
  return {
    serverName: 'mail.example',
    secure: false,
    advertisedMechanisms: [],
    clientIdentity: null,
    crypto: saslCrypto,
    channelBinding: () => undefined,
    ...changes,
  };
}

/** The steps of an exchange in which the client says this; `undefined` for AUTH without an initial response. */
export function exchange(
  mechanism: SaslMechanism,
  responses: readonly (string | Buffer | undefined)[],
  changes: Partial<SaslContext> = {},
): SaslStep[] {
  const begun = mechanism.begin(saslContextWith(changes));
  return responses.map((response) => begun.next(typeof response === 'string' ? Buffer.from(response) : response));
}

/** @throws Error where the step is none that has credentials. */
export function credentialsOf(step: SaslStep | undefined): Credentials {
  if (step === undefined || !('credentials' in step)) throw new Error(`No credentials: ${JSON.stringify(step)}`);
  return step.credentials;
}

/** @throws Error where the step is no challenge. */
export function challengeOf(step: SaslStep | undefined): string {
  if (step === undefined || !('challenge' in step)) throw new Error(`No challenge: ${JSON.stringify(step)}`);
  return step.challenge.toString();
}
