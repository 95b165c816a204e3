import { expect } from 'vitest';
import { allOf, attemptAll, codesOf } from './attempt.ts';
import type { Contract } from './describe-server-contract.ts';
import { CONTROLS, VALID } from './mailboxes.ts';

export function describeLenientAddresses(contract: Contract): void {
  const lenient = { lenientAddressParsing: true };
  const TAKEN = [
    ...VALID,
    '.bob@example.org',
    'bob.@example.org',
    'bob..b@example.org',
    'bob@example..org',
    'bob@example.org.',
    'bob@example-.org',
    'bob@exam_ple.org',
    'bob@[300.0.0.1]',
    'bob@[::1]',
    'bob(b)@example.org',
    '"b..b"@example.org',
    `${'b'.repeat(300)}@example.org`,
  ];
  const REFUSED = ['bob', '@example.org', 'bob@', 'bob@@example.org', 'bob b@example.org', ...CONTROLS];

  for (const verb of ['MAIL FROM', 'RCPT TO']) {
    contract.test(`lenientAddressParsing: ${verb} takes almost any address`, async (t) => {
      const outcomes = await attemptAll(
        t,
        TAKEN.map((address) => `${verb}:<${address}>`),
        lenient,
      );
      expect(outcomes.map(({ address }) => address?.address)).toEqual(TAKEN);
    });

    contract.test(
      `lenientAddressParsing: ${verb} still wants something, @ and something, without spaces`,
      async (t) => {
        expect(
          codesOf(
            await attemptAll(
              t,
              REFUSED.map((address) => `${verb}:<${address}>`),
              lenient,
            ),
          ),
        ).toEqual(allOf('501', REFUSED));
      },
    );
  }

  contract.test('lenientAddressParsing: the frame stays strict', async (t) => {
    const lines = [
      'MAIL FROM:bob@example.org',
      'MAIL FROM:<bob@example.org',
      'MAIL FROM:<<bob@example.org>>',
      'MAIL FROM:<bob@example.org>x',
      'RCPT TO:<>',
    ];
    expect(codesOf(await attemptAll(t, lines, lenient))).toEqual(allOf('501', lines));
  });

  contract.test('lenientAddressParsing: the null reverse-path, postmaster and parameters are as ever', async (t) => {
    expect(
      await attemptAll(t, ['MAIL FROM:<>', 'RCPT TO:<postmaster>', 'MAIL FROM:<a..b@example.org> SIZE=1'], lenient),
    ).toMatchObject([
      { code: '250', address: { address: '' } },
      { code: '250', address: { address: 'postmaster' } },
      { code: '250', address: { address: 'a..b@example.org', args: { SIZE: '1' } } },
    ]);
  });
}
