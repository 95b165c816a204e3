import { expect } from 'vitest';
import { allOf, attempt, attemptAll, codesOf, type Outcome } from './attempt.ts';
import { codeOf, codes, EHLO, MAIL, RCPT } from './contract-client.ts';
import type { Contract, ContractCase } from './describe-server-contract.ts';
import {
  CONTROLS,
  HYPHENATED,
  INVALID,
  LONG_LABELS,
  LONG_LOCAL_PARTS,
  UNQUOTED,
  VALID,
  VALID_QUOTED,
} from './mailboxes.ts';

export function describeAddresses(contract: Contract): void {
  describeSyntax(contract);
  describePaths(contract);
}

function describeSyntax(contract: Contract): void {
  for (const [verb, keyword] of [
    ['MAIL', 'FROM'],
    ['RCPT', 'TO'],
  ] as const) {
    contract.test(`${verb} ${keyword}: in any case, with spaces behind the colon`, async (t) => {
      const lines = [
        `${verb} ${keyword}:<bob@example.org>`,
        `${verb.toLowerCase()} ${keyword.toLowerCase()}:<bob@example.org>`,
        `${verb} ${keyword}: <bob@example.org>`,
        `${verb} ${keyword}:   <bob@example.org>`,
        `${verb} ${keyword}:<bob@example.org>  `,
      ];
      for (const { code, address } of await attemptAll(t, lines)) {
        expect(code).toBe('250');
        expect(address).toMatchObject({ address: 'bob@example.org', args: false });
      }
    });

    contract.test(`${verb} without its ${keyword}, or without a path: 501`, async (t) => {
      const lines = [
        verb,
        `${verb} ${keyword}`,
        `${verb} ${keyword}:`,
        `${verb} <bob@example.org>`,
        `${verb} ${keyword}<bob@example.org>`,
        `${verb} ${keyword === 'TO' ? 'FROM' : 'TO'}:<bob@example.org>`,
        `${verb} ${keyword}: SIZE=1`,
      ];
      expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
    });

    contract.test(`${verb}: something but a space behind the path: 501`, async (t) => {
      const lines = [
        `${verb} ${keyword}:<bob@example.org>x`,
        `${verb} ${keyword}:<bob@example.org>SIZE=1`,
        `${verb} ${keyword}:<bob@example.org>>`,
        `${verb} ${keyword}:<<bob@example.org>>`,
        `${verb} ${keyword}:Bob <bob@example.org>`,
      ];
      expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
    });

    contract.test(`${verb}: a space before the colon: 501 (RFC 5321 §3.3)`, async (t) => {
      expect((await attempt(t, `${verb} ${keyword} :<bob@example.org>`)).code).toBe('501');
    });

    contract.test(`${verb}: a tab before parameters: 501 (RFC 5321 §4.1.2)`, async (t) => {
      const parameter = verb === 'MAIL' ? 'SIZE=1' : 'NOTIFY=NEVER';
      expect((await attempt(t, `${verb} ${keyword}:<bob@example.org>\t${parameter}`)).code).toBe('501');
    });

    contract.test(`${verb} that is refused calls no handler, and opens nothing`, async (t) => {
      const [{ code, address } = { code: '', address: undefined }] = await attemptAll(t, [`${verb} ${keyword}:<bob`]);
      expect(code).toBe('501');
      expect(address).toBeUndefined();
    });
  }

  contract.test('a MAIL that is refused may be repeated', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO);
    expect(await codes(client, 'MAIL FROM:<ann', RCPT, MAIL)).toEqual(['501', '503', '250']);
  });

  contract.test('a RCPT that is refused leaves the transaction open', async (t) => {
    await using served = await t.serve();
    const client = await served.client(EHLO, MAIL);
    expect(await codes(client, 'RCPT TO:<bob', 'DATA', RCPT, 'DATA')).toEqual(['501', '503', '250', '354']);
  });
}

function describePaths(contract: Contract): void {
  for (const verb of ['MAIL FROM', 'RCPT TO']) {
    const attemptMailboxes = (t: ContractCase, mailboxes: readonly string[]): Promise<Outcome[]> =>
      attemptAll(
        t,
        mailboxes.map((mailbox) => `${verb}:<${mailbox}>`),
      );

    for (const [what, mailboxes] of [
      ['mailboxes reach the handler as they were given', VALID],
      ['a quoted local part may have spaces, @, > and dots (RFC 5321 §4.1.2)', VALID_QUOTED],
    ] as const) {
      contract.test(`${verb}: ${what}`, async (t) => {
        const outcomes = await attemptMailboxes(t, mailboxes);
        expect(outcomes.map(({ address }) => address?.address)).toEqual(mailboxes);
        expect(codesOf(outcomes)).toEqual(allOf('250', mailboxes));
      });
    }

    for (const [what, mailboxes] of [
      ['what is no mailbox', INVALID],
      ['controls in a mailbox', CONTROLS],
      ['specials outside of quotes (RFC 5321 §4.1.2)', UNQUOTED],
      ['a domain that begins with a hyphen (RFC 5321 §4.1.2)', HYPHENATED],
      ['a label of more than 63 octets (RFC 1035 §2.3.4)', LONG_LABELS],
      ['a local part of more than 64 octets (RFC 5321 §4.5.3.1.1)', LONG_LOCAL_PARTS],
    ] as const) {
      contract.test(`${verb}: ${what}: 501`, async (t) => {
        expect(codesOf(await attemptMailboxes(t, mailboxes))).toEqual(allOf('501', mailboxes));
      });
    }

    contract.test(`${verb}: the angle brackets are needed`, async (t) => {
      const lines = [`${verb}:bob@example.org`, `${verb}:<bob@example.org`, `${verb}:bob@example.org>`];
      expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
    });

    contract.test(`${verb}: a source route is taken and ignored (RFC 5321 appendix C)`, async (t) => {
      const outcomes = await attemptAll(t, [
        `${verb}:<@a.example:bob@example.org>`,
        `${verb}:<@a.example,@b.example:bob@example.org>`,
      ]);
      expect(outcomes.map(({ address }) => address?.address)).toEqual(['bob@example.org', 'bob@example.org']);
    });

    contract.test(`${verb}: a source route needs a mailbox`, async (t) => {
      const lines = [`${verb}:<@a.example:>`, `${verb}:<@a.example>`, `${verb}:<@a.example,bob@example.org>`];
      expect(codesOf(await attemptAll(t, lines))).toEqual(allOf('501', lines));
    });
  }

  contract.test('MAIL FROM:<> is the null reverse-path', async (t) => {
    expect(await attempt(t, 'MAIL FROM:<>')).toMatchObject({ code: '250', address: { address: '', args: false } });
  });

  contract.test('MAIL FROM:<> may have parameters', async (t) => {
    expect(await attempt(t, 'MAIL FROM:<> SIZE=10')).toMatchObject({
      code: '250',
      address: { address: '', args: { SIZE: '10' } },
    });
  });

  contract.test('RCPT TO:<> gets 501', async (t) => {
    expect(codesOf(await attemptAll(t, ['RCPT TO:<>', 'RCPT TO:< >', 'MAIL FROM:< >']))).toEqual(['501', '501', '501']);
  });

  contract.test('RCPT TO:<postmaster> needs no domain (RFC 5321 §4.5.1), MAIL FROM does', async (t) => {
    const outcomes = await attemptAll(t, ['RCPT TO:<postmaster>', 'RCPT TO:<PostMaster>', 'MAIL FROM:<postmaster>']);
    expect(codesOf(outcomes)).toEqual(['250', '250', '501']);
    expect(outcomes[0]?.address?.address.toLowerCase()).toBe('postmaster');
  });

  contract.test('with SMTPUTF8 an address may be international (RFC 6531 §3.3)', async (t) => {
    const outcomes = await attemptAll(t, [
      'MAIL FROM:<bücher@example.org> SMTPUTF8',
      'MAIL FROM:<bob@bücher.example> SMTPUTF8',
    ]);
    expect(outcomes.map(({ code, address }) => [code, address?.address])).toEqual([
      ['250', 'bücher@example.org'],
      ['250', 'bob@bücher.example'],
    ]);
  });

  contract.test('with SMTPUTF8 a recipient may be international', async (t) => {
    const recipients: string[] = [];
    await using served = await t.serve({
      onRcptTo({ address }, _session, callback) {
        recipients.push(address);
        callback();
      },
    });
    const client = await served.client(EHLO, 'MAIL FROM:<ann@example.org> SMTPUTF8');
    client.send(Buffer.from('RCPT TO:<bücher@bücher.example>\r\n'));
    expect(codeOf(await client.reply())).toBe('250');
    expect(recipients).toEqual(['bücher@bücher.example']);
  });

  contract.test(
    'without SMTPUTF8 an international address is not allowed: MAIL 550, RCPT 553 (RFC 6531 §3.5)',
    async (t) => {
      const lines = [
        'MAIL FROM:<bücher@example.org>',
        'MAIL FROM:<bob@bücher.example>',
        'RCPT TO:<bücher@example.org>',
      ];
      expect(codesOf(await attemptAll(t, lines))).toEqual(['550', '550', '553']);
    },
  );

  contract.test('a domain in punycode reaches the handler in Unicode', async (t) => {
    const outcomes = await attemptAll(t, [
      'MAIL FROM:<bob@xn--bcher-kva.example>',
      'RCPT TO:<bob@xn--bcher-kva.example>',
    ]);
    expect(outcomes.map(({ address }) => address?.address)).toEqual(['bob@bücher.example', 'bob@bücher.example']);
  });
}
