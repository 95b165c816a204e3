import type { ContractServer } from './contract-server.ts';

export function closed(server: ContractServer): Promise<void> {
  return new Promise((resolve) => server.close(resolve));
}
