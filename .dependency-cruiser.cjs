/** The walls of the house: imports run core <- acceptance <- node-runtime <- experiments <- report, and never in a circle. */
const below = {
  core: [],
  acceptance: ['core'],
  'node-runtime': ['core', 'acceptance'],
  experiments: ['core', 'acceptance', 'node-runtime'],
}
const packages = Object.keys(below)

const wall = (name) => ({
  name: `wall-${name}`,
  comment: `packages/${name} may import only: ${below[name].join(', ') || 'no other package'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src` },
  to: {
    path: `^(packages/(${packages.filter((other) => other !== name && !below[name].includes(other)).join('|') || 'none'})|apps|bench|training)/`,
  },
})

module.exports = {
  forbidden: [
    ...packages.map(wall),
    {
      name: 'no-cycles',
      comment: 'A cycle cannot be read top to bottom. Types count too: move the shared type to a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'browser-safe',
      comment: 'core and acceptance run in a browser: no Node built-in.',
      severity: 'error',
      from: { path: '^packages/(core|acceptance)/src' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-safe-experiments',
      comment: 'The run schema and the statistics are read by the report in a browser.',
      severity: 'error',
      from: { path: '^packages/experiments/src/(statistics/|store/schema)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'report-reads-runs-only',
      comment:
        'The report draws from run folders: of experiments it may import the run schema and the statistics, nothing else.',
      severity: 'error',
      from: { path: '^apps/report/(src|notebooks)' },
      to: {
        path: '^packages/(node-runtime|experiments)/src',
        pathNot: '^packages/experiments/src/(statistics/|store/schema)',
      },
    },
    {
      name: 'no-test-code-in-source',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src' },
      to: { path: '/test/|vitest|fast-check' },
    },
    {
      name: 'declared-dependencies',
      comment: 'Whatever a package imports stands in its own package.json.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'], couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.js', '.cjs', '.json'],
    },
  },
}
