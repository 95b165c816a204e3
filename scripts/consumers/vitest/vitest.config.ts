import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { globalSetup: ['@mailrig/vitest/global-setup'], snapshotSerializers: ['@mailrig/vitest/serializer'] },
});
