import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { policyWith } from '../../testing/policy.ts';
import { ScramClient } from '../../testing/scram-client.ts';
import { ask, proposalFor } from '../../testing/session-steps.ts';
import { surroundingsWith } from '../../testing/surroundings.ts';
import { reply } from '../../wire/reply.ts';
import type { SessionPolicy } from '../policy.ts';
import type { AuthProposal } from '../proposal.ts';
import { cramMd5 } from '../sasl/cram-md5.ts';
import { external } from '../sasl/external.ts';
import type { SaslMechanism } from '../sasl/mechanism.ts';
import { oauthbearer } from '../sasl/oauthbearer.ts';
import { plain } from '../sasl/plain.ts';
import { scramSha256Plus } from '../sasl/scram-sha-256-plus.ts';
import { scramSha256 } from '../sasl/scram-sha-256.ts';
import { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { proposeSuccess } from './auth.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const decoded = (line: string | undefined): string => Buffer.from(line ?? '', 'base64').toString();

const wrong = reply(535, '5.7.8', 'Wrong');
const welcome = reply(235, '2.7.0', 'Welcome');

/** RFC 4505, as the interface's documentation has it. */
const anonymous: SaslMechanism = {
  name: 'ANONYMOUS',
  begin: () => ({
    next(response) {
      if (response === undefined) return { challenge: '' };
      const username = `anonymous ${response.toString('utf8')}`;
      return { credentials: { mechanism: 'ANONYMOUS', username, authorizationIdentity: '', secret: '' } };
    },
  }),
};

/** What is not quite SASL: a challenge in octets, and data with success that has them too. */
const xyzzy: SaslMechanism = {
  name: 'X-YZZY',
  begin: ({ serverName }) => ({
    next(response) {
      if (response === undefined) return { challenge: Buffer.from([0, 0xff]) };
      const credentials = { mechanism: 'X-YZZY', username: serverName, authorizationIdentity: '', secret: '' };
      return { credentials, success: () => 'grüße' };
    },
  }),
};

const policy = policyWith({
  mechanisms: [plain, cramMd5, oauthbearer, external, scramSha256, scramSha256Plus, anonymous, xyzzy],
  // X-YZZY works, and is not listed.
  advertisedMechanisms: ['PLAIN', 'CRAM-MD5', 'OAUTHBEARER', 'EXTERNAL', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'],
});

/** A session that awaits AUTH. */
function sessionWith(surroundings: Partial<Surroundings> = {}, changes: Partial<SessionPolicy> = {}): Session {
  const session = new Session({ ...policy, ...changes }, surroundingsWith(surroundings));
  session.commit(session.proposeGreeting(), reply(220, null, 'mail.example'));
  ask(session, 'EHLO client.example');
  return session;
}

/** The proposal that has the credentials. */
function judgedBy(session: Session, line: string): AuthProposal {
  const proposal = proposalFor(session, line);
  if (proposal.step !== 'auth' || proposal.refused || proposal.credentials === undefined)
    throw new Error(`No credentials: ${proposal.reply.code}`);
  return proposal;
}

/** A session in which a client of SCRAM has had its proof verified, and what is to come. */
function verifiedSession(): { session: Session; client: ScramClient; proposal: AuthProposal } {
  const session = sessionWith();
  const client = new ScramClient();
  const [serverFirst] = ask(session, `AUTH SCRAM-SHA-256 ${base64(client.first)}`).lines;
  const proposal = judgedBy(session, base64(client.final(decoded(serverFirst))));
  expect(proposal.credentials!.verify!('pencil')).toBe(true);
  return { session, client, proposal };
}

describe('AUTH is refused', () => {
  const credentials = base64('\0ann\0secret');

  test.each<[string, number, readonly string[], Partial<SessionPolicy>]>([
    ['where there is no mechanism', 502, [], { mechanisms: [], advertisedMechanisms: [] }],
    ['in a transaction', 503, ['MAIL FROM:<ann@example.org>'], {}],
    ['to who is known already', 503, [`AUTH PLAIN ${credentials}`], {}],
    ['before a STARTTLS that is required', 530, [], { startTls: 'required' }],
    ['in clear text where there is TLS', 538, [], { startTls: 'available' }],
  ])('%s: %i', (_when, code, before, changes) => {
    const session = sessionWith({}, changes);
    for (const line of before) ask(session, line);
    expect(ask(session, `AUTH PLAIN ${credentials}`).code).toBe(code);
  });

  test('before EHLO: 503', () => {
    const session = new Session(policy, surroundingsWith());
    session.commit(session.proposeGreeting(), reply(220, null, 'mail.example'));
    expect(ask(session, `AUTH PLAIN ${credentials}`).code).toBe(503);
  });

  test.each([
    ['AUTH', 501, '5.5.4'],
    [`AUTH PLAIN ${credentials} again`, 501, '5.5.4'],
    ['AUTH PLAIN *', 501, '5.7.0'],
    ['AUTH PLAIN =', 501, '5.5.2'],
    ['AUTH PLAIN ==', 501, '5.5.2'],
    [`AUTH PLAIN ${credentials.slice(1)}`, 501, '5.5.2'],
    ['AUTH GSSAPI', 504, '5.5.4'],
    [`AUTH ${credentials}`, 504, '5.5.4'],
  ])('%s: %i %s', (line, code, enhanced) => {
    const session = sessionWith();
    expect(ask(session, line)).toMatchObject({ code, enhanced });
    expect([session.phase, session.username]).toEqual(['mail', null]);
  });

  test('and what may be a secret in the place of a mechanism is not told', () => {
    expect(proposalFor(sessionWith(), `AUTH ${credentials}`)).toMatchObject({ mechanism: '' });
    expect(proposalFor(sessionWith(), 'AUTH gssapi')).toMatchObject({ mechanism: 'GSSAPI' });
  });
});

describe('data with success (RFC 4954 §4)', () => {
  test('travels as a challenge; the acceptance follows the client’s empty line, and nobody is asked again', () => {
    const { client, proposal, session } = verifiedSession();
    const further = proposeSuccess(proposal, welcome)!;
    expect(further).toMatchObject({ step: 'auth', refused: false, reply: { code: 334 } });
    expect(further.credentials).toBeUndefined();
    expect(client.trusts(decoded(further.reply.lines[0]))).toBe(true);
    session.commit(further, further.reply);
    expect([session.expects, session.username]).toEqual(['credentials', null]);
    const last = judgedBy(session, '');
    expect(last).toMatchObject({ reply: welcome, judged: true, credentials: proposal.credentials });
    expect(proposeSuccess(last, welcome)).toBeUndefined();
    session.commit(last, last.reply);
    expect([session.phase, session.username]).toEqual(['mail', 'ann']);
  });

  test.each([
    ['anything else', base64('thanks'), '5.5.2'],
    ['a lone =', '=', '5.5.2'],
    ['what is no base64', '?', '5.5.2'],
    ['a cancellation', '*', '5.7.0'],
  ])('%s in the place of the empty line ends the exchange with 501', (_what, line, enhanced) => {
    const { proposal, session } = verifiedSession();
    const further = proposeSuccess(proposal, welcome)!;
    session.commit(further, further.reply);
    expect(ask(session, line)).toMatchObject({ code: 501, enhanced });
    expect([session.phase, session.username]).toEqual(['mail', null]);
  });

  test('is not made for credentials that are refused', () => {
    const { proposal } = verifiedSession();
    expect(proposeSuccess(proposal, wrong)).toBeUndefined();
    expect(proposeSuccess(proposal, reply(334, null, ''))).toBeUndefined();
  });

  test('is not made in the middle of an exchange', () => {
    const challenge = proposalFor(sessionWith(), 'AUTH PLAIN') as AuthProposal;
    expect(proposeSuccess(challenge, welcome)).toBeUndefined();
  });

  test('is not there in most mechanisms', () => {
    const proposal = judgedBy(sessionWith(), `AUTH PLAIN ${base64('\0ann\0secret')}`);
    expect(proposal).not.toHaveProperty('success');
    expect(proposeSuccess(proposal, welcome)).toBeUndefined();
  });

  test('that can’t be made is an error', () => {
    const session = sessionWith();
    const client = new ScramClient();
    const [serverFirst] = ask(session, `AUTH SCRAM-SHA-256 ${base64(client.first)}`).lines;
    const proposal = judgedBy(session, base64(client.final(decoded(serverFirst))));
    expect(() => proposeSuccess(proposal, welcome)).toThrow(
      expect.objectContaining({ code: 'ERR_MAILRIG_SCRAM_UNVERIFIED' }),
    );
  });
});

describe('a mechanism that is not available now', () => {
  test.each(['EXTERNAL', 'EXTERNAL =', 'SCRAM-SHA-256-PLUS', 'external'])('AUTH %s earns 504', (rest) => {
    const session = sessionWith();
    expect(ask(session, `AUTH ${rest}`)).toMatchObject({ code: 504, enhanced: '5.5.4' });
    expect(session.phase).toBe('mail');
  });

  test('is taken where it is available', () => {
    const session = sessionWith({ secure: true, clientIdentity: 'ann', channelBinding: () => Buffer.from('data') });
    expect(ask(session, 'AUTH SCRAM-SHA-256-PLUS').code).toBe(334);
    expect(ask(session, '*').code).toBe(501);
    expect(ask(session, 'AUTH EXTERNAL =').code).toBe(235);
    expect(session.username).toBe('ann');
  });
});

describe('an exchange', () => {
  test('CRAM-MD5', () => {
    const session = sessionWith();
    const { code, lines } = ask(session, 'AUTH CRAM-MD5');
    expect([code, decoded(lines[0])]).toEqual([334, expect.stringMatching(/^<.*@mail\.example>$/)]);
    const digest = createHmac('md5', 'secret').update(decoded(lines[0])).digest('hex');
    const proposal = judgedBy(session, base64(`ann ${digest}`));
    expect(proposal.credentials!.verify!('secret')).toBe(true);
    session.commit(proposal, proposal.reply);
    expect(session.username).toBe('ann');
  });

  test('CRAM-MD5 takes no initial response (RFC 4954 §4)', () => {
    const session = sessionWith();
    for (const response of ['=', base64('ann b913a602c7eda7a495b4e6e7334d3890')])
      expect(ask(session, `AUTH CRAM-MD5 ${response}`)).toMatchObject({ code: 501, enhanced: '5.5.2' });
    expect(session.phase).toBe('mail');
  });

  test('EXTERNAL with an empty response, at once and after a challenge', () => {
    for (const lines of [['AUTH EXTERNAL ='], ['AUTH EXTERNAL', '']]) {
      const session = sessionWith({ clientIdentity: 'ann' });
      const replies = lines.map((line) => ask(session, line));
      expect(replies.at(-1)!.code).toBe(235);
      expect(session.username).toBe('ann');
    }
  });

  test('OAUTHBEARER that the handler refuses with a challenge (RFC 7628 §3.2.3)', () => {
    const session = sessionWith();
    const token = base64('n,a=ann@example.org,\x01auth=Bearer token\x01\x01');
    ask(session, `AUTH OAUTHBEARER ${token}`, reply(334, null, base64('{"status":"invalid_token"}')));
    expect(ask(session, 'AQ==')).toMatchObject({ code: 535, enhanced: '5.7.8' });
    expect(session.username).toBeNull();
  });

  test('OAUTHBEARER that fails before', () => {
    const session = sessionWith();
    const { code, lines } = ask(session, `AUTH OAUTHBEARER ${base64('n,,\x01auth=\x01\x01')}`);
    expect([code, decoded(lines[0])]).toEqual([334, '{"status":"invalid_token"}']);
    expect(ask(session, 'AQ==').code).toBe(535);
  });

  test('SCRAM that is refused in the middle', () => {
    const session = sessionWith();
    const client = new ScramClient();
    const [serverFirst] = ask(session, `AUTH SCRAM-SHA-256 ${base64(client.first)}`).lines;
    expect(ask(session, base64(client.final(decoded(serverFirst), { r: 'nonce' })))).toMatchObject({ code: 535 });
    expect(session.phase).toBe('mail');
  });

  test('of a mechanism of one’s own', () => {
    const session = sessionWith();
    expect(ask(session, 'AUTH ANONYMOUS')).toEqual(reply(334, null, ''));
    expect(ask(session, base64('sirhc')).code).toBe(235);
    expect(session.username).toBe('anonymous sirhc');
  });

  test('with octets in a challenge and UTF-8 with success, of a mechanism that is not listed', () => {
    const session = sessionWith();
    expect(ask(session, 'AUTH x-yzzy')).toEqual(reply(334, null, 'AP8='));
    const proposal = judgedBy(session, '');
    expect(proposal.credentials!.username).toBe('mail.example');
    expect(decoded(proposeSuccess(proposal, welcome)!.reply.lines[0])).toBe('grüße');
  });
});
