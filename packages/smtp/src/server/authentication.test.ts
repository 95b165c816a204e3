// AUTH over real connections, where mechanisms meet TLS, certificates and handlers.
import { text } from 'node:stream/consumers';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { SessionPolicy } from '../session/policy.ts';
import { external } from '../session/sasl/external.ts';
import type { Credentials } from '../session/sasl/mechanism.ts';
import { plain } from '../session/sasl/plain.ts';
import { scramSha256Plus } from '../session/sasl/scram-sha-256-plus.ts';
import { scramSha256 } from '../session/sasl/scram-sha-256.ts';
import { withEmail, type ClientCertificate } from '../testing/client-certificates.ts';
import { policyWith } from '../testing/policy.ts';
import { Rig } from '../testing/rig.ts';
import { ScramClient, type ScramClientOptions } from '../testing/scram-client.ts';
import { testCertificate } from '../testing/test-certificate.ts';
import { WireClient } from '../testing/wire-client.ts';
import { reply } from '../wire/reply.ts';
import type { Answer, SessionHandler } from './handler.ts';
import { Listener } from './listener.ts';

const POLICY: SessionPolicy = policyWith({
  startTls: 'available',
  mechanisms: [scramSha256, scramSha256Plus, external],
  advertisedMechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS', 'EXTERNAL'],
  authInsecure: true,
});
const refusal = reply(535, '5.7.8', 'Who are you?');

/** A server that knows the password of every user, and asks for a certificate. */
class Server implements AsyncDisposable {
  readonly failures: string[] = [];
  readonly judged: Credentials[] = [];
  readonly #listener: Listener;
  address: { host: string; port: number } = { host: '', port: 0 };

  private constructor(handler: SessionHandler) {
    const secureContext = createSecureContext({ ...testCertificate, ca: withEmail.cert });
    this.#listener = new Listener({
      policy: POLICY,
      tls: { secureContext, options: { requestCert: true, rejectUnauthorized: false } },
      open: () => ({
        auth: (credentials) => this.#judge(credentials),
        observer: {
          failed: (error) => void this.failures.push((error as NodeJS.ErrnoException).code ?? error.message),
        },
        ...handler,
      }),
    });
  }

  static async start(handler: SessionHandler = {}): Promise<Server> {
    const server = new Server(handler);
    const { address: host, port } = await server.#listener.listen({ host: '127.0.0.1', port: 0 });
    server.address = { host, port };
    return server;
  }

  #judge(credentials: Credentials): Answer {
    this.judged.push(credentials);
    return (credentials.verify?.('pencil') ?? true) ? undefined : refusal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.stop();
  }
}

/** A client that has said EHLO, under TLS where it is told so. */
async function connected({ address }: Server, secure: boolean): Promise<WireClient> {
  const client = await WireClient.greeted(address);
  await client.ask('EHLO client.example');
  if (secure) {
    await client.startTls(testCertificate.cert);
    await client.ask('EHLO client.example');
  }
  return client;
}

/** What the server sends after the client's proof. */
async function prove(client: WireClient, mechanism: string, scram: ScramClient): Promise<string> {
  const serverFirst = decoded(await client.ask(`AUTH ${mechanism} ${base64(scram.first)}`));
  return client.ask(base64(scram.final(serverFirst)));
}

const base64 = (message: string): string => Buffer.from(message).toString('base64');
const decoded = (line: string): string => Buffer.from(line.replace('334 ', ''), 'base64').toString();

describe('SCRAM', () => {
  test.each(['tls-exporter', 'tls-server-end-point'])('is bound to its TLS connection by %s', async (type) => {
    await using server = await Server.start();
    await using client = await connected(server, true);
    const scram = new ScramClient(boundBy(type, client.socket as TLSSocket));
    expect(scram.trusts(decoded(await prove(client, 'SCRAM-SHA-256-PLUS', scram)))).toBe(true);
    expect(await client.ask('')).toBe('235 2.7.0 Authentication succeeded');
    expect(server.judged).toMatchObject([{ mechanism: 'SCRAM-SHA-256-PLUS', username: 'ann' }]);
  });

  test('bound to another connection is refused, and the handler not asked', async () => {
    await using server = await Server.start();
    await using client = await connected(server, true);
    await using another = await connected(server, true);
    const scram = new ScramClient(boundBy('tls-exporter', another.socket as TLSSocket));
    expect(await prove(client, 'SCRAM-SHA-256-PLUS', scram)).toMatch(/^535 /);
    expect(server.judged).toEqual([]);
  });

  test('needs no TLS, but can’t be bound then', async () => {
    await using server = await Server.start();
    await using client = await connected(server, false);
    expect(await client.ask('AUTH SCRAM-SHA-256-PLUS')).toMatch(/^504 /);
    const scram = new ScramClient();
    expect(scram.trusts(decoded(await prove(client, 'SCRAM-SHA-256', scram)))).toBe(true);
    expect(await client.ask('')).toMatch(/^235 /);
  });

  test('with the wrong password ends as the handler says', async () => {
    await using server = await Server.start();
    await using client = await connected(server, false);
    expect(await prove(client, 'SCRAM-SHA-256', new ScramClient({ password: 'pen' }))).toBe('535 5.7.8 Who are you?');
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test.each<[string, SessionHandler]>([
    ['at once', { auth: () => reply(235, '2.7.0', 'Come in') }],
    ['later', { auth: async () => reply(235, '2.7.0', 'Come in') }],
  ])(
    'that a handler accepts %s without verifying it earns 451, and the handler is told why',
    async (_when, handler) => {
      await using server = await Server.start(handler);
      await using client = await connected(server, false);
      expect(await prove(client, 'SCRAM-SHA-256', new ScramClient())).toMatch(/^451 /);
      expect(server.failures).toEqual(['ERR_MAILRIG_SCRAM_UNVERIFIED']);
      expect(await client.ask('MAIL FROM:<ann@example.org>')).toMatch(/^250 /);
    },
  );

  test('keeps the handler’s words until the client has taken the server’s proof', async () => {
    const welcome = reply(235, '2.7.0', 'Welcome, ann');
    const auth = async ({ verify }: Credentials): Promise<Answer> => (verify!('pencil') ? welcome : refusal);
    await using server = await Server.start({ auth });
    await using client = await connected(server, false);
    expect(await prove(client, 'SCRAM-SHA-256', new ScramClient())).toMatch(/^334 /);
    expect(await client.ask('')).toBe('235 2.7.0 Welcome, ann');
  });
});

describe('EXTERNAL', () => {
  /** All that a client hears who shows this certificate. */
  async function heardBy(server: Server, certificate: ClientCertificate | undefined): Promise<string> {
    const ca = testCertificate.cert;
    const socket = connect({
      ...server.address,
      socket: await plainSocket(server),
      ca,
      servername: 'localhost',
      ...certificate,
    });
    socket.end('EHLO client.example\r\nAUTH EXTERNAL =\r\nQUIT\r\n');
    return text(socket);
  }

  async function plainSocket({ address }: Server): Promise<WireClient['socket']> {
    const client = await WireClient.greeted(address);
    await client.ask('STARTTLS');
    client.socket.removeAllListeners();
    return client.socket;
  }

  test('takes the certificate for the proof', async () => {
    await using server = await Server.start();
    const heard = await heardBy(server, withEmail);
    expect(heard).toMatch(/^250[- ]AUTH .*EXTERNAL/m);
    expect(heard).toMatch(/^235 /m);
    expect(server.judged).toMatchObject([{ mechanism: 'EXTERNAL', username: 'ann@example.org' }]);
  });

  test('is not to be had without one', async () => {
    await using server = await Server.start();
    const heard = await heardBy(server, undefined);
    expect(heard).toMatch(/^250[- ]AUTH SCRAM-SHA-256 SCRAM-SHA-256-PLUS\r$/m);
    expect(heard).toMatch(/^504 /m);
    expect(server.judged).toEqual([]);
  });
});

function boundBy(type: string, socket: TLSSocket): ScramClientOptions {
  const header = `p=${type},,`;
  if (type === 'tls-exporter')
    return { header, bindingData: socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)) };
  const fingerprint = socket.getPeerCertificate().fingerprint256.replaceAll(':', '');
  return { header, bindingData: Buffer.from(fingerprint, 'hex') };
}

test('what a client says after a refusal may be credentials, and is not shown; after a login it is', async () => {
  const shown: string[] = [];
  const auth = ({ username }: Credentials): Answer => (username === 'ann' ? undefined : refusal);
  const policy = { ...POLICY, mechanisms: [plain], advertisedMechanisms: ['PLAIN'] };
  const handler = { auth, observer: { received: (line: string) => void shown.push(line) } };
  await using rig = await Rig.start({}, { policy, open: () => handler });
  await using client = await WireClient.greeted(rig.address);
  const authPlain = (user: string): string => `AUTH PLAIN ${base64(`\0${user}\0secret`)}`;
  for (const line of ['EHLO x', authPlain('bob'), 'c2VjcmV0', authPlain('ann'), 'XYZZY']) await client.ask(line);
  expect(shown).toEqual(['EHLO x', 'AUTH PLAIN ********', '********', 'AUTH PLAIN ********', 'XYZZY']);
});
