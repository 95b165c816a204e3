import { SMTPServer } from 'smtp-server';
import type { ContractServerClass } from './contract-server.ts';
import { describeServerContract } from './describe-server-contract.ts';
import { npmSmtpServerDifferences } from './npm-smtp-server-differences.ts';

describeServerContract({
  name: 'smtp-server',
  // Its types are narrower than what it takes.
  SMTPServer: SMTPServer as unknown as ContractServerClass,
  differences: Object.values(npmSmtpServerDifferences).flat(),
});
