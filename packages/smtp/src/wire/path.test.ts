import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holds } from '../testing/holds.ts';
import { isInternationalized, readForwardPath, readReversePath } from './path.ts';

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
    ['ann@[x-tag:content]', 'ann', '[x-tag:content]'],
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
    ['a space in the domain', '<ann@exam ple.org>'],
    ['an empty literal', '<ann@[]>'],
    ['an open literal', '<ann@[192.0.2.1>'],
    ['a bracket in a literal', '<ann@[a[b]>'],
    ['a backslash in a literal', String.raw`<ann@[a\b]>`],
    ['more after a literal', '<ann@[192.0.2.1].example>'],
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
  ])('%s', (address) => {
    const { path } = readForwardPath(`<${address}>`)!;
    expect(path.address).toBe(address);
    expect(isInternationalized(path)).toBe(true);
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
  ])('%s are taken', (_what, address) => {
    expect(addressOf(`<${address}>`)).toBe(address);
  });

  test.each([
    ['65 of local part', `${'l'.repeat(65)}@example.org`],
    ['66 of local part in UTF-8', `${'ö'.repeat(33)}@example.org`],
    ['257 of path', `l@${domain(253)}`],
  ])('%s are not', (_what, address) => {
    expect(addressOf(`<${address}>`)).toBeUndefined();
  });
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
  ])('%s', (_what, text) => {
    const started = performance.now();
    for (let run = 0; run < 5; run++) expect(addressOf(text)).toBeUndefined();
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
