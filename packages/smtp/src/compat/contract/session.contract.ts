import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { PLAIN } from './auth-client.ts';
import { codes, deliver, EHLO, ENVELOPE, MAIL, say } from './contract-client.ts';
import { refusal, type ContractSession } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { EMPTY_ENVELOPE, serveSessions } from './serve-sessions.ts';
import { HOST } from './served-server.ts';

export function describeSession(contract: Contract): void {
  describeFields(contract);
  describeError(contract);
  describeIdentity(contract);
}

function describeFields(contract: Contract): void {
  contract.test('a session says who has connected, and to whom', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    const client = await served.client();
    expect(sessions[0]).toMatchObject({
      localAddress: HOST,
      localPort: served.port,
      remoteAddress: HOST,
      remotePort: client.socket.localPort,
      clientHostname: '[127.0.0.1]',
    });
  });

  contract.test('a session begins with nothing said', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    await served.client();
    expect(sessions[0]).toMatchObject({
      secure: false,
      openingCommand: false,
      hostNameAppearsAs: false,
      transmissionType: 'SMTP',
      tlsOptions: false,
      transaction: 1,
      envelope: EMPTY_ENVELOPE,
    });
    expect(sessions[0]?.user).toBeFalsy();
    expect(sessions[0]?.error).toBeFalsy();
    expect(sessions[0]?.servername).toBeFalsy();
    expect(sessions[0]?.disabledCommands).toBeUndefined();
  });

  contract.test('a session has an id of its own', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    await served.client();
    await served.client();
    const [one, other] = sessions.map(({ id }) => id);
    expect(one).toMatch(/^\w{8,}$/);
    expect(other).toMatch(/^\w{8,}$/);
    expect(one).not.toBe(other);
  });

  contract.test('xClient and xForward are empty Maps', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    await served.client();
    for (const map of [sessions[0]?.xClient, sessions[0]?.xForward]) {
      expect(map).toBeInstanceOf(Map);
      expect(map?.size).toBe(0);
    }
  });

  contract.test('openingCommand and hostNameAppearsAs are of the last EHLO or HELO', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    const client = await served.client('HELO first.example');
    expect(sessions[0]).toMatchObject({ openingCommand: 'HELO', hostNameAppearsAs: 'first.example' });
    await client.ask('ehlo second.example');
    expect(sessions[0]).toMatchObject({ openingCommand: 'EHLO', hostNameAppearsAs: 'second.example' });
    await client.ask('EHLO');
    expect(sessions[0]).toMatchObject({ openingCommand: 'EHLO', hostNameAppearsAs: 'second.example' });
  });

  contract.test('openingCommand is LHLO in LMTP', async (t) => {
    const { served, sessions } = await serveSessions(t, { lmtp: true });
    await using _served = served;
    await served.client('LHLO client.example');
    expect(sessions[0]).toMatchObject({ openingCommand: 'LHLO', hostNameAppearsAs: 'client.example' });
  });

  contract.test('hostNameAppearsAs is in lower case', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    await served.client('EHLO Client.Example');
    expect(sessions[0]?.hostNameAppearsAs).toBe('client.example');
  });
}

function describeError(contract: Contract): void {
  contract.test('error is the last reply that was one', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    const client = await served.client(EHLO);
    const [unknown] = await say(client, 'FOO');
    expect(sessions[0]?.error).toBe(unknown);
    const [misplaced] = await say(client, 'DATA');
    expect(sessions[0]?.error).toBe(misplaced);
  });

  contract.test('error has the enhanced status code that the reply had', async (t) => {
    const { served, sessions } = await serveSessions(t, { hideENHANCEDSTATUSCODES: false });
    await using _served = served;
    const client = await served.client(EHLO);
    const [misplaced] = await say(client, 'DATA');
    expect(misplaced).toMatch(/^503 5\.5\.1 /);
    expect(sessions[0]?.error).toBe(misplaced);
  });

  contract.test('error stays when commands and messages succeed', async (t) => {
    const { served, sessions } = await serveSessions(t);
    await using _served = served;
    const client = await served.client(EHLO, 'FOO', 'NOOP', ...ENVELOPE);
    await deliver(client);
    expect(sessions[0]?.error).toMatch(/^500 /);
  });

  contract.test('error has what a handler said', async (t) => {
    const { served, sessions } = await serveSessions(t, {
      onMailFrom: (_address, _session, callback) => callback(refusal('Not you', 553)),
    });
    await using _served = served;
    await served.client(EHLO, MAIL);
    expect(sessions[0]?.error).toBe('553 Not you');
  });
}

function describeIdentity(contract: Contract): void {
  contract.test('all handlers of a session get the same object', async (t) => {
    const seen: ContractSession[] = [];
    const closed = withResolvers<ContractSession>();
    await using served = await t.serve({
      allowInsecureAuth: true,
      onConnect(session, callback) {
        seen.push(session);
        callback();
      },
      onAuth(_auth, session, callback) {
        seen.push(session);
        callback(null, { user: 'ann' });
      },
      onMailFrom(_address, session, callback) {
        seen.push(session);
        callback();
      },
      onRcptTo(_address, session, callback) {
        seen.push(session);
        callback();
      },
      onData(stream, session, callback) {
        seen.push(session);
        stream.on('end', () => callback()).resume();
      },
      onClose: closed.resolve,
    });
    const client = await served.client(EHLO, PLAIN, ...ENVELOPE);
    await deliver(client);
    await client.ask('QUIT');
    seen.push(await closed.promise);
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(1);
  });

  contract.test('what a handler writes into the session is there for the next one', async (t) => {
    const closed = withResolvers<ContractSession>();
    await using served = await t.serve({
      onConnect(session, callback) {
        Object.assign(session, { tenant: 'a' });
        callback();
      },
      onMailFrom(_address, session, callback) {
        callback('tenant' in session && session.tenant === 'a' ? null : refusal('Lost'));
      },
      onClose: closed.resolve,
    });
    const client = await served.client();
    expect(await codes(client, ...ENVELOPE, 'RSET', 'QUIT')).toEqual(['250', '250', '250', '250', '221']);
    expect(await closed.promise).toMatchObject({ tenant: 'a' });
  });

  contract.test('onClose sees the session as it ended', async (t) => {
    const closed = withResolvers<ContractSession>();
    await using served = await t.serve({ onClose: closed.resolve });
    const client = await served.client(...ENVELOPE, 'FOO');
    await client.ask('QUIT');
    expect(await closed.promise).toMatchObject({
      hostNameAppearsAs: 'client.example',
      transmissionType: 'ESMTP',
      error: expect.stringMatching(/^500 /),
      envelope: { mailFrom: { address: 'ann@example.org' }, rcptTo: [{ address: 'bob@example.org' }] },
    });
  });
}
