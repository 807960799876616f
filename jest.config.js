/** Run through `node --experimental-vm-modules`: several dependencies are ESM only. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: [
    // Needs Kafka, Redis, MongoDB and MySQL: .ci/run starts them and says so.
    ...(process.env.TEST_SERVICES ? [] : ['<rootDir>/test/services/']),
    // Needs Chromium.
    ...(process.env.TEST_BROWSER ? [] : ['<rootDir>/test/browser/']),
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  // For a busy machine with slow disks: what hangs is still found.
  testTimeout: 60_000,
  maxWorkers: 2,
};
