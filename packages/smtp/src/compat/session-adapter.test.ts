import { expect, test } from 'vitest';
import type { Connection } from '../server/connection.ts';
import { Session } from '../session/session.ts';
import { SessionAdapter, type AdapterSettings } from './session-adapter.ts';
import { sessionPolicy } from './settings.ts';
import { SMTPServer } from './smtp-server.ts';

test('a client that leaves while its name is looked up is not handed to onConnect after onClose', async () => {
  const called: string[] = [];
  const settings: AdapterSettings = {
    handlers: new SMTPServer({
      onConnect: () => void called.push('onConnect'),
      onClose: () => void called.push('onClose'),
    }),
    logger: undefined,
    reverseLookup: true,
    sizeLimit: Number.POSITIVE_INFINITY,
    rejectOversized: false,
    connected: () => called.push('connected'),
    handshakeFailed: () => {},
  };
  // Over a real socket the name may be known before the server hears that the client has left.
  const connection = { session: new Session(sessionPolicy({})), remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' };
  const adapter = new SessionAdapter(connection as unknown as Connection, settings);
  const answered = adapter.connect();
  adapter.observer.closed!('client');
  expect(await answered).toBeUndefined();
  expect(called).toEqual(['onClose']);
});
