// Whether the workspace is ready to be released, as far as its files say.

/**
 * @typedef {object} Workspace
 * @property {readonly Manifest[]} manifests Of the packages that are published.
 * @property {string} changelog
 * @property {string} changes What `git status --porcelain` says.
 */

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {unknown} [repository]
 * @property {{ access?: unknown, provenance?: unknown }} [publishConfig]
 */

/**
 * @typedef {object} Condition
 * @property {string} name
 * @property {string | null} problem What to do about it; `null` where it is met.
 * @property {boolean} [later] It need not be met by a rehearsal.
 */

/**
 * @param {Workspace} workspace
 * @returns {readonly Condition[]}
 */
export function readiness({ manifests, changelog, changes }) {
  const versions = [...new Set(manifests.map(({ version }) => version))];
  const unpublishable = manifests.filter(
    ({ publishConfig }) => publishConfig?.access !== 'public' || publishConfig.provenance !== true,
  );
  const homeless = manifests.filter(({ repository }) => repository === undefined);
  const unnamed = versions.filter((version) => notesOf(changelog, version) === '');
  return [
    { name: 'the tree is clean', problem: changes.trim() === '' ? null : `commit or undo:\n${changes.trimEnd()}` },
    {
      name: 'all packages have one version',
      problem: versions.length === 1 ? null : `there are ${versions.join(', ')}: set one with --version`,
    },
    {
      name: 'packages are published for everybody, with provenance',
      problem: complaint(unpublishable, 'publishConfig needs `"access": "public", "provenance": true`'),
    },
    {
      name: 'CHANGELOG.md has notes',
      problem:
        unnamed.length === 0 || notesOf(changelog, 'Unreleased') !== '' ? null : 'say under Unreleased what is new',
    },
    {
      name: 'CHANGELOG.md has a section for the version',
      problem: unnamed.length === 0 ? null : `there is none for ${unnamed.join(', ')}: set it with --version`,
      later: true,
    },
    {
      name: 'packages name their repository, which provenance is held against',
      problem: complaint(homeless, 'package.json needs `repository`'),
      later: true,
    },
  ];
}

/**
 * What a section of a changelog says.
 *
 * @param {string} changelog
 * @param {string} version Or `Unreleased`.
 * @returns {string} Empty where there is no such section, or nothing in it.
 */
export function notesOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => /^\S*/.exec(text)?.[0] === version) ?? '';
  return section.split('\n').slice(1).join('\n').trim();
}

/**
 * The changelog with what is unreleased under a version.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} date
 * @throws {Error} Where it is there already.
 */
export function withRelease(changelog, version, date) {
  if (notesOf(changelog, version) !== '') throw new Error(`CHANGELOG.md has a section for ${version} already`);
  return changelog.replace(/^## Unreleased$/m, `$&\n\n## ${version} - ${date}`);
}

/**
 * @param {readonly Manifest[]} manifests
 * @param {string} remedy
 */
function complaint(manifests, remedy) {
  return manifests.length === 0 ? null : `${manifests.map(({ name }) => name).join(', ')}: ${remedy}`;
}
