// AUTH CRAM-MD5, RFC 2195.
import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { AskedServer } from './asked-server.ts';
import { base64 } from './auth-client.ts';
import { EHLO } from './contract-client.ts';
import type { Contract } from './describe-server-contract.ts';
import type { ServedServer } from './served-server.ts';

export function describeCramMd5({ test }: Contract): void {
  /** Answers the challenge. */
  async function answerChallenge(
    served: ServedServer,
    respond: (challenge: string) => string,
  ): Promise<{ readonly challenge: string; readonly reply: string }> {
    const client = await served.client(EHLO);
    const challenge = Buffer.from((await client.ask('AUTH CRAM-MD5')).slice(4), 'base64').toString();
    return { challenge, reply: await client.ask(base64(respond(challenge))) };
  }

  const digest = (challenge: string, password: string): string =>
    createHmac('md5', password).update(challenge).digest('hex');

  test('CRAM-MD5: onAuth is told the challenge and the response to it', async (t) => {
    await using server = await AskedServer.of(t);
    const { challenge, reply } = await answerChallenge(server.served, (text) => `ann ${digest(text, 'secret')}`);
    expect(reply).toMatch(/^235 /);
    const challengeResponse = digest(challenge, 'secret');
    expect(server.asked).toMatchObject([{ method: 'CRAM-MD5', username: 'ann', challenge, challengeResponse }]);
    expect(server.asked[0]).not.toHaveProperty('password');
  });

  test('CRAM-MD5: validatePassword tells the right password from others', async (t) => {
    const verdicts: boolean[] = [];
    await using server = await AskedServer.of(t, {
      onAuth(auth, _session, callback) {
        for (const password of ['secret', 'Secret', '', 'secret ']) verdicts.push(auth.validatePassword(password));
        callback(null, { user: auth.username });
      },
    });
    await answerChallenge(server.served, (text) => `ann ${digest(text, 'secret')}`);
    expect(verdicts).toEqual([true, false, false, false]);
  });

  test('CRAM-MD5: validatePassword knows UTF-8, and a password longer than the block of MD5', async (t) => {
    const password = 'pässwörd €'.repeat(20);
    await using server = await AskedServer.of(t, {
      onAuth: (auth, _session, callback) =>
        callback(null, auth.validatePassword(password) ? { user: auth.username } : {}),
    });
    const { reply } = await answerChallenge(server.served, (text) => `ann ${digest(text, password)}`);
    expect(reply).toMatch(/^235 /);
  });

  test('CRAM-MD5: a digest in upper case is the same', async (t) => {
    await using server = await AskedServer.of(t, {
      onAuth: (auth, _session, callback) =>
        callback(null, auth.validatePassword('secret') ? { user: auth.username } : {}),
    });
    const { reply } = await answerChallenge(server.served, (text) => `ann ${digest(text, 'secret').toUpperCase()}`);
    expect(reply).toMatch(/^235 /);
  });

  test('CRAM-MD5: validatePassword is false for a response that is no digest', async (t) => {
    await using server = await AskedServer.of(t, {
      onAuth: (auth, _session, callback) =>
        callback(null, auth.validatePassword('secret') ? { user: auth.username } : {}),
    });
    const { reply } = await answerChallenge(server.served, () => 'ann 0123');
    expect(reply).toMatch(/^5\d\d /);
  });

  test('CRAM-MD5: every challenge is another, of the form of RFC 2195, with the name of the server', async (t) => {
    await using server = await AskedServer.of(t, { name: 'mx.example.org' });
    const client = await server.served.client(EHLO);
    const challenges = new Set<string>();
    for (let count = 0; count < 3; count++) {
      const challenge = Buffer.from((await client.ask('AUTH CRAM-MD5')).slice(4), 'base64').toString();
      expect(challenge).toMatch(/^<[^@<>\s]+@mx\.example\.org>$/);
      challenges.add(challenge);
      await client.ask('*');
    }
    expect(challenges.size).toBe(3);
  });

  test('CRAM-MD5: an initial response: 501', async (t) => {
    await using server = await AskedServer.of(t);
    const line = `AUTH CRAM-MD5 ${base64(`ann ${digest('', 'secret')}`)}`;
    expect(await server.answers(line, 'AUTH CRAM-MD5 =', 'NOOP')).toEqual(['501', '501', '250']);
  });

  for (const [what, respond] of [
    ['LF in the username', (text) => `an\nn ${digest(text, 'secret')}`],
    ['nothing', () => ''],
    ['no digest', () => 'ann'],
    ['a third word', (text) => `ann ${digest(text, 'secret')} more`],
  ] as const satisfies readonly (readonly [string, (challenge: string) => string])[]) {
    test(`CRAM-MD5: ${what}: 501, and onAuth is not asked`, async (t) => {
      await using server = await AskedServer.of(t);
      const { reply } = await answerChallenge(server.served, respond);
      expect(reply).toMatch(/^501 /);
      expect(server.asked).toEqual([]);
    });
  }
}
