// A run of its own, for what only a runner can show: reports, global setups and serializers of a configuration.
import { defineConfig } from 'vitest/config';
import type { TestCase } from 'vitest/node';

const conditions = ['@mailrig/source'];

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['*.ts'],
    exclude: ['vitest.config.ts'],
    globalSetup: ['../../global-setup.ts'],
    snapshotSerializers: ['../../serializer.ts'],
    reporters: ['default', { onTestCaseResult: print }],
  },
});

/** A line for each test. */
function print(test: TestCase): void {
  const { state, errors = [] } = test.result();
  const messages = errors.map(({ message }) => message);
  const result = { name: test.name, state, errors: messages, annotations: test.annotations() };
  process.stdout.write(`RESULT ${JSON.stringify(result)}\n`);
}
