import { expect, it } from 'vitest'
import { resultText } from '../../src/cli/result-text.ts'
import { type LiveResult, liveResultSchema } from '../../src/store/schema.ts'
import { manifest as study, summary } from '../summary/three-arms.ts'

const cell = study.cells.find(({ id }) => id === 'strict-far')
const manifest = { ...study, live: ['strict-far', 'loose-far'] }

const liveResult = (changes: Partial<LiveResult>): LiveResult =>
  liveResultSchema.parse({
    schema: 1,
    cell,
    clock: 'live',
    items: [],
    identical: true,
    firstDifference: null,
    links: [{ link: 'node 0 to node 1', declaredMs: 20, measuredMs: 20.86, offMs: 0.12, toleranceMs: 1 }],
    measuredCompute: { baseMs: 1, perRowMs: 0, draftStepMs: 1 },
    predictedMs: 1000,
    measuredMs: 1490,
    ...changes,
  })

it('a live cell that took half as long again as predicted is pointed at, with what does that', () => {
  const shown = resultText({ manifest, summary, live: [liveResult({}), liveResult({ measuredMs: 1050 })] })
  expect(shown).toMatch(/strict, sums, 4 nodes, 20 ms +identical +1490 \/ 1000 +1\.49 ! /)
  expect(shown).toMatch(/1050 \/ 1000 +1\.05 {2}/)
  expect(shown).toContain('! 1 of 2 took more than 1.10 of the predicted time: a machine that is busy')
})

it('a link is shown by what the self-check refuses, beside what it allows', () => {
  expect(resultText({ manifest, summary, live: [liveResult({})] })).toContain('0.12 ms off (1.00 allowed)')
  const links = [{ link: 'node 0 to node 1', declaredMs: 20, measuredMs: 20.86 }]
  expect(resultText({ manifest, summary, live: [liveResult({ links })] })).toContain('medians 0.86 ms apart')
})

it('ids that part are told where, and cells that were not run are counted', () => {
  const firstDifference = { item: 'sums/3', position: 7, marginNats: 0.002 }
  const shown = resultText({ manifest, summary, live: [liveResult({ identical: false, firstDifference })] })
  expect(shown).toContain('part at token 7 of sums/3, margin 0.002 nats')
  expect(shown).toContain('1 of 2 live cells not run yet')
})

it('nodes that were running already are named, and a real network is shown by what it takes', () => {
  const nodes = [{ address: '10.0.0.7:4100', layers: { from: 0, to: 8 }, engine: 'onnx', precision: 'as-stored' }]
  const links = [{ link: 'coordinator -> node 0', declaredMs: 20, measuredMs: 31.25 }]
  const asked = (more: object) => ({ ...manifest, experiment: { live: { nodes: ['10.0.0.7:4100'], ...more } } })
  const over = { links: 'real', nodes } as const
  const real = resultText({ manifest: asked({ links: 'real' }), summary, live: [liveResult({ links, over })] })
  expect(real).toContain('live, over nodes at 10.0.0.7:4100 with the real network between them')
  expect(real).toMatch(/1\.49 +31\.25 ms, declared 20\.00/)
  expect(real).not.toContain('a machine that is busy')
  const shown = { manifest: asked({}), summary }
  const emulated = resultText({ ...shown, live: [liveResult({ over: { links: 'emulated', nodes } })] })
  expect(emulated).toContain('live, over nodes at 10.0.0.7:4100 with emulated links between them')
  expect(emulated).toContain('a machine that is busy')
  expect(resultText({ ...shown, live: [] })).toContain('live, over nodes at 10.0.0.7:4100 with emulated links')
})

it('a run that asked for no live cells says nothing of them', () => {
  expect(resultText({ manifest: study, summary, live: [] })).not.toContain('live')
})
