// What nobody should send: each line of it earns one reply, and nothing throws, hangs, or changes what it should not.
import { afterEach, describe, expect, test } from 'vitest';
import { xclient, xforward } from '../../session/extensions/xclient.ts';
import type { Credentials } from '../../session/sasl/mechanism.ts';
import { expectNoneEscaped } from '../../testing/escaped-errors.ts';
import { policyWith } from '../../testing/policy.ts';
import { SteppedRig, type SteppedClient } from '../../testing/stepped-rig.ts';
import * as replies from '../../wire/replies.ts';

expectNoneEscaped();

const prototype = Object.getOwnPropertyDescriptors(Object.prototype);
afterEach(() => {
  expect(Object.getOwnPropertyDescriptors(Object.prototype)).toEqual(prototype);
});

/** A line, and the code of the one reply that it earns. */
type Odd = readonly [line: string, code: number];

const { extensions } = policyWith();
const everything = { extensions: [...extensions, xclient(true), xforward(true)], maxRecipients: 3 } as const;
const credentials: Credentials[] = [];
const start = (commandLineLimit = 16_384): Promise<SteppedRig> =>
  SteppedRig.start(
    everything,
    { auth: (it) => (credentials.push(it), replies.authenticationFailed) },
    { commandLineLimit },
  );

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const base64 = (text: string): string => latin1(text).toString('base64');

/** In this order, in one session: had a line two replies, or none, the next would be amiss. */
async function expectOneReplyEach({ client }: SteppedClient, lines: readonly Odd[]): Promise<void> {
  for (const [line, code] of lines) {
    client.send(latin1(`${line}\r\nNOOP\r\n`));
    expect([line.slice(0, 100), ...(await client.codes(2))]).toEqual([line.slice(0, 100), code, 250]);
  }
}

async function expectOneReplyAndEnd(it: SteppedRig, [line, code]: Odd): Promise<void> {
  const { client, session } = await it.clientIn('data');
  client.send(latin1(`${line}\r\nMAIL FROM:<mallory@example.org>\r\nQUIT\r\n`));
  expect([line.slice(0, 100), await client.codesToEnd()]).toEqual([line.slice(0, 100), [code]]);
  await session.ended;
  expect(session.closings).toEqual(['server']);
}

/** Control characters, and octets that are no UTF-8 (RFC 3629 §3). */
const OCTETS = [
  '\0',
  '\x01',
  '\x1b[31m',
  '\x7f',
  '\xff',
  '\xc3',
  '\xc0\xaf',
  '\xe2\x82',
  '\xed\xa0\x80',
  '\xf4\x90\x80\x80',
];

describe.each(OCTETS)('the octets %j', (octets) => {
  test('in a command earn it one reply', async () => {
    await using it = await start();
    // RFC 3629 §3: what begins so is ASCII; nothing else here is UTF-8.
    const isText = octets <= '\x7f';
    await expectOneReplyEach(await it.clientIn('mail'), [
      [octets, 500],
      [`NO${octets}OP`, 500],
      [`NOOP${octets}`, 500],
      [`${octets}NOOP`, 500],
      [`EHLO cli${octets}ent`, 501],
      [`HELO ${octets}`, 501],
      [`LHLO ${octets}`, 500],
      [`MAIL ${octets}`, 501],
      [`MAIL FROM:${octets}<ann@example.org>`, 501],
      [`MAIL FROM:<an${octets}n@example.org>`, 501],
      [`MAIL FROM:<"an${octets}n"@example.org>`, 501],
      [`MAIL FROM:<ann@exam${octets}ple.org>`, 501],
      [`MAIL FROM:<ann@[192.0.2.1${octets}]>`, 501],
      [`MAIL FROM:<ann@example.org>${octets}`, 501],
      [`MAIL FROM:<ann@example.org> ${octets}`, 501],
      [`MAIL FROM:<ann@example.org> AUTH=${octets}`, 501],
      [`MAIL FROM:<> ENVID=a${octets}`, 501],
      ['MAIL FROM:<ann@example.org>', 250],
      [`RCPT TO:<bo${octets}b@example.com>`, 501],
      [`RCPT TO:<bob@example.com> ORCPT=rfc822;${octets}`, 501],
      [`RCPT TO:<bob@example.com> ${octets}=1`, 501],
      ['RCPT TO:<bob@example.com>', 250],
      [`DATA ${octets}`, 501],
      [`RSET ${octets}`, 501],
      ['RSET', 250],
      [`NOOP ${octets}`, 250],
      [`HELP ${octets}`, 214],
      [`VRFY ${octets}`, 252],
      [`EXPN ${octets}`, 502],
      [`QUIT ${octets}`, 501],
      [`STARTTLS ${octets}`, 501],
      [`AUTH ${octets}`, 504],
      [`AUTH PLAIN ${octets}`, 501],
      [`AUTH PLAIN ${base64(`\0an${octets}n\0secret`)}`, 501],
      [`AUTH PLAIN ${base64(`\0ann\0secret${octets}`)}`, isText && octets !== '\0' ? 535 : 501],
      [`XFORWARD ${octets}=1`, 501],
      [`XFORWARD IDENT=${octets}`, 501],
      [`XCLIENT NAME=${octets}`, 501],
      [`XCLIENT ADDR=192.0.2.1${octets}`, 501],
    ]);
    await expectOneReplyAndEnd(it, [`BDAT ${octets}`, 501]);
    await expectOneReplyAndEnd(it, [`BDAT 4${octets}`, 501]);
    expect(it.sessions.failures).toEqual([]);
  });
});

const NAMES = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'prototype'];

describe.each(NAMES)('the name %s', (name) => {
  test('is a name like any other, and no command, mechanism, parameter or attribute', async () => {
    await using it = await start();
    const stepped = await it.clientIn('mail');
    const { session: state } = stepped.session.connection;
    // Keywords of parameters have no underscore (RFC 5321 §4.1.2).
    const asKeyword = name.includes('_') ? 501 : 555;
    await expectOneReplyEach(stepped, [
      [name, 500],
      [`${name} ${name}`, 500],
      [`EHLO ${name}`, 250],
      [`AUTH ${name}`, 504],
      [`AUTH ${name} ${base64(`\0${name}\0${name}`)}`, 504],
      [`MAIL FROM:<ann@example.org> ${name}`, asKeyword],
      [`MAIL FROM:<ann@example.org> ${name}=${name}`, asKeyword],
      [`MAIL FROM:<ann@example.org> BODY=${name}`, 501],
      [`MAIL FROM:<ann@example.org> SIZE=${name}`, 501],
      [`XFORWARD ${name}=1`, 501],
      [`XFORWARD IDENT=${name}`, 250],
      [`XCLIENT ${name}=1`, 501],
      [`MAIL FROM:<${name}@example.org> AUTH=${name} ENVID=${name}`, 250],
      [`RCPT TO:<bob@example.com> ${name}=1`, asKeyword],
      [`RCPT TO:<bob@example.com> NOTIFY=${name}`, 501],
      [`RCPT TO:<${name}@example.com> ORCPT=rfc822;${name}`, 250],
    ]);
    expect(state.hello?.name).toBe(name);
    expect(state.transaction).toMatchObject({
      reversePath: { localPart: name },
      parameters: { AUTH: name, ENVID: name },
      recipients: [{ forwardPath: { localPart: name }, parameters: { ORCPT: `rfc822;${name}` } }],
    });
    expect(it.sessions.failures).toEqual([]);
  });

  test('is a user like any other', async () => {
    await using it = await start();
    const stepped = await it.clientIn('mail');
    credentials.length = 0;
    await expectOneReplyEach(stepped, [[`AUTH PLAIN ${base64(`${name}\0${name}\0${name}`)}`, 535]]);
    expect(credentials).toEqual([{ mechanism: 'PLAIN', username: name, authorizationIdentity: name, secret: name }]);
    await expectOneReplyEach(stepped, [[`XCLIENT LOGIN=${name} HELO=${name}`, 220]]);
  });
});

describe('much of one thing', () => {
  const MANY = 5_000;
  const hops = Array.from({ length: MANY }, (_hop, index) => `@h${index}.example`).join(',');

  test('earns one reply', async () => {
    await using it = await start(1_000_000);
    const stepped = await it.clientIn('mail');
    await expectOneReplyEach(stepped, [
      [' '.repeat(10_000), 500],
      ['\t'.repeat(10_000), 500],
      [`NOOP${' '.repeat(10_000)}`, 250],
      [`NOOP${'\t'.repeat(10_000)}`, 250],
      [`${' '.repeat(10_000)}NOOP`, 500],
      [`EHLO${' '.repeat(10_000)}client.example`, 250],
      [`EHLO ${'x '.repeat(10_000)}`, 501],
      [`EHLO a${'\t'.repeat(10_000)}b`, 501],
      [`AUTH${' '.repeat(10_000)}PLAIN${' '.repeat(10_000)}=`, 501],
      [`AUTH PLAIN ${'A'.repeat(40_000)}`, 501],
      [`AUTH ${'A'.repeat(10_000)}`, 504],
      [`MAIL FROM:<${'a'.repeat(10_000)}>`, 501],
      [`MAIL FROM:<${'a'.repeat(10_000)}@example.org>`, 501],
      [`MAIL FROM:<ann@${'a'.repeat(10_000)}>`, 501],
      [`MAIL FROM:<ann@${'a.'.repeat(10_000)}example>`, 501],
      [`MAIL FROM:<ann@${'a-'.repeat(10_000)}>`, 501],
      [`MAIL FROM:<ann@[IPv6:${':0'.repeat(10_000)}]>`, 501],
      [`MAIL FROM:<${'\xc3\xa9'.repeat(10_000)}@example.org>`, 501],
      [`MAIL FROM:<"${'a'.repeat(10_000)}`, 501],
      [`MAIL FROM:<"${'\\'.repeat(10_000)}`, 501],
      [`MAIL FROM:<"${'\\"'.repeat(10_000)}@example.org>`, 501],
      [`MAIL FROM:${'<'.repeat(10_000)}ann@example.org${'>'.repeat(10_000)}`, 501],
      [`MAIL FROM:<${'('.repeat(10_000)}ann@example.org>`, 501],
      [`MAIL FROM:<${hops}:ann@example.org>`, 501],
      [`MAIL FROM:<${hops}`, 501],
      [`MAIL FROM:<ann@example.org> ${'SIZE=1 '.repeat(MANY)}`, 501],
      [`MAIL FROM:<ann@example.org> ${Array.from({ length: MANY }, (_word, index) => `P${index}=1`).join(' ')}`, 555],
      [`MAIL FROM:<ann@example.org> ${'='.repeat(MANY)}`, 501],
      [`MAIL FROM:<ann@example.org> SIZE=${'9'.repeat(MANY)}`, 501],
      [`MAIL FROM:<ann@example.org> ENVID=${'+41'.repeat(MANY)}`, 501],
      [`MAIL FROM:<ann@example.org>${'\t'.repeat(MANY)}SIZE=1`, 501],
      [`XFORWARD ${'IDENT=x '.repeat(MANY)}`, 250],
      [`XFORWARD ${'X=x '.repeat(MANY)}`, 501],
      [`XFORWARD NAME=${'a.'.repeat(MANY)}!`, 501],
      [`MAIL${' '.repeat(10_000)}FROM:${' '.repeat(10_000)}<ann@example.org>${' '.repeat(10_000)}SIZE=1`, 250],
      [`RCPT TO:<${hops}:bob@example.com>`, 501],
      [`RCPT TO:<bob@example.com> NOTIFY=${'SUCCESS,'.repeat(MANY)}`, 501],
      [`RCPT TO:<bob@example.com> NOTIFY=${'SUCCESS,'.repeat(MANY)}DELAY`, 250],
      ['RCPT TO:<@a.example,@b.example:bob@example.com>', 250],
    ]);
    const { recipients } = stepped.session.connection.session.transaction!;
    expect(recipients.map(({ forwardPath }) => forwardPath.address)).toEqual(['bob@example.com', 'bob@example.com']);
    await expectOneReplyAndEnd(it, [`BDAT ${'9'.repeat(MANY)}`, 501]);
    expect(it.sessions.failures).toEqual([]);
  });

  test('earns a line one reply up to the limit, and ends the session beyond', async () => {
    await using it = await start(1_000);
    for (const octet of ['x', '\0', '\xff', ' ', 'é']) {
      const line = octet.repeat(1_000);
      await expectOneReplyEach(await it.clientIn('mail'), [[line, 500]]);
      await expectOneReplyAndEnd(it, [`${line}${octet}`, 421]);
    }
  });
});
