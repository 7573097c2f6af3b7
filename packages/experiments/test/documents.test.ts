import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { linkProfiles } from '@dsd-lab/node-runtime'
import { describe, expect, it } from 'vitest'
import ablation from '../catalog/ablation-adaptive.ts'
import acceptanceByPosition from '../catalog/acceptance-by-position.ts'
import architectures from '../catalog/architectures-and-domains.ts'
import architecturesQwen from '../catalog/architectures-and-domains-qwen.ts'
import architecturesSmollm2 from '../catalog/architectures-and-domains-smollm2.ts'
import baseline from '../catalog/baseline.ts'
import adaptiveGain from '../catalog/claim-adaptive-gain.ts'
import communication from '../catalog/claim-communication.ts'
import costFormula from '../catalog/claim-cost-formula.ts'
import claimSpeedup from '../catalog/claim-speedup.ts'
import draftingAhead from '../catalog/drafting-ahead.ts'
import gsm8kQwen from '../catalog/gsm8k-qwen.ts'
import hostileNetworks from '../catalog/hostile-networks.ts'
import humanevalQwen from '../catalog/humaneval-qwen.ts'
import oracleHeadroom from '../catalog/oracle-headroom.ts'
import overhead from '../catalog/overhead-by-nodes-and-window.ts'
import ruleFrontier from '../catalog/rule-frontier.ts'
import smollm2Chat from '../catalog/smollm2-chat.ts'
import strictVsRelaxed from '../catalog/strict-vs-relaxed-by-token-type.ts'
import strictVsRelaxedQwen from '../catalog/strict-vs-relaxed-by-token-type-qwen.ts'
import myStudy from '../examples/my-study.ts'
import ownDrafter from '../examples/own-drafter.ts'
import ownRule from '../examples/own-rule.ts'
import { studyText } from '../src/cli/commands/init.ts'
import { catalogNames, locateExperiment } from '../src/cli/locate-experiment.ts'
import { task } from '../src/index.ts'
import { makePlan } from '../src/plan/plan.ts'
import { gatherFacts } from '../src/runner/gather-facts.ts'

const text = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

describe('the README', () => {
  it.each(['my-study.ts', 'own-rule.ts', 'own-drafter.ts'])('shows examples/%s as it is', (name) => {
    expect(text('README.md')).toContain(`\`\`\`ts\n${text(`examples/${name}`)}\`\`\``)
  })

  it('exp init writes the first example', () => {
    expect(studyText('my-study')).toBe(text('examples/my-study.ts'))
  })

  it.each(["it's", 'a "study"', 'back\\slash'])('exp init writes a file that parses, whatever the name: %s', (name) => {
    const title = /^ {2}title: (.*),$/m.exec(studyText(name))?.[1] ?? ''
    expect(runInNewContext(title)).toBe(`${name}: how fast is speculative decoding, and does it stay right?`)
  })
})

describe('experiments that ship', () => {
  const catalogue = {
    'ablation-adaptive.ts': ablation,
    'acceptance-by-position.ts': acceptanceByPosition,
    'architectures-and-domains.ts': architectures,
    'baseline.ts': baseline,
    'claim-adaptive-gain.ts': adaptiveGain,
    'claim-communication.ts': communication,
    'claim-cost-formula.ts': costFormula,
    'claim-speedup.ts': claimSpeedup,
    'drafting-ahead.ts': draftingAhead,
    'hostile-networks.ts': hostileNetworks,
    'oracle-headroom.ts': oracleHeadroom,
    'overhead-by-nodes-and-window.ts': overhead,
    'rule-frontier.ts': ruleFrontier,
    'strict-vs-relaxed-by-token-type.ts': strictVsRelaxed,
  }
  /** Their models and data sets are downloads. */
  const withDownloads = {
    'architectures-and-domains-qwen.ts': architecturesQwen,
    'architectures-and-domains-smollm2.ts': architecturesSmollm2,
    'gsm8k-qwen.ts': gsm8kQwen,
    'humaneval-qwen.ts': humanevalQwen,
    'smollm2-chat.ts': smollm2Chat,
    'strict-vs-relaxed-by-token-type-qwen.ts': strictVsRelaxedQwen,
  }

  it('are all in the catalogue, under the names that the README gives', () => {
    expect(catalogNames()).toEqual([...Object.keys(catalogue), ...Object.keys(withDownloads)].sort())
    for (const name of catalogNames()) expect(text('README.md')).toContain(name.replace('.ts', ''))
  })

  it.each([
    ...Object.entries(catalogue),
    ['my-study.ts', myStudy] as const,
    ['own-rule.ts', ownRule] as const,
    ['own-drafter.ts', ownDrafter] as const,
  ])('%s can be planned with the bundled pair', async (name, experiment) => {
    const file = catalogNames().includes(name)
      ? locateExperiment(name)
      : new URL(`../examples/${name}`, import.meta.url).pathname
    const models = { ...experiment.models, engine: 'tfjs-wasm' as const }
    const { facts } = await gatherFacts(file, { ...experiment, models }, 'no-runs-yet')
    const measuredCompute = () => ({ kind: 'measured' as const, baseMs: 1, perRowMs: 0.1, draftStepMs: 0.2 })
    const plan = makePlan(experiment, { ...facts, measuredCompute })
    expect(plan.cells.length).toBeGreaterThanOrEqual(plan.decodings.length)
  })

  it.each(Object.entries(withDownloads))(
    '%s can be planned with other models and another task',
    async (name, experiment) => {
      const { draft } = experiment.models
      const models = {
        target: 'bundled:lab-target',
        ...(draft === undefined ? {} : { draft: typeof draft === 'string' ? 'bundled:lab-draft' : draft }),
      }
      const local = { ...experiment, models, tasks: [task('programs')] as const }
      const { facts } = await gatherFacts(locateExperiment(name), local)
      const measuredCompute = () => ({ kind: 'measured' as const, baseMs: 1, perRowMs: 0.1, draftStepMs: 0.2 })
      expect(makePlan(local, { ...facts, measuredCompute }).cells.length).toBeGreaterThan(0)
    },
  )

  it('a link by name has the numbers of its profile', async () => {
    const { facts } = await gatherFacts(locateExperiment('baseline'), baseline)
    const { conditions } = makePlan(baseline, facts)
    expect(conditions.map(({ id }) => id)).toContain('n4-linkcontinental')
    expect(conditions.find(({ id }) => id === 'n4-linkcontinental')?.link).toEqual(linkProfiles.continental)
  })
})
