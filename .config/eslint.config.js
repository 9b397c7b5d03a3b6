// Lint of the whole repository: types, docs of every export, and imports that point downwards only.
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

/** The engine's rooms and the other rooms, lowest first: a room may import from those before it. */
const engineRooms = ['progress', 'dataflow', 'transport', 'runtime', 'migration', 'planning'];
const outerRooms = ['workloads', 'experiments', 'plots'];
/** The rooms of experiments/, lowest first. */
const experimentRooms = ['load', 'stats', 'config', 'results', 'claims', 'metrics', 'report', 'run', 'rate', 'cli'];

const above = (rooms, room) => rooms.slice(rooms.indexOf(room) + 1);

/** What a room outside of the engine may not import. */
const aboveOuter = (room) => ['**/engine/**', ...above(outerRooms, room).map((higher) => `**/../${higher}/**`)];

const downwards = (files, forbidden, message) => ({
  files,
  ignores: ['**/tests/**'],
  rules: {
    'no-restricted-imports': ['error', { patterns: forbidden.length === 0 ? [] : [{ group: forbidden, message }] }],
  },
});

export default tseslint.config(
  { ignores: ['node_modules/', 'results/', '**/dist/', 'docs/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { jsdoc },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './plots/report/browser/tsconfig.json', './plots/live/browser/tsconfig.json'],
        tsconfigRootDir: `${import.meta.dirname}/..`,
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An import of types alone leaves nothing at run time: otherwise it would still load the module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/tests/**'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ClassDeclaration: true, MethodDefinition: true },
          contexts: [
            'ExportNamedDeclaration > TSInterfaceDeclaration',
            'ExportNamedDeclaration > TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
            'ExportNamedDeclaration > TSInterfaceDeclaration > TSInterfaceBody > TSMethodSignature',
            'ExportNamedDeclaration > TSInterfaceDeclaration > TSInterfaceBody > TSPropertySignature',
          ],
          checkConstructors: false,
          checkGetters: true,
        },
      ],
      'jsdoc/require-description': ['error', { contexts: ['any'] }],
    },
  },
  {
    files: ['engine/**/*.ts', 'workloads/**/*.ts'],
    ignores: ['**/tests/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ForOfStatement[right.name='arrivals'], ForOfStatement[right.property.name='arrivals']",
          message:
            'Loop over arrivals by index: loops over records inside of a for-of take twice as long (CONTRIBUTING.md).',
        },
      ],
    },
  },
  ...engineRooms.map((room) =>
    downwards(
      [`engine/${room}/**/*.ts`],
      [
        ...above(engineRooms, room).map((higher) => `**/${higher}/**`),
        'megaphone-engine',
        'megaphone-engine/*',
        ...outerRooms.map((outer) => `**/${outer}/**`),
      ],
      'Imports point downwards only (progress <- dataflow <- transport <- runtime <- migration <- planning).',
    ),
  ),
  ...outerRooms.map((room) =>
    downwards(
      [`${room}/**/*.ts`],
      aboveOuter(room),
      'Imports point downwards only, and the engine is imported by its name (megaphone-engine).',
    ),
  ),
  ...experimentRooms.map((room) =>
    downwards(
      [`experiments/${room}/**/*.ts`],
      [...aboveOuter('experiments'), ...above(experimentRooms, room).map((higher) => `**/../${higher}/**`)],
      `Imports point downwards only (${experimentRooms.join(' <- ')}), and the engine is imported by its name (megaphone-engine).`,
    ),
  ),
  {
    files: ['experiments/cli/**/*.ts', 'experiments/bench/**/*.ts', 'plots/draw*.ts', 'experiments/run/run-process.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/tests/**/*.ts'],
    rules: {
      // node:test's describe and it return promises that the runner itself awaits
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
);
