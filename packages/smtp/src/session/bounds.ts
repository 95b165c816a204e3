// What one client may cost a server, where nobody says otherwise: each of these has an option of its own.

/** Octets of a command line. RFC 5321 §4.5.3.1.4 asks for 512, and extensions add to them. */
export const COMMAND_LINE_LIMIT = 16_384;
/** Octets of a line of an AUTH exchange. RFC 4954 §4 asks for 12,288; tokens and tickets in use are longer. */
export const CREDENTIALS_LINE_LIMIT = 65_536;
/**
 * Octets of one chunk (RFC 3030 §2). What is announced has to be read, be it refused: beyond this the connection is the cheaper
 * end.
 */
export const CHUNK_LIMIT = 1_073_741_824;
/** RCPT commands that a transaction takes, those that name a mailbox again too. RFC 5321 §4.5.3.1.8 asks for 100. */
export const RECIPIENTS_LIMIT = 100_000;
/** Octets that the recipients of a transaction cost: as many as that with addresses of ordinary length. */
export const ENVELOPE_LIMIT = 33_554_432;
