// The application's entry: settings from the environment, parts put together, server up, SIGTERM down.
import { createServer } from 'node:http';
import { Accounts } from './accounts.ts';
import { Mailer } from './mailer.ts';
import { requestListener } from './routes.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const server = createServer(
  requestListener({ accounts: new Accounts(), mailer: new Mailer(settings.mail), publicUrl: settings.publicUrl }),
);

server.listen(settings.port, '127.0.0.1', () => console.log(`Listening on ${settings.publicUrl}`));
process.once('SIGTERM', () => {
  // Requests in flight are answered; their connections, kept alive, would keep the process too.
  server.keepAliveTimeout = 1;
  server.close();
});
