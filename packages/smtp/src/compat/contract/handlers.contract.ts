import { expect } from 'vitest';
import { withResolvers } from '../../server/with-resolvers.ts';
import { codeOf, codes, deliver, EHLO, ENVELOPE, MAIL, RCPT, say } from './contract-client.ts';
import { refusal, type ContractAddress, type ContractSession } from './contract-server.ts';
import type { Contract } from './describe-server-contract.ts';
import { ServedServer } from './served-server.ts';

export function describeHandlers(contract: Contract): void {
  describeOrigins(contract);
  describeCalls(contract);
}

function describeOrigins(contract: Contract): void {
  const refusingWith =
    (message: string) =>
    (_address: unknown, _session: unknown, callback: (error: Error) => void): void =>
      callback(refusal(message));
  const mailReply = async (served: ServedServer): Promise<string> => (await served.client(EHLO)).ask(MAIL);

  contract.test('without handlers everybody and everything is accepted', async (t) => {
    await using served = await t.serve();
    const client = await served.client();
    expect(await codes(client, ...ENVELOPE)).toEqual(['250', '250', '250']);
    expect(codeOf(await deliver(client, 'x'.repeat(100_000)))).toBe('250');
  });

  contract.test('a handler may be overridden in a subclass', async (t) => {
    class Server extends t.SMTPServer {
      readonly sender = 'ann@example.org';

      override onMailFrom(
        { address }: { readonly address: string },
        _session: ContractSession,
        callback: (error?: Error | null) => void,
      ): void {
        callback(refusal(address === this.sender ? 'Mine' : 'Others'));
      }
    }
    await using served = await ServedServer.listening(new Server({ authOptional: true, logger: false }));
    expect(await mailReply(served)).toBe('550 Mine');
  });

  contract.test('a handler given as an option comes before one of a subclass', async (t) => {
    class Server extends t.SMTPServer {
      override onMailFrom = refusingWith('Subclass');
    }
    class Overriding extends t.SMTPServer {
      override onMailFrom(_address: unknown, _session: unknown, callback: (error: Error) => void): void {
        callback(refusal('Subclass'));
      }
    }
    await using served = await ServedServer.listening(
      new Overriding({ authOptional: true, logger: false, onMailFrom: refusingWith('Option') }),
    );
    expect(await mailReply(served)).toBe('550 Option');
    await using other = await ServedServer.listening(
      new Server({ authOptional: true, logger: false, onMailFrom: refusingWith('Option') }),
    );
    // A field is initialized after the constructor of the base class.
    expect(await mailReply(other)).toBe('550 Subclass');
  });

  contract.test('a handler may be assigned while the server runs', async (t) => {
    await using served = await t.serve({ onMailFrom: refusingWith('Option') });
    const client = await served.client(EHLO);
    expect(await client.ask(MAIL)).toBe('550 Option');
    served.server.onMailFrom = refusingWith('Assigned');
    expect(await client.ask(MAIL)).toBe('550 Assigned');
    expect(await mailReply(served)).toBe('550 Assigned');
  });

  contract.test('a handler has the server as `this`', async (t) => {
    const seen: unknown[] = [];
    await using served = await t.serve({
      onMailFrom(this: unknown, _address, _session, callback) {
        seen.push(this);
        callback();
      },
    });
    await served.client(EHLO, MAIL);
    expect(seen[0]).toBe(served.server);
  });

  contract.test('a subclass may call the handler of its base class', async (t) => {
    class Server extends t.SMTPServer {
      override onRcptTo(
        address: ContractAddress,
        session: ContractSession,
        callback: (error?: Error | null) => void,
      ): void {
        if (address.address === 'eve@example.org') callback(refusal('No'));
        else super.onRcptTo(address, session, callback);
      }
    }
    await using served = await ServedServer.listening(new Server({ authOptional: true, logger: false }));
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, 'RCPT TO:<eve@example.org>', RCPT)).toEqual(['550', '250']);
  });
}

function describeCalls(contract: Contract): void {
  contract.test('handlers are asked in the order of the commands, once for each', async (t) => {
    const calls: string[] = [];
    const closed = withResolvers<ContractSession>();
    await using served = await t.serve({
      onConnect(_session, callback) {
        calls.push('connect');
        callback();
      },
      onMailFrom({ address }, _session, callback) {
        calls.push(`mail ${address}`);
        callback();
      },
      onRcptTo({ address }, _session, callback) {
        calls.push(`rcpt ${address}`);
        callback();
      },
      onData(stream, _session, callback) {
        calls.push('data');
        stream
          .on('end', () => {
            calls.push('end');
            callback();
          })
          .resume();
      },
      onClose(session) {
        calls.push('close');
        closed.resolve(session);
      },
    });
    const client = await served.client(...ENVELOPE, 'RCPT TO:<cat@example.org>');
    await deliver(client);
    await client.ask('QUIT');
    await closed.promise;
    expect(calls).toEqual([
      'connect',
      'mail ann@example.org',
      'rcpt bob@example.org',
      'rcpt cat@example.org',
      'data',
      'end',
      'close',
    ]);
  });

  contract.test('handlers are not asked about commands that the protocol refuses', async (t) => {
    const calls: string[] = [];
    await using served = await t.serve({
      size: 10,
      onMailFrom(_address, _session, callback) {
        calls.push('mail');
        callback();
      },
      onRcptTo(_address, _session, callback) {
        calls.push('rcpt');
        callback();
      },
      onData(stream, _session, callback) {
        calls.push('data');
        stream.on('end', () => callback()).resume();
      },
    });
    const client = await served.client(MAIL, EHLO, RCPT, 'DATA', 'MAIL FROM:<ann', `${MAIL} SIZE=11`);
    expect(calls).toEqual([]);
    await say(client, MAIL, MAIL, 'DATA', 'RCPT TO:<>', 'RCPT TO:<bob');
    expect(calls).toEqual(['mail']);
  });

  contract.test('the greeting waits for onConnect', async (t) => {
    const asked = withResolvers<() => void>();
    await using served = await t.serve({ onConnect: (_session, callback) => asked.resolve(callback) });
    const client = await served.connected();
    const accept = await asked.promise;
    const greeting = client.reply();
    expect(await Promise.race([greeting, new Promise((resolve) => setImmediate(resolve, 'none yet'))])).toBe(
      'none yet',
    );
    accept();
    expect(codeOf(await greeting)).toBe('220');
  });

  contract.test('a handler that takes its time holds up nobody else', async (t) => {
    const asked = withResolvers<() => void>();
    let first = true;
    await using served = await t.serve({
      onMailFrom(_address, _session, callback) {
        if (first) asked.resolve(callback);
        else callback();
        first = false;
      },
    });
    const slow = await served.client(EHLO);
    const reply = slow.ask(MAIL);
    const accept = await asked.promise;
    const quick = await served.client(...ENVELOPE);
    expect(codeOf(await deliver(quick))).toBe('250');
    accept();
    expect(codeOf(await reply)).toBe('250');
  });

  contract.test('sessions do not mix', async (t) => {
    const messages: string[] = [];
    await using served = await t.serve({
      onData(stream, { envelope }, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          messages.push(`${sender} → ${envelope.rcptTo[0]?.address}: ${Buffer.concat(chunks).toString().trim()}`);
          callback();
        });
      },
    });
    const clients = await Promise.all(['a', 'b', 'c'].map(() => served.client(EHLO)));
    await Promise.all(clients.map((client, index) => client.ask(`MAIL FROM:<s${index}@example.org>`)));
    await Promise.all(clients.map((client, index) => client.ask(`RCPT TO:<r${index}@example.org>`)));
    await Promise.all(clients.map((client, index) => deliver(client, `m${index}`)));
    expect(messages.sort()).toEqual([0, 1, 2].map((i) => `s${i}@example.org → r${i}@example.org: m${i}`));
  });
}
