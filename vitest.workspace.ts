// The whole workspace's configuration. Vitest 4 no longer looks for this name by itself: pass it with `--config`.
import { defineConfig } from 'vitest/config';

// Packages are tested from their sources, without a build.
const conditions = ['@mailrig/source'];

const project = (name: string, include: string) => ({ extends: true as const, test: { name, include: [include] } });
const unit = (name: string) => project(name, `packages/${name}/src/**/*.test.ts`);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      exclude: ['**/{testing,contract}/**'],
      reporter: ['text', 'json-summary'],
    },
    projects: [
      unit('smtp'),
      unit('fixture'),
      unit('matchers'),
      unit('vitest'),
      unit('playwright'),
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['packages/*/src/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
      project('scripts', 'scripts/{,bench/**/}*.test.ts'),
      project('docs', 'scripts/docs/*.test.ts'),
    ],
  },
});
