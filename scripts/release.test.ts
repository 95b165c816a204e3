import { expect, test } from 'vitest';
import { notesOf, readiness, withRelease, type Manifest, type Workspace } from './release/readiness.mjs';

const PACKAGE: Manifest = {
  name: '@mailrig/a',
  version: '1.2.0',
  repository: 'somewhere',
  publishConfig: { access: 'public', provenance: true },
};
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-01-01\n\n- An option.\n\n## 1.1.0 - 2025-12-01\n\n- A fix.\n';
const READY: Workspace = {
  manifests: [PACKAGE, { ...PACKAGE, name: '@mailrig/b' }],
  changelog: CHANGELOG,
  changes: '',
};

test('a clean tree with one version, its notes and all that provenance needs is ready', () => {
  expect(unmet({})).toEqual([]);
});

const AMISS: readonly (readonly [what: string, change: Partial<Workspace>, said: string])[] = [
  ['a changed file', { changes: ' M README.md\n' }, 'commit or undo:\n M README.md'],
  ['two versions', with_({ version: '1.1.0' }), 'there are 1.2.0, 1.1.0: set one with --version'],
  [
    'a package without provenance',
    with_({ publishConfig: { access: 'public' } }),
    '@mailrig/c: publishConfig needs `"access": "public", "provenance": true`',
  ],
  [
    'a package for some only',
    with_({ publishConfig: { access: 'restricted', provenance: true } }),
    '@mailrig/c: publishConfig needs `"access": "public", "provenance": true`',
  ],
];

test.each(AMISS)('%s is amiss, in a rehearsal too', (_what, change, said) => {
  expect(unmet(change)).toEqual([{ problem: said }]);
});

test('a version without a section waits for the release where there are notes', () => {
  const changelog = '## Unreleased\n\n- An option.\n';
  expect(unmet({ changelog })).toEqual([{ problem: 'there is none for 1.2.0: set it with --version', later: true }]);
});

test('a version without notes is amiss', () => {
  expect(unmet({ changelog: '## Unreleased\n' })).toContainEqual({ problem: 'say under Unreleased what is new' });
});

test('a repository that is not named waits for the release', () => {
  const { repository: _repository, ...homeless } = PACKAGE;
  expect(unmet({ manifests: [homeless] })).toEqual([
    { problem: '@mailrig/a: package.json needs `repository`', later: true },
  ]);
});

test('notes are those of their own section', () => {
  expect(notesOf(CHANGELOG, '1.2.0')).toBe('- An option.');
  expect(notesOf(CHANGELOG, '1.1.0')).toBe('- A fix.');
  expect(notesOf(CHANGELOG, '1.2')).toBe('');
  expect(notesOf(CHANGELOG, 'Unreleased')).toBe('');
});

test('a release takes over what is unreleased, and leaves room for more', () => {
  const released = withRelease('# Changelog\n\n## Unreleased\n\n- An option.\n', '1.3.0', '2026-02-01');
  expect(released).toBe('# Changelog\n\n## Unreleased\n\n## 1.3.0 - 2026-02-01\n\n- An option.\n');
});

test('a version that was released is not released again', () => {
  expect(() => withRelease(CHANGELOG, '1.2.0', '2026-02-01')).toThrow('CHANGELOG.md has a section for 1.2.0 already');
});

function with_(change: Partial<Manifest>): Partial<Workspace> {
  return { manifests: [PACKAGE, { ...PACKAGE, name: '@mailrig/c', ...change }] };
}

/** What is not met, without the names of the conditions. */
function unmet(change: Partial<Workspace>) {
  const conditions = readiness({ ...READY, ...change });
  return conditions.filter(({ problem }) => problem !== null).map(({ name: _name, ...rest }) => rest);
}
