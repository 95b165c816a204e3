import { SMTPServer } from '../smtp-server.ts';
import { describeServerContract } from './describe-server-contract.ts';

describeServerContract({ name: 'SMTPServer', SMTPServer });
