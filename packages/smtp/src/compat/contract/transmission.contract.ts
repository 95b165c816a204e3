import { expect } from 'vitest';
import { PLAIN } from './auth-client.ts';
import { deliver, EHLO, ENVELOPE, MAIL, RCPT, say } from './contract-client.ts';
import { refusal, type ContractOptions } from './contract-server.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import { serveSessions } from './serve-sessions.ts';
import { IDENTITY } from './served-server.ts';

export function describeTransmission(contract: Contract): void {
  describeTransmissionType(contract);
  describeTransaction(contract);
}

function describeTransmissionType(contract: Contract): void {
  const types: readonly (readonly [string, ContractOptions, readonly string[]])[] = [
    ['SMTP', {}, []],
    ['SMTP', {}, ['HELO client.example']],
    ['ESMTP', {}, [EHLO]],
    ['ESMTP', {}, ['HELO client.example', EHLO]],
    ['SMTP', {}, [EHLO, 'HELO client.example']],
    ['ESMTPA', { allowInsecureAuth: true }, [EHLO, PLAIN]],
    ['ESMTPS', { secure: true }, [EHLO]],
    ['SMTPS', { secure: true }, ['HELO client.example']],
    ['ESMTPSA', { secure: true }, [EHLO, PLAIN]],
    ['LMTP', { lmtp: true }, []],
    ['LMTP', { lmtp: true }, ['LHLO client.example']],
    ['LMTPA', { lmtp: true, allowInsecureAuth: true }, ['LHLO client.example', PLAIN]],
    ['LMTPS', { lmtp: true, secure: true }, ['LHLO client.example']],
    ['LMTPSA', { lmtp: true, secure: true }, ['LHLO client.example', PLAIN]],
  ];
  for (const [type, options, lines] of types) {
    const how = [
      options.lmtp === true ? 'LMTP' : 'SMTP',
      ...(options.secure === true ? ['TLS'] : []),
      ...lines.map((line) => line.split(' ')[0]),
    ].join(', ');
    contract.test(`transmissionType after ${how} is ${type} (RFC 3848)`, async (t) => {
      const { served, sessions } = await serveSessions(t, { ...IDENTITY, ...options });
      await using _served = served;
      const client = options.secure === true ? await served.secured() : await served.connected();
      await client.reply();
      await say(client, ...lines);
      expect(sessions[0]?.transmissionType).toBe(type);
    });
  }

  contract.test('transmissionType follows STARTTLS and AUTH', async (t) => {
    const { served, sessions } = await serveSessions(t, { ...IDENTITY });
    await using _served = served;
    const client = await served.client(EHLO);
    await client.startTls(served.ca);
    await client.ask(EHLO);
    expect(sessions[0]?.transmissionType).toBe('ESMTPS');
    await client.ask(PLAIN);
    expect(sessions[0]?.transmissionType).toBe('ESMTPSA');
  });

  for (const [type, options, hello] of [
    ['UTF8SMTP', {}, 'EHLO'],
    ['UTF8SMTPS', { secure: true }, 'EHLO'],
    ['UTF8LMTP', { lmtp: true }, 'LHLO'],
  ] as const) {
    contract.test(`transmissionType of a message with SMTPUTF8 is ${type} (RFC 6531 §4.3)`, async (t) => {
      let seen: string | undefined;
      await using served = await t.serve({
        ...IDENTITY,
        ...options,
        onData(stream, { transmissionType }, callback) {
          seen = transmissionType;
          stream.on('end', () => callback()).resume();
        },
      });
      const client = 'secure' in options ? await served.secured() : await served.connected();
      await client.reply();
      await say(client, `${hello} client.example`, 'MAIL FROM:<ann@example.org> SMTPUTF8', RCPT);
      await deliver(client);
      expect(seen).toBe(type);
    });
  }
}

function describeTransaction(contract: Contract): void {
  const transactions = async (t: ContractCase, ...lines: string[]): Promise<number[]> => {
    const seen: number[] = [];
    await using served = await t.serve({
      onMailFrom({ address }, { transaction }, callback) {
        seen.push(transaction);
        callback(address === 'eve@example.org' ? refusal('No') : null);
      },
    });
    const client = await served.client(EHLO);
    for (const line of lines) {
      if (line === 'MESSAGE') await deliver(client);
      else await client.ask(line);
    }
    return seen;
  };

  contract.test('transaction counts messages', async (t) => {
    expect(await transactions(t, MAIL, RCPT, 'MESSAGE', MAIL, RCPT, 'MESSAGE', MAIL)).toEqual([1, 2, 3]);
  });

  contract.test('transaction does not count what came to no message', async (t) => {
    expect(await transactions(t, MAIL, 'RSET', MAIL, RCPT, EHLO, 'MAIL FROM:<eve@example.org>', MAIL)).toEqual([
      1, 1, 1, 1,
    ]);
  });

  contract.test('transaction counts a message that was refused', async (t) => {
    const seen: number[] = [];
    await using served = await t.serve({
      onMailFrom(_address, { transaction }, callback) {
        seen.push(transaction);
        callback();
      },
      onData(stream, _session, callback) {
        stream.on('end', () => callback(refusal('No'))).resume();
      },
    });
    const client = await served.client(...ENVELOPE);
    await deliver(client);
    await say(client, MAIL);
    expect(seen).toEqual([1, 2]);
  });

  contract.test('transaction is the same for all handlers of a message', async (t) => {
    const seen: number[] = [];
    await using served = await t.serve({
      onMailFrom(_address, { transaction }, callback) {
        seen.push(transaction);
        callback();
      },
      onRcptTo(_address, { transaction }, callback) {
        seen.push(transaction);
        callback();
      },
      onData(stream, { transaction }, callback) {
        seen.push(transaction);
        stream.on('end', () => callback()).resume();
      },
    });
    const client = await served.client(...ENVELOPE);
    await deliver(client);
    await say(client, MAIL, RCPT);
    await deliver(client);
    expect(seen).toEqual([1, 1, 1, 2, 2, 2]);
  });
}
