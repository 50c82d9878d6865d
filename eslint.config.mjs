import tseslint from 'typescript-eslint';

/** Only `src/client/http.ts` may know axios; see docs/adr. */
const axiosStopsAtHttp = {
  name: 'axios',
  message: 'axios stops at src/client/http.ts: throw one of our own errors from there instead.',
};

const restrict = (options) => ['error', options];

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'node_modules/', '**/node_modules/'] },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.editor.json', './tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-assertions': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-imports': restrict({ paths: [axiosStopsAtHttp] }),
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'no-restricted-imports': restrict({
        paths: [axiosStopsAtHttp, 'node-red'],
        patterns: [{ group: ['**/nodes/**'], message: 'The library knows nothing of the nodes.' }],
      }),
    },
  },
  {
    files: ['src/shared/**/*.ts'],
    rules: {
      'no-restricted-imports': restrict({
        patterns: [{ group: ['node:*', '../*'], message: 'src/shared also runs in the browser.' }],
      }),
    },
  },
  { files: ['src/client/http.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['nodes/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 150 }],
      'no-restricted-imports': restrict({
        paths: [axiosStopsAtHttp],
        patterns: [
          {
            regex: '/src/(?!index\\.js$|shared/)',
            message: 'Nodes reach the library through src/index only.',
          },
        ],
      }),
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
