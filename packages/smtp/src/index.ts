export { Listener, type ListenerOptions } from './server/listener.ts';
export type { Connection, ConnectionSettings } from './server/connection.ts';
export { systemClock, type Clock } from './server/clock.ts';
export type { FaultMoment, FaultScript } from './server/fault.ts';
export type { Answer, BodySink, ClosedBy, MaybeLater, SessionHandler, SessionObserver } from './server/handler.ts';
export type { TlsMaterial, TlsSession } from './server/tls.ts';
export {
  auth,
  eightBitMime,
  enhancedStatusCodes,
  hidden,
  pipelining,
  size,
  smtpUtf8,
  startTls,
  type Extension,
  type ExtensionContext,
  type ParameterCheck,
} from './session/extensions.ts';
export type { SessionPolicy, StartTlsPolicy } from './session/policy.ts';
export type {
  AuthProposal,
  EndOfDataProposal,
  HelloProposal,
  HelloVerb,
  MailProposal,
  PlainProposal,
  Proposal,
  RcptProposal,
  Refusal,
} from './session/proposal.ts';
export { login } from './session/sasl/login.ts';
export type { Credentials, SaslExchange, SaslMechanism, SaslStep } from './session/sasl/mechanism.ts';
export { plain } from './session/sasl/plain.ts';
export { xoauth2 } from './session/sasl/xoauth2.ts';
export type { Hello, Recipient, SessionState, Transaction } from './session/state.ts';
export type { Phase, Step } from './session/transitions.ts';
export { unstuff } from './wire/dot-stuffing.ts';
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
export { SMTPServer } from './compat/smtp-server.ts';
export { SMTPServerOptionError } from './compat/refuse-unsupported.ts';
export type * from './compat/types.ts';
