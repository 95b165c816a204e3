import type { ContractOptions } from './contract-server.ts';

/** Options of a server on which the handler named refuses. */
export function refusing(handler: string, error: Error): ContractOptions {
  return { [handler]: (...args: unknown[]) => (args.at(-1) as (error: Error) => void)(error) };
}

/** The same, but accepting from the second time on. */
export function refusingOnce(handler: string, error: Error): ContractOptions {
  let refused = false;
  return {
    [handler]: (...args: unknown[]) => {
      (args.at(-1) as (error: Error | null) => void)(refused ? null : error);
      refused = true;
    },
  };
}
