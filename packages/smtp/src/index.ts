export * from './core.ts';
export { builtInCertificate } from './compat/built-in-certificate.ts';
export { SMTPServer } from './compat/smtp-server.ts';
export { SMTPServerOptionError } from './compat/option-error.ts';
export type * from './compat/options.ts';
export type * from './compat/types.ts';
