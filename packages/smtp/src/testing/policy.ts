// A server's policy as most tests want it: everything offered, nothing demanded, nothing to encrypt with.
import { auth } from '../session/extensions/auth.ts';
import { binaryMime, eightBitMime } from '../session/extensions/body.ts';
import { chunking } from '../session/extensions/chunking.ts';
import { dsn } from '../session/extensions/dsn.ts';
import { limits } from '../session/extensions/limits.ts';
import { enhancedStatusCodes, pipelining, requireTls, smtpUtf8, startTls } from '../session/extensions/simple.ts';
import { size } from '../session/extensions/size.ts';
import type { SessionPolicy } from '../session/policy.ts';
import { login } from '../session/sasl/login.ts';
import { plain } from '../session/sasl/plain.ts';
import { xoauth2 } from '../session/sasl/xoauth2.ts';

export function policyWith(changes: Partial<SessionPolicy> = {}): SessionPolicy {
  return {
    protocol: 'smtp',
    name: 'mail.example',
    helloText: () => 'mail.example',
    extensions: [
      pipelining,
      size,
      startTls,
      auth,
      enhancedStatusCodes,
      eightBitMime,
      smtpUtf8,
      dsn,
      chunking,
      binaryMime,
      requireTls,
      limits,
    ],
    enhancedStatusCodes: true,
    startTls: 'absent',
    mechanisms: [plain, login, xoauth2],
    advertisedMechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    authRequired: false,
    authInsecure: false,
    rejectOversized: false,
    disabledCommands: new Set(),
    ...changes,
  };
}
