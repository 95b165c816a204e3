import { expect, test } from 'vitest';
import type { Connection } from '../server/connection.ts';
import { Session } from '../session/session.ts';
import { surroundingsWith } from '../testing/surroundings.ts';
import { SessionAdapter } from './session-adapter.ts';
import { SessionView } from './session-view.ts';
import { adapterSettings, resolveOptions, sessionPolicy } from './settings.ts';
import { SMTPServer } from './smtp-server.ts';

test('a client that leaves while its name is looked up is not handed to onConnect after onClose', async () => {
  const called: string[] = [];
  const server = new SMTPServer({
    onConnect: () => void called.push('onConnect'),
    onClose: () => void called.push('onClose'),
  });
  const options = resolveOptions({});
  // Over a real socket the name may be known before the server hears that the client has left.
  const session = new Session(sessionPolicy(options), surroundingsWith());
  const connection = { session, remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' } as unknown as Connection;
  const view = new SessionView(connection, false, undefined);
  const adapter = new SessionAdapter(connection, view, adapterSettings(options, server, new Set(), undefined), {
    connected: () => called.push('connected'),
    handshakeFailed: () => {},
    failed: () => {},
    closed: () => {},
  });
  const answered = adapter.connect();
  adapter.observer.closed!('client');
  expect(await answered).toBeUndefined();
  expect(called).toEqual(['onClose']);
});
