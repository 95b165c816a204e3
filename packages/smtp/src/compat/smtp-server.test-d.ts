// That a suite written for smtp-server compiles after its import is changed: arguments of inline handlers are inferred.
import type { Server } from 'node:net';
import type { Readable } from 'node:stream';
import { expectTypeOf, test } from 'vitest';
import { SMTPServer } from './smtp-server.ts';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerConnectionInfo,
  SMTPServerDataResult,
  SMTPServerDataStream,
  SMTPServerEnvelope,
  SMTPServerError,
  SMTPServerSession,
} from './types.ts';

test('arguments of handlers are inferred', () => {
  void new SMTPServer({
    onConnect(session, callback) {
      expectTypeOf(session).toEqualTypeOf<SMTPServerSession>();
      callback();
    },
    onAuth(auth, session, callback) {
      expectTypeOf(auth).toEqualTypeOf<SMTPServerAuthentication>();
      expectTypeOf(session).toEqualTypeOf<SMTPServerSession>();
      callback(null, { user: 123 });
      callback(new Error('No'));
      callback(null, { data: { status: '401' } });
      // @ts-expect-error: no such property
      callback(null, { usr: 123 });
    },
    onMailFrom(address, _session, callback) {
      expectTypeOf(address).toEqualTypeOf<SMTPServerAddress>();
      callback(Object.assign(new Error('No'), { responseCode: 451 }));
    },
    onRcptTo: ({ address, args }, _session, callback) => {
      expectTypeOf(address).toBeString();
      if (args) expectTypeOf(args['SIZE']).toEqualTypeOf<string | true | undefined>();
      setTimeout(callback, 0);
    },
    onData: (stream, { envelope }, callback) => {
      expectTypeOf(stream).toEqualTypeOf<SMTPServerDataStream>();
      expectTypeOf(stream).toExtend<Readable>();
      callback(null, 'Queued');
      callback(
        null,
        envelope.rcptTo.map(({ address }, index) => (index === 0 ? new Error('No') : address)),
      );
      return stream.on('end', callback).resume();
    },
    onClose: (session) => expectTypeOf(session).toEqualTypeOf<SMTPServerSession>(),
  });
});

test('handlers may return promises and values', () => {
  void new SMTPServer({
    onAuth: async ({ username }) => (username === 'ann' ? { user: username } : undefined),
    onMailFrom: () => undefined,
    onRcptTo: async () => {},
    onData: async (stream) => (await stream.toArray()).length.toString(),
  });
});

test('a subclass that spells the arguments out', () => {
  type Callback = (error?: Error | null) => void;
  class Own extends SMTPServer {
    override onMailFrom(address: SMTPServerAddress, _session: SMTPServerSession, callback: Callback): void {
      if (address.args && address.args['SIZE']) callback(new Error('No'));
      else callback();
    }
    override onData(
      stream: SMTPServerDataStream,
      _session: SMTPServerSession,
      callback: (error?: Error | null, answer?: string | SMTPServerDataResult[]) => void,
    ): void {
      stream.on('end', () => callback(null, 'Queued')).resume();
    }
    override async onRcptTo(address: SMTPServerAddress): Promise<void> {
      if (address.address === '') throw new Error('No');
    }
  }
  void new Own(null);
});

test('what a suite makes of its own, and changes', () => {
  const envelope: SMTPServerEnvelope = { mailFrom: { address: 'ann@example.org', args: false }, rcptTo: [] };
  const session = {
    id: 'A1',
    localAddress: '127.0.0.1',
    localPort: 25,
    remoteAddress: '127.0.0.1',
    remotePort: 1,
    clientHostname: '[127.0.0.1]',
    openingCommand: 'EHLO',
    hostNameAppearsAs: 'client.example',
    transmissionType: 'ESMTP',
    secure: false,
    tlsOptions: false,
    transaction: 1,
    envelope,
    xClient: new Map(),
    xForward: new Map(),
  } satisfies SMTPServerSession;
  const changed: SMTPServerSession = session;
  changed.disabledCommands = ['AUTH'];
  changed.disabledCommands.push('NOOP');
  expectTypeOf(changed.hostNameAppearsAs.toUpperCase()).toBeString();
  const answer: SMTPServerAuthenticationResponse = { user: undefined, data: undefined, responseCode: undefined };
  const error: SMTPServerError = Object.assign(new Error('No'), answer);
  error.responseCode = undefined;
  const server = new SMTPServer();
  server.options.authMethods.push('X-OWN');
  server.options.disabledCommands.push('AUTH');
  server.logger.info({ tnx: 'own' }, 'Hello %s', 1);
  server.updateSecureContext(null);
});

test('events and their arguments', () => {
  const server = new SMTPServer();
  server.on('error', (error) => expectTypeOf(error).toEqualTypeOf<Error>());
  server.on('connect', (client) => expectTypeOf(client).toEqualTypeOf<SMTPServerConnectionInfo>());
  server.on('close', () => {});
});

test('every form of listen', () => {
  const server = new SMTPServer();
  const listening = (): void => {};
  expectTypeOf(server.listen(0)).toEqualTypeOf<Server>();
  server.listen();
  server.listen(listening);
  server.listen(25, listening);
  server.listen(25, 'localhost', listening);
  server.listen(25, undefined, listening);
  server.listen(25, 'localhost', 511, listening);
  server.listen('/run/lmtp.sock', listening);
  server.listen({ port: 25, exclusive: true }, listening);
  server.listen({ fd: 3 }, listening);
  // @ts-expect-error: no such form
  server.listen(true);
});

test('what is no option does not compile', () => {
  // @ts-expect-error: no such option
  void new SMTPServer({ useXCLIENT: true });
  // @ts-expect-error: a list of addresses, or all
  void new SMTPServer({ useProxy: 1 });
});
