// What cases ask of a WireClient again and again.
import type { WireClient } from '../../testing/wire-client.ts';

export const EHLO = 'EHLO client.example';
export const MAIL = 'MAIL FROM:<ann@example.org>';
export const RCPT = 'RCPT TO:<bob@example.org>';

/** Up to the message of `deliver`. */
export const ENVELOPE: readonly string[] = [EHLO, MAIL, RCPT];

/** Sends line by line, and gives the replies. */
export async function say(client: WireClient, ...lines: string[]): Promise<string[]> {
  const replies: string[] = [];
  for (const line of lines) replies.push(await client.ask(line));
  return replies;
}

/** Sends line by line, and gives the reply codes. */
export async function codes(client: WireClient, ...lines: string[]): Promise<string[]> {
  return (await say(client, ...lines)).map(codeOf);
}

/** Sends line by line, and gives the reply codes with the enhanced status codes that they have. */
export async function statuses(client: WireClient, ...lines: string[]): Promise<string[]> {
  return (await say(client, ...lines)).map(statusOf);
}

/** The reply code. */
export function codeOf(reply: string): string {
  return reply.slice(0, 3);
}

/** The reply code, with the enhanced status code if there is one. */
export function statusOf(reply: string): string {
  const [, code = '', status] = /^(\d{3})[ -](\d\.\d{1,3}\.\d{1,3}(?= |$))?/.exec(reply) ?? [];
  return status === undefined ? code : `${code} ${status}`;
}

/** What a reply to EHLO lists, without its first line. */
export function extensionsOf(reply: string): string[] {
  return reply
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(4));
}

/** Sends a message by DATA, with its CRLF and the final dot; gives the reply to the dot. */
export async function deliver(client: WireClient, content = 'Hello'): Promise<string> {
  await client.ask('DATA');
  return client.ask(`${content}\r\n.`);
}
