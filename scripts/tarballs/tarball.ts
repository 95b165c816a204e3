// A packed package as it is installed: its manifest, its files, and which of them its users can reach.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { LICENSES_FILE } from '../third-party.mjs';

export interface Tarball {
  /** The package's name. */
  readonly name: string;
  readonly manifest: Manifest;
  /** In bytes, compressed. */
  readonly size: number;
  /** Where it is unpacked. */
  readonly directory: string;
  /** By path, relative to `directory`; in bytes. */
  readonly files: ReadonlyMap<string, number>;
}

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly main?: string;
  readonly module?: string;
  readonly types?: string;
  readonly typesVersions?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What people read, and nothing imports. */
const SHOWN = ['LICENSE', 'README.md', 'package.json', `dist/${LICENSES_FILE}`];

/**
 * Unpacks a tarball to where Node would find it.
 *
 * @param modules A `node_modules` folder.
 */
export function unpack(tarball: string, name: string, modules: string): Tarball {
  const directory = join(modules, name);
  mkdirSync(directory, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', directory, '--strip-components=1']);
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const stats = paths.map((path) => [path.replaceAll('\\', '/'), statSync(join(directory, path))] as const);
  const files = stats.filter(([, stat]) => stat.isFile()).map(([path, stat]) => [path, stat.size] as const);
  const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return { name, manifest, size: statSync(tarball).size, directory, files: new Map(files) };
}

/** The files that no entry of the package leads to, by imports, declarations and source maps. */
export function unreachableFiles({ manifest, directory, files }: Tarball): readonly string[] {
  const { exports, main, module, types, typesVersions } = manifest;
  const reached = new Set(SHOWN);
  const found = stringsIn([exports, main, module, types, typesVersions]).map((path) => posix.normalize(path));
  for (const path of found) {
    if (reached.has(path) || !files.has(path)) continue;
    reached.add(path);
    found.push(...referencesOf(path, readFileSync(join(directory, path), 'utf8')));
  }
  return [...files.keys()].filter((path) => !reached.has(path));
}

/**
 * The packages that can be seen to be built into this one, by name: rolldown writes a module's path above it, but where nothing of it stays
 * as it was.
 */
export function builtInPackages({ directory, files }: Tarball): readonly string[] {
  const scripts = [...files.keys()].filter((path) => /\.c?js$/.test(path));
  const found = scripts.flatMap((path) => [...readFileSync(join(directory, path), 'utf8').matchAll(FOREIGN_MODULE)]);
  return [...new Set(found.map(([, name = '']) => name))].sort();
}

const FOREIGN_MODULE = /^\/\/ \S*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+$/gm;

/** What declarations import that does not come with the package. */
export function undeclaredTypes({ manifest, directory, files }: Tarball): readonly string[] {
  const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const declarations = [...files.keys()].filter((path) => /\.d\.c?ts$/.test(path));
  const found = declarations.flatMap((path) => [
    ...readFileSync(join(directory, path), 'utf8').matchAll(FOREIGN_TYPES),
  ]);
  const names = found.map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !installed.includes(name)).sort();
}

const FOREIGN_TYPES = /\b(?:from |import\()["']((?:@[^/"']+\/)?(?!node:)[^./"'][^/"']*)/g;

/** The modules that can be imported, by their full names. */
export function entryNames({ name, manifest }: Tarball): readonly string[] {
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  return entries.map((entry) => posix.join(name, entry));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function referencesOf(path: string, text: string): readonly string[] {
  const imports = text.matchAll(/\b(?:from|import|import\(|require\()\s*(["'])(\.\.?\/[^"'\n]+)\1/g);
  const specifiers = [...imports].map(([, , specifier = '']) => specifier);
  // A declaration names the JavaScript beside which another declaration stands.
  const named = /\.d\.c?ts$/.test(path)
    ? specifiers.map((specifier) => specifier.replace(/\.(c?)js$/, '.d.$1ts'))
    : [...specifiers, ...(/\/\/# sourceMappingURL=(\S+)/.exec(text)?.slice(1) ?? [])];
  return named.map((specifier) => posix.join(posix.dirname(path), specifier));
}
