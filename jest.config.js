/** Run through `node --experimental-vm-modules`: several dependencies are ESM only. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Needs Kafka, Redis, MongoDB and MySQL: .ci/run starts them and says so.
  testPathIgnorePatterns: process.env.TEST_SERVICES ? [] : ['<rootDir>/test/services/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  // For a busy machine with slow disks: what hangs is still found.
  testTimeout: 60_000,
  maxWorkers: 2,
};
