// All stock wording in one place, by reply code (RFC 5321 §4.2.3) and enhanced status code (RFC 3463).
import { reply, type Reply } from './reply.ts';

export const helpPointer: Reply = reply(214, '2.0.0', 'See RFC 5321: https://www.rfc-editor.org/rfc/rfc5321');
export const readyForTls: Reply = reply(220, '2.0.0', 'Ready to start TLS');
export const bye: Reply = reply(221, '2.0.0', 'Bye');
export const authenticated: Reply = reply(235, '2.7.0', 'Authentication succeeded');
export const ok: Reply = reply(250, '2.0.0', 'OK');
export const reset: Reply = reply(250, '2.0.0', 'Transaction reset');
export const senderAccepted: Reply = reply(250, '2.1.0', 'Sender accepted');
export const recipientAccepted: Reply = reply(250, '2.1.5', 'Recipient accepted');
export const messageAccepted: Reply = reply(250, '2.6.0', 'Message accepted');
export const chunkAccepted: Reply = reply(250, '2.5.0', 'Chunk accepted');
export const cannotVerify: Reply = reply(
  252,
  '2.5.0',
  'Cannot verify, but will accept the message and attempt delivery',
);
export const startMailInput: Reply = reply(354, null, 'End data with <CR><LF>.<CR><LF>');

export const shuttingDown: Reply = reply(421, '4.3.2', 'Server is shutting down');
export const idleTooLong: Reply = reply(421, '4.4.2', 'Nothing received for too long');
export const lineTooLong: Reply = reply(421, '4.5.2', 'Line too long');
export const noTlsHere: Reply = reply(421, '4.7.0', 'TLS begins with STARTTLS on this port');
export const noHttpHere: Reply = reply(421, '4.7.0', 'This is no HTTP server');
export const proxyHeaderExpected: Reply = reply(421, '4.7.0', 'A PROXY header comes first on this port');
export const talkedTooSoon: Reply = reply(421, '4.7.0', 'You talk before the greeting');
export const tooManyConnections: Reply = reply(421, '4.7.0', 'Too many connections');
export const tooManyUnauthenticatedCommands: Reply = reply(421, '4.7.0', 'Too many commands without authentication');
export const tooManyAuthFailures: Reply = reply(421, '4.7.0', 'Too many authentication failures');
export const tooManyCommands: Reply = reply(421, '4.7.0', 'Too many commands without a message');
export const tooManyUnknownCommands: Reply = reply(421, '4.7.0', 'Too many unknown commands');
export const localError: Reply = reply(451, '4.3.0', 'Local error in processing');
export const tooManyTransactions: Reply = reply(452, '4.5.3', 'Too many transactions in this session');
export const tooManyRecipients: Reply = reply(452, '4.5.3', 'Too many recipients');
export const tlsNotAvailable: Reply = reply(454, '4.7.0', 'TLS is not available');

// RFC 3463 §3.6: X.5.2 is for the unrecognized, X.5.1 for the unsupported and for what is out of sequence.
export const unknownCommand: Reply = reply(500, '5.5.2', 'Command not recognized');
export const bareLineEnding: Reply = reply(500, '5.5.2', 'A line ends with CRLF: bare CR or LF received');
// RFC 2034 §4: no enhanced status code in a reply to EHLO or HELO.
export const helloNeeded: Reply = reply(501, null, 'Syntax: EHLO hostname');
export const mailSyntax: Reply = reply(501, '5.5.4', 'Syntax: MAIL FROM:<address> [parameters]');
export const rcptSyntax: Reply = reply(501, '5.5.4', 'Syntax: RCPT TO:<address> [parameters]');
export const senderSyntax: Reply = reply(501, '5.1.7', 'Bad sender address syntax');
export const recipientSyntax: Reply = reply(501, '5.1.3', 'Bad recipient address syntax');
export const noArgumentAllowed: Reply = reply(501, '5.5.4', 'This command takes no argument');
export const vrfySyntax: Reply = reply(501, '5.5.4', 'Syntax: VRFY address');
export const bdatSyntax: Reply = reply(501, '5.5.4', 'Syntax: BDAT size [LAST]');
export const proxyAttributesSyntax: Reply = reply(501, '5.5.4', 'Bad attributes');
export const parameterSyntax: Reply = reply(501, '5.5.4', 'Bad parameter syntax');
export const parameterRepeated: Reply = reply(501, '5.5.4', 'Parameter given more than once');
export const authSyntax: Reply = reply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]');
export const authCancelled: Reply = reply(501, '5.7.0', 'Authentication cancelled');
export const authMalformed: Reply = reply(501, '5.5.2', 'Malformed authentication data');
export const notImplemented: Reply = reply(502, '5.5.1', 'Command not implemented');
export const helloFirst: Reply = reply(503, '5.5.1', 'Send EHLO first');
export const mailFirst: Reply = reply(503, '5.5.1', 'Send MAIL first');
export const recipientFirst: Reply = reply(503, '5.5.1', 'No recipient was accepted');
export const nestedMail: Reply = reply(503, '5.5.1', 'A transaction is already open');
export const notInTransaction: Reply = reply(503, '5.5.1', 'Not permitted during a transaction');
export const alreadySecure: Reply = reply(503, '5.5.1', 'TLS is already in use');
export const alreadyAuthenticated: Reply = reply(503, '5.5.1', 'Already authenticated');
export const binaryNeedsChunks: Reply = reply(503, '5.5.1', 'A binary body comes with BDAT');
export const chunkFailed: Reply = reply(503, '5.5.1', 'A chunk has failed: send RSET');
export const onlyChunks: Reply = reply(503, '5.5.1', 'The message is coming in with BDAT');
export const unknownMechanism: Reply = reply(504, '5.5.4', 'Authentication mechanism not supported');
export const authenticationRequired: Reply = reply(530, '5.7.0', 'Authentication required');
export const startTlsFirst: Reply = reply(530, '5.7.0', 'Must issue a STARTTLS command first');
export const requireTlsNeedsTls: Reply = reply(530, '5.7.10', 'REQUIRETLS needs TLS');
export const authenticationFailed: Reply = reply(535, '5.7.8', 'Authentication credentials invalid');
export const encryptionRequired: Reply = reply(538, '5.7.11', 'Encryption required for authentication');
export const senderNeedsUtf8: Reply = reply(550, '5.6.7', 'This address needs SMTPUTF8');
export const notAllowed: Reply = reply(550, '5.7.0', 'You are not allowed to say so');
export const chunkTooLarge: Reply = reply(552, '5.3.4', 'Chunk exceeds the maximum size');
export const tooLarge: Reply = reply(552, '5.3.4', 'Message exceeds the maximum size');
export const recipientNeedsUtf8: Reply = reply(553, '5.6.7', 'This address needs SMTPUTF8');
export const transactionFailed: Reply = reply(554, '5.0.0', 'Transaction failed');
export const unknownParameter: Reply = reply(555, '5.5.4', 'Parameter not recognized');
