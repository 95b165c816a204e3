import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { isDomain, isInternationalized, mailboxKey, readForwardPath, readReversePath, type Mailbox } from './path.ts';

/** The address that both commands read, which the grammar makes the same. */
function addressOf(text: string): string | undefined {
  const forward = readForwardPath(text);
  const reverse = readReversePath(text);
  expect(reverse).toEqual(forward);
  return forward?.path.address;
}

describe('a mailbox (RFC 5321 §4.1.2)', () => {
  test.each([
    ['ann@example.org', 'ann', 'example.org'],
    ['Ann.Lee@Example.ORG', 'Ann.Lee', 'Example.ORG'],
    ["!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", 'example.org'],
    ['-@example.org', '-', 'example.org'],
    ['ann@localhost', 'ann', 'localhost'],
    ['ann@1.2.3', 'ann', '1.2.3'],
    ['ann@a--b.xn--bcher-kva.example', 'ann', 'a--b.xn--bcher-kva.example'],
    ['"a b"@example.org', '"a b"', 'example.org'],
    ['"a@b>c"@example.org', '"a@b>c"', 'example.org'],
    ['"a..b."@example.org', '"a..b."', 'example.org'],
    [String.raw`"a\"b\\c\ d"@example.org`, String.raw`"a\"b\\c\ d"`, 'example.org'],
    ['""@example.org', '""', 'example.org'],
    ['ann@[192.0.2.1]', 'ann', '[192.0.2.1]'],
    ['ann@[IPv6:2001:db8::1]', 'ann', '[IPv6:2001:db8::1]'],
    ['ann@[ipv6:::ffff:192.0.2.1]', 'ann', '[ipv6:::ffff:192.0.2.1]'],
    ['ann_lee@example.org', 'ann_lee', 'example.org'],
    ['" "@example.org', '" "', 'example.org'],
    [String.raw`"\""@example.org`, String.raw`"\""`, 'example.org'],
    ['"<>"@example.org', '"<>"', 'example.org'],
  ])('%s', (address, localPart, domain) => {
    expect(readForwardPath(`<${address}>`)).toEqual({ path: { address, localPart, domain }, rest: '' });
    expect(readReversePath(`<${address}>`)).toEqual({ path: { address, localPart, domain }, rest: '' });
  });

  test.each([
    ['no angle brackets', 'ann@example.org'],
    ['half of them', '<ann@example.org'],
    ['the other half', 'ann@example.org>'],
    ['white space within', '< ann@example.org>'],
    ['white space at the end', '<ann@example.org >'],
    ['no domain', '<ann>'],
    ['an empty domain', '<ann@>'],
    ['no local part', '<@example.org>'],
    ['nothing but the sign', '<@>'],
    ['two signs', '<ann@example@org>'],
    ['two dots', '<ann..lee@example.org>'],
    ['a dot first', '<.ann@example.org>'],
    ['a dot last', '<ann.@example.org>'],
    ['a space', '<ann lee@example.org>'],
    ['a control character', '<ann\x01@example.org>'],
    ['a tab in quotes', '<"a\tb"@example.org>'],
    ['DEL in quotes', '<"a\x7fb"@example.org>'],
    ['an open quote', '<"ann@example.org>'],
    ['a quote escaped away', String.raw`<"ann\"@example.org>`],
    ['a quote within', '<a"b@example.org>'],
    ['quotes in part', '<"ann".lee@example.org>'],
    ['a domain with two dots', '<ann@example..org>'],
    ['a domain with a dot first', '<ann@.example.org>'],
    ['a domain with a dot last', '<ann@example.org.>'],
    ['a label that begins with a hyphen', '<ann@-example.org>'],
    ['a label that ends with a hyphen', '<ann@example-.org>'],
    ['an underscore in the domain', '<ann@a_b.example>'],
    ['a label that begins with an underscore', '<ann@_dmarc.example>'],
    ['a space in the domain', '<ann@exam ple.org>'],
    ['an empty literal', '<ann@[]>'],
    ['an open literal', '<ann@[192.0.2.1>'],
    ['a bracket in a literal', '<ann@[a[b]>'],
    ['a backslash in a literal', String.raw`<ann@[a\b]>`],
    ['more after a literal', '<ann@[192.0.2.1].example>'],
    ['a literal that is no IPv4 address', '<ann@[300.1.1.1]>'],
    ['a literal that is no IPv6 address', '<ann@[IPv6:2001:db8]>'],
    ['an IPv6 address without its tag', '<ann@[2001:db8::1]>'],
    ['a literal with a tag that is not registered', '<ann@[x-tag:content]>'],
    ['an address without brackets', '<ann@2001:db8::1>'],
    ['a line feed last', '<ann@example.org>\n'],
    ['a line feed in the domain', '<ann@example.org\n>'],
    ['NUL in quotes', '<"a\0b"@example.org>'],
    ['a line feed escaped in quotes', '<"a\\\nb"@example.org>'],
    ['a control character beyond ASCII', '<a\u0085b@example.org>'],
    ['a control character beyond ASCII in quotes', '<"a\u009fb"@example.org>'],
    ['a comment', '<ann@example.org(ann)>'],
    ['two paths', '<ann@example.org><bob@example.org>'],
    ['parameters without a space', '<ann@example.org>SIZE=1'],
    ['a name before it', 'Ann <ann@example.org>'],
  ])('is not one: %s', (_what, text) => {
    expect(addressOf(text)).toBeUndefined();
  });
});

describe('what follows a path', () => {
  test('are the parameters', () => {
    expect(readForwardPath('<ann@example.org> NOTIFY=NEVER  X=1')?.rest).toBe('NOTIFY=NEVER  X=1');
    expect(readReversePath('<> BODY=8BITMIME')).toEqual({ path: null, rest: 'BODY=8BITMIME' });
    expect(readForwardPath('<Postmaster> X=1')?.rest).toBe('X=1');
  });

  test('begins behind the path, and not behind a > in quotes', () => {
    expect(readForwardPath('<"a> X=1"@example.org> Y=2')).toMatchObject({
      path: { localPart: '"a> X=1"' },
      rest: 'Y=2',
    });
  });
});

describe('the null reverse-path (RFC 5321 §4.5.5)', () => {
  test('is for MAIL', () => {
    expect(readReversePath('<>')).toEqual({ path: null, rest: '' });
  });

  test('and not for RCPT', () => {
    expect(readForwardPath('<>')).toBeUndefined();
  });
});

describe('<postmaster> (RFC 5321 §4.1.1.3)', () => {
  test.each(['postmaster', 'Postmaster', 'POSTMASTER'])('<%s> is a recipient without a domain', (address) => {
    expect(readForwardPath(`<${address}>`)).toEqual({ path: { address, localPart: address, domain: '' }, rest: '' });
  });

  test('is no sender, and nobody else may do without a domain', () => {
    expect(readReversePath('<postmaster>')).toBeUndefined();
    expect(readForwardPath('<postmasters>')).toBeUndefined();
    expect(readForwardPath('<po\u017ftmaster>')).toBeUndefined();
  });

  test('has a domain where it is given one', () => {
    expect(addressOf('<postmaster@example.org>')).toBe('postmaster@example.org');
  });
});

describe('a source route (RFC 5321 §4.1.1.3, appendix C)', () => {
  test('is read and ignored', () => {
    expect(addressOf('<@relay.example:ann@example.org>')).toBe('ann@example.org');
    expect(addressOf('<@one.example,@two.example:"a b"@example.org>')).toBe('"a b"@example.org');
  });

  test.each([
    '<@relay.example>',
    '<@relay.example:>',
    '<@relay.example:ann>',
    '<@relay.example,ann@example.org>',
    '<@one.example,two.example:ann@example.org>',
    '<relay.example:ann@example.org>',
    '<@[192.0.2.1]:ann@example.org>',
    '<@relay.example:<ann@example.org>>',
    '<@relay.example::ann@example.org>',
    '<@relay.example,:ann@example.org>',
    '<@relay.example:@ann@example.org>',
  ])('%s is none', (text) => {
    expect(addressOf(text)).toBeUndefined();
  });
});

describe('UTF-8 (RFC 6531 §3.3)', () => {
  test.each([
    'jörg@example.org',
    'ann@exämple.org',
    '用户@例子.广告',
    '"jörg müller"@example.org',
    'ann@उदाहरण.परीक्षा',
    '\u00a0😀\u202e@example.org',
    // Characters that join letters to labels (RFC 5892 §2.6, §2.8).
    'ann@l·l.example',
    'ann@נ״ש.example',
    'ann@コン・ピュー.example',
    'ann@نامه\u200cای.example',
    'ann@ශ්\u200dරී.example',
  ])('%s', (address) => {
    const { path } = readForwardPath(`<${address}>`)!;
    expect(path.address).toBe(address);
    expect(isInternationalized(path)).toBe(true);
  });

  test.each([
    ['octets that are no UTF-8', '<j\ufffdrg@example.org>'],
    ['such octets in quotes', '<"j\ufffdrg"@example.org>'],
    ['such octets in the domain', '<ann@ex\ufffdmple.org>'],
    ['a space beyond ASCII in the domain', '<ann@exam\u00a0ple.org>'],
    ['a dot beyond ASCII', '<ann@example\u3002org>'],
    ['a symbol in the domain', '<ann@☃.example>'],
    ['a mark first in a label', '<ann@\u0301a.example>'],
    ['a joiner first in a label', '<ann@\u200da.example>'],
    ['what reverses the direction of the domain', '<ann@a\u202eb.example>'],
    ['UTF-8 in a literal', '<ann@[IPv6:\u0662001::1]>'],
    ['UTF-8 escaped in quotes', String.raw`<"\ö"@example.org>`],
  ])('has not: %s', (_what, text) => {
    expect(addressOf(text)).toBeUndefined();
  });

  test('is not what an ASCII address has', () => {
    expect(isInternationalized(readForwardPath('<"~ !"@example.org>')!.path)).toBe(false);
  });
});

describe('lengths in octets (RFC 5321 §4.5.3.1)', () => {
  const label = 'd'.repeat(63);
  /** A domain of so many octets. */
  const domain = (octets: number): string =>
    `${label}.`
      .repeat(4)
      .slice(0, octets - 1)
      .concat('d');

  test.each([
    ['64 of local part', `${'l'.repeat(64)}@example.org`],
    ['64 of local part in UTF-8', `${'ö'.repeat(32)}@example.org`],
    ['256 of path, with its brackets', `l@${domain(252)}`],
    ['63 of a label', `l@${label}.${label}.org`],
    ['63 characters of a label in UTF-8', `l@${'ö'.repeat(63)}.org`],
    ['63 characters of a label beyond the basic plane', `l@${'𐐷'.repeat(60)}.org`],
  ])('%s are taken', (_what, address) => {
    expect(addressOf(`<${address}>`)).toBe(address);
  });

  test.each([
    ['65 of local part', `${'l'.repeat(65)}@example.org`],
    ['66 of local part in UTF-8', `${'ö'.repeat(33)}@example.org`],
    ['66 of local part in characters of three', `${'用'.repeat(22)}@example.org`],
    ['257 of path', `l@${domain(253)}`],
    ['257 of path in UTF-8', `ö@${domain(252)}`],
    ['64 of a label', `l@${label}d.org`],
    ['64 of the last label', `l@a.${label}d`],
    ['64 of the only label', `l@${label}d`],
    ['64 characters of a label in UTF-8', `l@${'ö'.repeat(64)}.org`],
  ])('%s are not', (_what, address) => {
    expect(addressOf(`<${address}>`)).toBeUndefined();
  });
});

test('a source route counts as part of the path (RFC 5321 §4.5.3.1.3)', () => {
  const routed = (name: string): string => `<@${'r.'.repeat(115)}example:${name}@example.org>`;
  expect(routed('ann')).toHaveLength(256);
  expect(addressOf(routed('ann'))).toBe('ann@example.org');
  expect(addressOf(routed('anna'))).toBeUndefined();
});

describe('hostile lines of 16 KiB take no longer than others', () => {
  const long = (part: string): string => part.repeat(Math.floor(16_384 / part.length));

  test.each([
    ['one atom', `<${long('a')}`],
    ['dotted atoms', `<${long('a.')}`],
    ['dots', `<${long('.')}`],
    ['an open quote', `<"${long('a')}`],
    ['an open quote of backslashes', `<"${long('\\\\')}`],
    ['signs', `<${long('@')}`],
    ['labels', `<a@${long('a.')}!`],
    ['one label', `<a@${long('a')}!`],
    ['hyphens', `<a@a${long('-')}!`],
    ['letters and hyphens', `<a@${long('a-')}!`],
    ['an open literal', `<a@[${long('1')}`],
    ['an open route', `<@${long('a,@')}`],
    ['a route without an end', `<@a${long(',@a.a-a')}!`],
    ['a route and no mailbox', `<@a${long(',@a')}:`],
    ['letters beyond ASCII', `<a@${long('ö')}!`],
    ['brackets', `<a${long('> ')}`],
    ['brackets and parameters', `<a>${long(' A=1>')}`],
    ['brackets and parameters that are none in the end', `<a>${long(' A=1>')} =`],
  ])('%s', (_what, text) => {
    const started = performance.now();
    for (let run = 0; run < 5; run++) {
      expect(addressOf(text)).toBeUndefined();
      readForwardPath(text, { lenient: true });
      isDomain(text.slice(1));
    }
    // Measured at a millisecond; a pattern that backtracks too much does not come back at all.
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test('whatever is written between angle brackets, what is read is what was written', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'ö', '1', '-', '.', '@', '"', '\\', '[', ']', ':', ',', '>', '<', ' '),
  });
  holds(
    text,
    (text) => {
      const read = readForwardPath(`<${text}>`);
      if (read === undefined) return;
      const { address, domain, localPart } = read.path;
      expect(address).toBe(`${localPart}@${domain}`);
      expect(`<${text}>`).toContain(`${address}>`);
      expect(readForwardPath(`<${address}>`)).toEqual({ path: read.path, rest: '' });
    },
    1_000,
  );
});

describe('isDomain', () => {
  test.each([
    'example.org',
    'Example.ORG',
    'localhost',
    'a',
    '1.2.3.4',
    'a--b.xn--bcher-kva.example',
    'bücher.example',
    '例子.广告',
    `${'d'.repeat(63)}.org`,
  ])('takes %s', (text) => {
    expect(isDomain(text)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['a dot first', '.example.org'],
    ['a dot last', 'example.org.'],
    ['two dots', 'example..org'],
    ['a hyphen first', '-example.org'],
    ['a hyphen last', 'example-.org'],
    ['a hyphen last of all', 'example.org-'],
    ['white space', 'example.org '],
    ['a line feed last', 'example.org\n'],
    ['an address literal', '[192.0.2.1]'],
    ['an IPv6 address', '2001:db8::1'],
    ['an address', 'ann@example.org'],
    ['a slash', 'example.org/'],
    ['an underscore (RFC 5321 §2.3.5)', 'a_b.example'],
    ['an underscore first', '_dmarc.example'],
    ['octets that are no UTF-8', 'ex\ufffdmple.org'],
    ['a label of 64', `${'d'.repeat(64)}.org`],
    ['256 octets', `${'d'.repeat(62)}.${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(63)}.a`],
  ])('refuses %s', (_what, text) => {
    expect(isDomain(text)).toBe(false);
  });

  test('takes 255 octets', () => {
    expect(isDomain(`${'d'.repeat(63)}.`.repeat(3) + 'd'.repeat(63))).toBe(true);
    expect(isDomain(`${'ö.'.repeat(84)}abc`)).toBe(true);
    expect(isDomain(`${'ö.'.repeat(84)}abcd`)).toBe(false);
  });
});

describe('mailboxKey', () => {
  const keyOf = (address: string): string => mailboxKey(readForwardPath(`<${address}>`, { lenient: true })!.path);

  test.each([
    ['the domain in another case (RFC 5321 §2.4)', 'Ann@example.org', 'Ann@EXAMPLE.Org'],
    ['a literal in another case', 'ann@[IPv6:2001:db8::a]', 'ann@[ipv6:2001:DB8::A]'],
    ['postmaster (RFC 5321 §4.5.1)', 'postmaster@example.org', 'PostMaster@Example.org'],
    ['postmaster without a domain', 'postmaster', 'POSTMASTER'],
    ['quotes (RFC 5321 §4.1.2)', 'ann@example.org', '"ann"@example.org'],
    ['quotes and backslashes', 'ann.lee@example.org', String.raw`"\ann\.l\ee"@example.org`],
    ['a quoted quote', String.raw`"a\"b"@example.org`, String.raw`"\a\"\b"@example.org`],
    ['a quoted backslash', String.raw`"a\\b"@example.org`, String.raw`"\a\\\b"@example.org`],
    ['quoted postmaster', 'postmaster@example.org', '"Post\\master"@example.org'],
    ['ASCII letters beside others', 'ann@bücher.example', 'ann@BüCHER.EXAMPLE'],
    ['a source route', 'ann@example.org', '@relay.example:ann@example.org'],
  ])('is the same: %s', (_what, one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  test.each([
    ['the local part in another case (RFC 5321 §2.4)', 'ann@example.org', 'Ann@example.org'],
    ['another local part', 'ann@example.org', 'anna@example.org'],
    ['another domain', 'ann@example.org', 'ann@example.com'],
    ['no domain', 'postmaster', 'postmaster@example.org'],
    ['a local part that only ends so', 'a.postmaster@example.org', 'a.Postmaster@example.org'],
    ['a quoted space', '" ann"@example.org', 'ann@example.org'],
    ['a backslash', String.raw`"a\\b"@example.org`, '"ab"@example.org'],
    ['a quote alone', '"@example.org', '""@example.org'],
    ['an @ in the local part', '"a@b"@example.org', 'a@example.org'],
    ['a letter that only looks like ASCII', 'po\u017ftmaster@example.org', 'postmaster@example.org'],
    ['a Kelvin sign', 'ann@\u212a.example', 'ann@k.example'],
    ['a U-label and its A-label', 'ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['a U-label in another case', 'ann@bücher.example', 'ann@bÜcher.example'],
  ])('is another: %s', (_what, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  test('is another for whatever else is another', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'A', '@', '"', '\\', '.', ' ') });
    const mailbox = fc.record({
      localPart: part.map((part) => JSON.stringify(part)),
      domain: fc.constantFrom('', 'a', 'b'),
    });
    holds(fc.tuple(mailbox, mailbox), ([one, other]) => {
      const [a, b] = [one, other].map((box): Mailbox => ({ ...box, address: `${box.localPart}@${box.domain}` }));
      expect(mailboxKey(a!) === mailboxKey(b!)).toBe(a!.address === b!.address);
    });
  });
});

describe('a lenient reading', () => {
  const lenient = { lenient: true };

  /** The address that both commands read. */
  function lenientAddressOf(text: string): string | undefined {
    const forward = readForwardPath(text, lenient);
    expect(readReversePath(text, lenient)).toEqual(forward);
    return forward?.path.address;
  }

  test.each([
    ['dots', '.ann..lee.', '.example..org.'],
    ['an underscore in the domain', 'ann', '_dmarc.a_b.example'],
    ['an open quote', '"ann', 'example.org'],
    ['a backslash', String.raw`ann\lee`, 'example.org'],
    ['commas and colons', 'a,b', 'c:d'],
    ['a literal that is none', 'ann', '[300.1.1.1]'],
    ['a hyphen first', 'ann', '-example.org'],
    ['an emoji as a domain', 'ann', '☃.example'],
    ['a long local part', 'l'.repeat(65), 'example.org'],
    ['a long label', 'ann', 'd'.repeat(64)],
    ['1,000 octets, with its brackets', 'ö'.repeat(498), 'd'],
  ])('takes %s', (_what, localPart, domain) => {
    const address = `${localPart}@${domain}`;
    expect(addressOf(`<${address}>`)).toBeUndefined();
    for (const parameters of ['', 'SIZE=1', 'AUTH=<>', 'A=>  B C=1>', 'X=1 =']) {
      const whole = parameters === '' ? `<${address}>` : `<${address}> ${parameters}`;
      expect(readForwardPath(whole, lenient)).toEqual({ path: { address, localPart, domain }, rest: parameters });
      expect(readReversePath(whole, lenient)).toEqual(readForwardPath(whole, lenient));
    }
  });

  test.each([
    ['nothing', ''],
    ['a space', ' '],
    ['no brackets', 'ann@example.org'],
    ['an open bracket', '<'],
    ['half of the brackets', '<a..b@example.org'],
    ['half of them, and parameters', '<a..b@example.org SIZE=1'],
    ['the other half of them', 'a..b@example.org>'],
    ['brackets within', '<a<lee>b@example.org>'],
    ['more brackets', '<<ann@example.org>>'],
    ['a bracket in the domain', '<a..b@exam<ple.org>'],
    ['no sign', '<ann>'],
    ['an empty domain', '<ann@>'],
    ['no local part', '<@example.org>'],
    ['nothing but the sign', '<@>'],
    ['two signs', '<ann@lee@example.org>'],
    ['a route without a mailbox', '<@relay.example:>'],
    ['a space in the local part', '<ann lee@example.org>'],
    ['a space in the domain', '<ann@exam ple.org>'],
    ['a space beyond ASCII', '<ann@exam\u00a0ple.org>'],
    ['a control character', '<ann\x01@example.org>'],
    ['a tab', '<ann\t@example.org>'],
    ['a line feed', '<ann@example.org\n>'],
    ['DEL', '<ann@example.org\x7f>'],
    ['a control character beyond ASCII', '<ann\u0085@example.org>'],
    ['octets that are no UTF-8', '<j\ufffdrg@example.org>'],
    ['parameters without a space', '<a..b@example.org>SIZE=1'],
    ['1,001 octets', `<${'ö'.repeat(498)}l@d>`],
  ])('refuses %s', (_what, text) => {
    expect(lenientAddressOf(text)).toBeUndefined();
  });

  test('leaves the null reverse-path to MAIL, and <postmaster> to RCPT', () => {
    expect(readReversePath('<> SIZE=1', lenient)).toEqual({ path: null, rest: 'SIZE=1' });
    expect(readReversePath('<>SIZE=1', lenient)).toBeUndefined();
    expect(readForwardPath('<>', lenient)).toBeUndefined();
    expect(readForwardPath('<> SIZE=1', lenient)).toBeUndefined();
    expect(readForwardPath('<Postmaster>', lenient)).toEqual(readForwardPath('<Postmaster>'));
    expect(readReversePath('<Postmaster>', lenient)).toBeUndefined();
  });

  test('reads what a strict one reads, and as that does', () => {
    for (const text of ['<@relay.example:ann@example.org>', '<"a> X=1"@example.org> Y=2', '<ann@example.org> =']) {
      expect(readForwardPath(text, lenient)).toEqual(readForwardPath(text));
      expect(readForwardPath(text)).toBeDefined();
    }
    const text = fc.string({
      unit: fc.constantFrom('<', '>', '>', 'a', 'ö', '@', '@', '"', '\\', '.', ' ', 'X=1', '=', ':', '\t', '[', ']'),
    });
    holds(
      text,
      (text) => {
        for (const read of [readForwardPath, readReversePath]) {
          const strict = read(`<${text}`);
          const loose = read(`<${text}`, lenient);
          if (strict !== undefined) expect(loose).toEqual(strict);
          if (loose?.path == null) continue;
          const { address, domain, localPart } = loose.path;
          expect(address).toBe(domain === '' ? localPart : `${localPart}@${domain}`);
          expect(`<${text} `.endsWith(`${address}> ${loose.rest} `) || `<${text}`.endsWith(`${address}>`)).toBe(true);
        }
      },
      1_000,
    );
  });

  test('is asked for', () => {
    expect(readForwardPath('<a..b@example.org>', { lenient: false })).toBeUndefined();
    expect(readReversePath('<a..b@example.org>', {})).toBeUndefined();
  });
});
