// How the first message of a GS2 mechanism begins (RFC 5801 §4), as SCRAM and OAUTHBEARER have it.
import { hasControls } from './text.ts';

export interface Gs2Header {
  /** As it was sent: it is part of what is signed. */
  readonly text: string;
  /** `n`: no channel binding; `y`: the client has it, but thinks that the server has not; `p`: it is used. */
  readonly flag: 'n' | 'y' | 'p';
  /** The channel binding's type; `''` unless the flag is `p`. */
  readonly bindingType: string;
  /** `''` where there is none. */
  readonly authorizationIdentity: string;
}

/** gs2-header = gs2-cbind-flag "," [ "a=" saslname ] ",", gs2-cbind-flag = ("p=" cb-name) / "n" / "y". `undefined` where it is none. */
export function readGs2Header(message: string): Gs2Header | undefined {
  const match = /^(?:([ny])|p=([A-Za-z\d.-]+)),(?:a=([^,]*))?,/.exec(message);
  if (match === null) return undefined;
  const [text, flag = 'p', bindingType = '', saslname] = match;
  const authorizationIdentity = saslname === undefined ? '' : decodeSaslname(saslname);
  if (authorizationIdentity === undefined) return undefined;
  return { text, flag: flag as Gs2Header['flag'], bindingType, authorizationIdentity };
}

/** saslname = 1*(value-safe-char / "=2C" / "=3D"), without control characters. `undefined` where it is none. */
export function decodeSaslname(text: string): string | undefined {
  if (!/^(?:[^=,]|=2C|=3D)+$/.test(text) || hasControls(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
