// The whole workspace's configuration. Vitest 4 no longer looks for this name by itself: pass it with `--config`.
import { defineConfig } from 'vitest/config';

// Packages are tested from their sources, without a build.
const conditions = ['@mailrig/source'];

const unit = (name: string) => ({
  extends: true as const,
  test: { name, include: [`packages/${name}/src/**/*.test.ts`] },
});

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    coverage: { provider: 'v8', include: ['packages/*/src/**'], reporter: ['text', 'json-summary'] },
    projects: [unit('smtp'), unit('fixture'), unit('matchers'), unit('vitest')],
  },
});
