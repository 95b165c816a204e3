/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  transform: {},
  setupFilesAfterEnv: ['@mailrig/jest/setup'],
  snapshotSerializers: ['@mailrig/jest/serializer'],
};
