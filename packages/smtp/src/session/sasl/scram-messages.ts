// The client's messages in SCRAM, RFC 5802 §7. A value has no comma in it, so that commas separate.
import { decodeBase64 } from '../../wire/base64.ts';
import { decodeSaslname } from './gs2-header.ts';

export interface ClientFirst {
  readonly username: string;
  readonly nonce: string;
}

export interface ClientFinal {
  /** What the proof is about: the message up to it. */
  readonly withoutProof: string;
  readonly channelBinding: Buffer;
  readonly nonce: string;
  readonly proof: Buffer;
}

/** Whether a message has an extension that must be understood. There is none yet (RFC 5802 §5.1, `m`). */
export function hasMandatoryExtension(message: string): boolean {
  return /(?:^|,)m=/.test(message);
}

/** client-first-message-bare = username "," nonce ["," extensions] */
export function readClientFirst(bare: string): ClientFirst | undefined {
  const match = /^n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,]+)*$/.exec(bare);
  if (match === null || bare.includes('\0')) return undefined;
  const [, saslname = '', nonce = ''] = match;
  const username = decodeSaslname(saslname);
  return username === undefined ? undefined : { username, nonce };
}

/** client-final-message = "c=" base64 "," nonce ["," extensions] "," "p=" base64 */
export function readClientFinal(message: string): ClientFinal | undefined {
  const match = /^(c=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,]+)*),p=([^,]*)$/.exec(message);
  if (match === null || message.includes('\0')) return undefined;
  const [, withoutProof = '', binding = '', nonce = '', signature = ''] = match;
  const channelBinding = decodeBase64(binding);
  const proof = decodeBase64(signature);
  if (channelBinding === undefined || proof === undefined) return undefined;
  return { withoutProof, channelBinding, nonce, proof };
}
