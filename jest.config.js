/** Tests sit beside the module they test, or in `test/` where they start something or enumerate. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/learn', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 30_000,
};
