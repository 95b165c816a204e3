// The protocol and the server round it, without SMTPServer: a quarter less to load, for whoever has a handler of their own.
export { Listener, type ListenerOptions } from './server/listener.ts';
export type { Connection } from './server/connection.ts';
export type { ConnectionSettings, Endpoints, Origin } from './server/connection-settings.ts';
export { systemClock, type Clock } from './server/clock.ts';
export type {
  Ending,
  FaultMoment,
  FaultScript,
  HandshakeObstacle,
  Hardship,
  Mishap,
  Obstacle,
  Silence,
} from './server/fault.ts';
export type {
  Answer,
  BodySink,
  ClosedBy,
  MaybeLater,
  SessionHandler,
  SessionObserver,
  Transfer,
} from './server/handler.ts';
export type { TlsMaterial, TlsSession } from './server/tls.ts';
export type { CommandDefinition } from './session/commands/definition.ts';
export { hidden, type Extension, type ExtensionContext, type ParameterCheck } from './session/extension.ts';
export { auth } from './session/extensions/auth.ts';
export { binaryMime, eightBitMime } from './session/extensions/body.ts';
export { chunking } from './session/extensions/chunking.ts';
export { dsn } from './session/extensions/dsn.ts';
export { limits } from './session/extensions/limits.ts';
export { enhancedStatusCodes, pipelining, requireTls, smtpUtf8, startTls } from './session/extensions/simple.ts';
export { size } from './session/extensions/size.ts';
export { xclient, xforward, type TrustedAddresses } from './session/extensions/xclient.ts';
export { CHUNK_LIMIT, COMMAND_LINE_LIMIT, CREDENTIALS_LINE_LIMIT, RECIPIENTS_LIMIT } from './session/bounds.ts';
export type { DisabledCommands, SessionPolicy, StartTlsPolicy } from './session/policy.ts';
export {
  accept,
  refuse,
  type AuthProposal,
  type BdatProposal,
  type EndOfDataProposal,
  type HelloProposal,
  type HelloVerb,
  type MailProposal,
  type OtherProposal,
  type PlainProposal,
  type Proposal,
  type RcptProposal,
  type Refusal,
  type XclientProposal,
} from './session/proposal.ts';
export { redactReply } from './session/redaction.ts';
export type { ProxyAttributes } from './session/proxy-attributes.ts';
export { cramMd5 } from './session/sasl/cram-md5.ts';
export { external } from './session/sasl/external.ts';
export { login } from './session/sasl/login.ts';
export type {
  Credentials,
  SaslContext,
  SaslCrypto,
  SaslExchange,
  SaslHash,
  SaslMechanism,
  SaslStep,
} from './session/sasl/mechanism.ts';
export { oauthbearer } from './session/sasl/oauthbearer.ts';
export { plain } from './session/sasl/plain.ts';
export { scramSha256 } from './session/sasl/scram-sha-256.ts';
export { scramSha256Plus } from './session/sasl/scram-sha-256-plus.ts';
export { xoauth2 } from './session/sasl/xoauth2.ts';
export type { Hello, Recipient, SessionState, Transaction } from './session/state.ts';
export type { Phase, Step } from './session/transitions.ts';
export { unstuff, Unstuffer } from './wire/dot-stuffing.ts';
export type { Parameters } from './wire/parameters.ts';
export type { Mailbox, ReversePath } from './wire/path.ts';
export {
  encodeReply,
  isCompletion,
  isRefusal,
  parseReply,
  reply,
  replyClass,
  type Reply,
  type ReplyClass,
} from './wire/reply.ts';
