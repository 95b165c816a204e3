// MAIL and RCPT one by one: what the client is told, and what the handler sees.
import { codeOf, EHLO, MAIL } from './contract-client.ts';
import type { ContractAddress, ContractEnvelope, ContractOptions } from './contract-server.ts';
import type { ContractCase } from './describe-server-contract.ts';

/** What becomes of one MAIL or RCPT: the reply code, and what its handler saw. */
export interface Outcome {
  readonly code: string;
  readonly address: ContractAddress | undefined;
  readonly envelope: ContractEnvelope | undefined;
}

export async function attempt(t: ContractCase, line: string, options: ContractOptions = {}): Promise<Outcome> {
  return (await attemptAll(t, [line], options))[0]!;
}

/** Each line in a transaction of its own; RCPT after a MAIL. */
export async function attemptAll(
  t: ContractCase,
  lines: readonly string[],
  options: ContractOptions = {},
): Promise<Outcome[]> {
  let address: ContractAddress | undefined;
  let envelope: ContractEnvelope | undefined;
  await using served = await t.serve({
    ...options,
    onMailFrom(mailFrom, session, callback) {
      address = mailFrom;
      ({ envelope } = session);
      callback();
    },
    onRcptTo(rcptTo, session, callback) {
      address = rcptTo;
      ({ envelope } = session);
      callback();
    },
  });
  const client = await served.client(EHLO);
  const outcomes: Outcome[] = [];
  for (const line of lines) {
    await client.ask('RSET');
    if (/^rcpt/i.test(line)) await client.ask(MAIL);
    address = undefined;
    envelope = undefined;
    client.send(Buffer.from(`${line}\r\n`));
    outcomes.push({ code: codeOf(await client.reply()), address, envelope });
  }
  return outcomes;
}

export function codesOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ code }) => code);
}

/** As many codes as there are lines. */
export function allOf(code: string, { length }: readonly string[]): string[] {
  return Array.from({ length }, () => code);
}
