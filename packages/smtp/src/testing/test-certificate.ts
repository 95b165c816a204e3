// A certificate for localhost that tests may trust.
import { builtInCertificate, builtInKey } from '../compat/built-in-certificate.ts';

export const testCertificate: { readonly key: string; readonly cert: string } = {
  key: builtInKey,
  cert: builtInCertificate,
};
