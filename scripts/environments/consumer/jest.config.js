export default { testEnvironment: './jest-environment.js', testMatch: ['**/tests/*.test.mjs'], transform: {} }
