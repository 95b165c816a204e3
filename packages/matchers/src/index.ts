import * as all from './all.ts';
import { asExtension } from './extension.ts';

export * from './all.ts';
export type { DkimKey, DkimKeys } from './dkim-keys.ts';
export { ExpectationError } from './expectation-error.ts';
export type * from './mail-matchers.ts';
export type * from './matcher.ts';
export { mailSerializer, type MailSerializer } from './serializer.ts';
export { steady } from './steady.ts';
export type { AddressField } from './to-have-address.ts';
export type { AttachmentExpectation } from './to-have-attachment.ts';
export type { AuthAttemptExpectation } from './to-have-auth-attempt.ts';
export type { EnvelopeExpectation } from './to-have-envelope.ts';
export type { TlsExpectation } from './to-have-negotiated-tls.ts';
export type { ViolationOptions } from './to-have-no-violations.ts';
export type { PartExpectation } from './to-have-part.ts';
export type { ReplyExpectation } from './to-have-recipient-outcome.ts';
export type { DkimExpectation } from './to-have-valid-dkim.ts';
export type { ReceiveOptions } from './to-receive-message.ts';

/** All of them, for `expect.extend(matchers)`. */
export const matchers: typeof all = asExtension(all);
