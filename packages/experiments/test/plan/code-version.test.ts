import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { CODE_ROOMS, codeVersion, filesInRooms } from '../../src/plan/code-version.ts'

const packages = fileURLToPath(new URL('../../..', import.meta.url))

/** Where files lie, how they get there, who holds them, and how trouble is told: no token, time or label follows from it. */
const storage = [
  'core/src/errors.ts',
  'node-runtime/src/cache-folder.ts',
  'node-runtime/src/memory-here.ts',
  'node-runtime/src/model-sources/disk.ts',
  'node-runtime/src/model-sources/resolve-model.ts',
  'node-runtime/src/model-sources/size-text.ts',
  'node-runtime/src/process-lock.ts',
  'node-runtime/src/programs/run-command.ts',
  'node-runtime/src/wheels/download-wheel.ts',
  'node-runtime/src/wheels/wheel-archive.ts',
]

/** Time, which is laid on texts afterwards; in the digest of the analysis. */
const time = [
  'core/src/clock/turn.ts',
  'core/src/clock/virtual.ts',
  'core/src/latency-model/check-network.ts',
  'core/src/latency-model/compute.ts',
  'core/src/latency-model/draft-clock.ts',
  'core/src/latency-model/network.ts',
]

/** Labels are made in the same worker processes; in the digest of importance. */
const labels = ['experiments/src/importance/flips/flip-models.ts', 'experiments/src/importance/flips/write-texts.ts']

/** What a digest leaves out though its files import it. */
const EXCEPTIONS: Readonly<Record<keyof typeof CODE_ROOMS, readonly string[]>> = {
  record: [...storage, ...time],
  decode: [
    ...storage,
    ...time,
    ...labels,
    'core/src/latency-model/acceptance.ts',
    'core/src/latency-model/mean-draft.ts',
    'core/src/latency-model/round-timer.ts',
  ],
  // Items, verdicts and scorers are in what is analysed by their content; where a live cell ran is in its result.
  analysis: [
    'core/src/errors.ts',
    ...labels,
    'core/src/clock/turn.ts',
    'core/src/decoding/autoregressive.ts',
    'experiments/src/datasets/index.ts',
    'experiments/src/dsl/host-address.ts',
    'experiments/src/graders/index.ts',
    'experiments/src/graders/python/find-python.ts',
    'experiments/src/importance/named-labels.ts',
    'experiments/src/importance/resolve-scorer.ts',
  ],
  importance: storage,
}

const nameOf = (path: string): string => relative(packages, path).split(sep).join('/')

/** Files that the given ones import by relative path and that are not among them; types decide nothing. */
async function importedOutside(files: readonly string[]): Promise<string[]> {
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  const { metafile } = await build({
    absWorkingDir: packages,
    entryPoints: sources,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: join(dirname(packages), 'nowhere'),
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const inside = new Set(files.map(nameOf))
  const imported = Object.entries(metafile.inputs)
    .filter(([name]) => inside.has(name))
    .flatMap(([, { imports }]) => imports.filter(({ external }) => external !== true).map(({ path }) => path))
  return [...new Set(imported)].filter((path) => !inside.has(path)).sort()
}

describe('the digests of the code', () => {
  it.each(['record', 'decode', 'analysis', 'importance'] as const)(
    '%s takes in every file that one of its files imports, or says why not',
    async (digest) => {
      const files = filesInRooms(CODE_ROOMS[digest]).map(({ path }) => path)
      expect(await importedOutside(files)).toEqual([...EXCEPTIONS[digest]].sort())
    },
  )

  it('name files alike on every system', () => {
    for (const rooms of Object.values(CODE_ROOMS)) {
      expect(filesInRooms(rooms).filter(({ name }) => name.includes('\\'))).toEqual([])
    }
  })

  it('miss no room in silence', () => {
    expect(() => filesInRooms({ '@dsd-lab/core': ['random', 'no-such-room'] })).toThrow(/has no .*no-such-room/)
    expect(codeVersion().record).toMatch(/^[0-9a-f]{16}$/)
  })
})
