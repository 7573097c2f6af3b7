import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spansOf } from '../src/figures/round-spans.ts'

const ms = fc.integer({ min: 1, max: 400 }).map((value) => value / 8)
const rounds = fc.integer({ min: 1, max: 8 }).chain((nodes) => {
  const perNode = fc.array(ms, { minLength: nodes, maxLength: nodes })
  return fc.record({
    startMs: ms,
    draftMs: ms,
    computeMs: perNode,
    queueMs: perNode,
    linkMs: perNode,
    returnMs: ms,
    committed: fc.constant(1),
    carriesText: fc.constant(false),
  })
})

test('the spans of a round follow each other without a gap, from the draft to the verdict at the coordinator', () => {
  fc.assert(
    fc.property(rounds, (parts) => {
      const sum = [parts.draftMs, parts.returnMs, ...parts.computeMs, ...parts.queueMs, ...parts.linkMs].reduce(
        (a, b) => a + b,
        0,
      )
      const spans = spansOf({ ...parts, totalMs: sum }, 0)
      expect(spans[0]?.fromMs).toBe(parts.startMs)
      expect(spans.at(-1)?.toMs).toBe(parts.startMs + sum)
      expect(spans.at(-1)?.toStation).toBe(0)
      for (const [index, span] of spans.slice(1).entries()) {
        expect(span.fromMs).toBe(spans[index]?.toMs)
        expect(span.station).toBe(spans[index]?.toStation)
      }
    }),
    { seed: 7 },
  )
})
