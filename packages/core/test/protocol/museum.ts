import { coordinatorGuards } from '../../src/protocol/coordinator-guards.ts'
import { shardGuards } from '../../src/protocol/shard-guards.ts'
import { tailGuards } from '../../src/protocol/tail.ts'
import { sequenceNoise } from '../../src/random/noise.ts'
import { type JudgeRequest, judgeRun } from '../../src/verification/judge-run.ts'
import type { RunVerdict } from '../../src/verification/rule.ts'
import type { Mix } from './world/faults.ts'
import type { Invariant } from './world/watch.ts'
import type { WorldOptions } from './world/world.ts'

/** A bug that somebody shipped, or that a simulation found, put back on purpose. */
export interface Exhibit {
  readonly bug: string
  /** Where it was seen. */
  readonly seen: string
  guards(): NonNullable<WorldOptions['guards']>
  /** Faults under which it shows. */
  readonly mix: Mix
  /** The invariant that has to notice. */
  readonly breaks: Invariant
}

const never = () => false

export const museum: readonly Exhibit[] = [
  {
    bug: 'the correction is dropped whenever a draft was kept',
    seen: 'Petals, speculative_model.py',
    guards: () => ({
      coordinator: {
        ...coordinatorGuards,
        committed: ({ drafted, accepted, next }) => (accepted > 0 ? drafted.slice(0, accepted) : [next]),
      },
    }),
    mix: 'duplicates',
    breaks: 'INV-PROGRESS',
  },
  {
    bug: 'the bonus token comes from the row of the last draft',
    seen: 'BloomBee, spec_decoding_verify.py',
    guards: () => ({ tail: { ...tailGuards, judge: (request) => judgeRun(bonusFromLastDraft(request)) } }),
    mix: 'duplicates',
    breaks: 'INV-OUTPUT',
  },
  {
    bug: 'the cache is rolled back one row too far',
    seen: 'off by one; protocol.md 6.4',
    guards: () => ({ shard: { ...shardGuards, rollbackTo: ({ start }) => Math.max(start - 1, 0) } }),
    mix: 'duplicates',
    breaks: 'INV-OUTPUT',
  },
  {
    bug: 'a verdict is applied to whatever round is open',
    seen: 'counting replies instead of naming rounds; shard, specpipe.py',
    guards: () => ({ coordinator: { ...coordinatorGuards, answersRound: () => true, agrees: () => true } }),
    mix: 'duplicates',
    breaks: 'INV-FRONTIER',
  },
  {
    bug: 'a repeated window is computed and judged again',
    seen: 'found by simulation: the frontier moves back',
    guards: () => ({
      shard: { ...shardGuards, isRepeated: never, isGap: never },
      tail: { ...tailGuards, isJudged: never },
    }),
    mix: 'duplicates',
    breaks: 'INV-DEAD',
  },
  {
    bug: 'rows of discarded windows count as written',
    seen: 'found by simulation: no cut()',
    guards: () => ({ shard: { ...shardGuards, admittedAfterCut: ({ admitted }) => admitted } }),
    mix: 'impatience',
    breaks: 'INV-KV-NOHOLE',
  },
  {
    bug: 'a window is computed past rows that are missing, whatever text they would hold',
    seen: 'SwarmLLM, an estimated prompt length; llama.cpp 26478',
    guards: () => ({ shard: { ...shardGuards, isHole: never, isGap: never, isDiverged: never, isForged: never } }),
    mix: 'loss',
    breaks: 'INV-KV-NOHOLE',
  },
  {
    bug: 'tokens after the end of the text are shown',
    seen: 'SwarmLLM R105',
    guards: () => ({ coordinator: { ...coordinatorGuards, lengthOfText: (tokens) => tokens.length } }),
    mix: 'duplicates',
    breaks: 'INV-EOS',
  },
  {
    bug: 'frames are believed without a checksum',
    seen: 'protocol.md 6.5',
    guards: () => ({ isIntact: () => true }),
    mix: 'corruption',
    breaks: 'INV-OUTPUT',
  },
  {
    bug: 'a coordinator that was replaced is still served',
    seen: 'split brain; protocol.md 1.2',
    guards: () => ({ shard: { ...shardGuards, isZombie: never } }),
    mix: 'zombies',
    breaks: 'INV-ONE-LEDGER',
  },
  {
    bug: 'the tail draws from a generator with a state instead of by position',
    seen: 'shard, Sampler.gen',
    guards: () => ({ tail: { ...tailGuards, judge: withCountedNoise() } }),
    mix: 'coordinatorCrashes',
    breaks: 'INV-NO-RETRACT',
  },
  {
    bug: 'after a rejection the coordinator goes on as if nothing had been rejected',
    seen: 'vLLM 44697, 49355: ranks that never learn the accepted count',
    guards: () => ({ coordinator: { ...coordinatorGuards, opensEpoch: never } }),
    mix: 'duplicates',
    breaks: 'INV-DEAD',
  },
]

function bonusFromLastDraft(request: JudgeRequest): JudgeRequest {
  const { logits, drafted, vocabSize } = request
  if (drafted.length === 0) return request
  const shifted = logits.slice()
  shifted.copyWithin(drafted.length * vocabSize, (drafted.length - 1) * vocabSize, drafted.length * vocabSize)
  return { ...request, logits: shifted }
}

function withCountedNoise(): (request: JudgeRequest) => RunVerdict {
  let drawn = 0
  return (request) => {
    const noise = sequenceNoise({ seed: 1, sequence: 0 })
    return judgeRun({ ...request, noise: { at: () => noise.at(drawn++) } })
  }
}
