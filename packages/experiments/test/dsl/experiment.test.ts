import { DsdError } from '@dsd-lab/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  checkDeclaration,
  dsdAdaptive,
  experiment,
  lenience,
  randomRelaxation,
  type Sweep,
  strict,
  sweep,
  task,
} from '../../src/index.ts'

const cluster = { nodes: sweep([2, 4, 8]), compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: sweep([5, 20]) } }
const models = { target: 'bundled:lab-target', draft: 'bundled:lab-draft' }
const tasks = [task('word-problems', { limit: 10 })] as const
const arms = {
  autoregressive: { decode: 'autoregressive' },
  strict: { decode: 'speculative', gamma: sweep([2, 4]), accept: strict() },
  adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: sweep([0.1, 0.2]) }) },
} as const
const declaration = { title: 'A question', models, tasks, cluster, arms, baseline: 'strict' }

describe('types', () => {
  it('an arm that does not exist is no baseline and no model for a control', () => {
    experiment({ title: 'Fine', models, tasks, cluster, arms, baseline: 'adaptive' })
    expect(() =>
      // @ts-expect-error no arm is called adaptve
      experiment({ title: 'A typo', models, tasks, cluster, arms, baseline: 'adaptve' }),
    ).toThrow(DsdError)

    const random = { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) } as const
    experiment({ title: 'Fine', models, tasks, cluster, arms: { ...arms, random }, baseline: 'strict' })
    const lost = { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptve' }) } as const
    expect(() =>
      // @ts-expect-error no arm is called adaptve
      experiment({ title: 'A typo', models, tasks, cluster, arms: { ...arms, lost }, baseline: 'strict' }),
    ).toThrow(DsdError)
  })

  it('a rule takes its own parameters, plain or swept', () => {
    expectTypeOf(sweep([2, 4])).toEqualTypeOf<Sweep<2 | 4>>()
    expectTypeOf(dsdAdaptive).toBeCallableWith({ tau: sweep([0.1, 0.2]), l1: 2 })
    expectTypeOf(lenience).toBeCallableWith({ l: 0.5 })
    // @ts-expect-error the parameter is called tau
    expect(dsdAdaptive({ tua: 0.2 })).toEqual({ name: 'dsd-adaptive', tua: 0.2 })
  })

  it('an arm that drafts needs a window and a rule', () => {
    expect(() =>
      experiment({
        title: 'No window',
        models,
        tasks,
        cluster,
        // @ts-expect-error gamma is missing
        arms: { strict: { decode: 'speculative', accept: strict() } },
        baseline: 'strict',
      }),
    ).toThrow('is missing')
  })
})

describe('what a user gets wrong is answered in one line: where, what, what to do', () => {
  const withChange = (change: object): object => ({ ...declaration, ...change })
  const cases: readonly (readonly [change: object, line: string])[] = [
    [{ baseline: 'strct' }, 'baseline: no arm is called "strct"; did you mean strict?'],
    [{ title: '' }, 'title: "" is not a text; give the question that the experiment answers'],
    [{ cluster: { ...cluster, nodes: 0 } }, 'cluster.nodes: 0 is below 1; choose at least 1 node'],
    [
      { cluster: { ...cluster, nodes: sweep([2, 2.5]) } },
      'cluster.nodes: 2.5 is not a whole number; choose at least 1 node',
    ],
    [{ cluster: { ...cluster, nodes: { sweep: [] } } }, 'cluster.nodes: is empty; give the sweep at least one value'],
    [
      { cluster: { ...cluster, compute: { baseMs: -1, perRowMs: 1 } } },
      'cluster.compute.baseMs: -1 is below 0; choose a value of at least 0',
    ],
    [
      { cluster: { ...cluster, compute: 'mesured' } },
      'cluster.compute: "mesured" is not a compute model; give { baseMs, perRowMs } or \'measured\'',
    ],
    [{ cluster: { ...cluster, lnik: 'lan' } }, 'cluster: there is no field "lnik"; did you mean link?'],
    [{ samplng: {} }, 'there is no field "samplng"; did you mean sampling?'],
    [{ tasks: [] }, "tasks: is empty; give at least one, e.g. task('word-problems')"],
    [
      { tasks: [task('programs', { limit: 1 })] },
      'tasks[0].limit: 1 is below 2; choose at least 2 items: one gives no interval',
    ],
    [
      { tasks: [task('programs'), task('programs', { seed: 2 })] },
      'tasks[1].name: programs is given twice; give every task once, with a larger limit',
    ],
    [{ seeds: [1, 1] }, 'seeds: 1 is given twice; give every seed once'],
    [{ sampling: { temperature: 3 } }, 'sampling.temperature: 3 is above 2; choose a value in [0, 2]'],
    [
      { models: { target: 'bundled:lab-target' } },
      "models.draft: is missing, and arms.strict drafts; name one, e.g. 'bundled:lab-draft'",
    ],
    [
      { arms: { ...arms, strict: { decode: 'greedy' } } },
      'arms.strict: "greedy" is not a way to decode; choose autoregressive or speculative',
    ],
    [
      { arms: { ...arms, strict: { ...arms.strict, gama: 3 } } },
      'arms.strict: there is no field "gama"; did you mean gamma?',
    ],
    [
      { arms: { ...arms, strict: { ...arms.strict, draftAhead: 'sometimes' } } },
      'arms.strict.draftAhead: "sometimes" is neither true nor false; choose true or false',
    ],
    [
      { arms: { ...arms, strict: { ...arms.strict, gamma: sweep([2, 99]) } } },
      "arms.strict.gamma: 99 is above 32; choose a whole number in [1, 32], or 'auto'",
    ],
    [
      {
        arms: {
          ...arms,
          random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptiv' }) },
        },
      },
      'arms.random.accept.matchRateOf: no other arm is called "adaptiv"; did you mean adaptive?',
    ],
    [
      {
        arms: {
          ...arms,
          random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'autoregressive' }) },
        },
      },
      'arms.random.accept.matchRateOf: autoregressive has no rate of its own; name an arm with a relaxed rule',
    ],
    // What is misspelt is told before what is therefore missing, and before mistakes elsewhere.
    [{ live: { cells: 1, promts: 2 }, title: '' }, 'live: there is no field "promts"; did you mean prompts?'],
    [{ live: { cells: 1 } }, 'live.prompts: is missing; choose a whole number of at least 1'],
    [
      { live: { cells: 1, prompts: 1, nodes: ['10.0.0.7'] } },
      'live.nodes[0]: "10.0.0.7" is not an address of a node; give host and port as dsd-node printed them, e.g. \'10.0.0.7:4100\'',
    ],
    [
      { live: { cells: 1, prompts: 1, nodes: ['127.0.0.1:70000'] } },
      'live.nodes[0]: "127.0.0.1:70000" is not an address of a node; give host and port as dsd-node printed them, e.g. \'10.0.0.7:4100\'',
    ],
    [
      { live: { cells: 1, prompts: 1, nodes: ['[::1]:4100', 'localhost:4100', '[::1]:4100'] } },
      'live.nodes[2]: [::1]:4100 is given twice; give every node once',
    ],
    [
      { live: { cells: 1, prompts: 1, nodes: ['127.0.0.1:4100', '10.0.0.7:4100'] } },
      'live.host: is missing, and 10.0.0.7:4100 is another machine; give the address of this machine that the last node brings its verdicts to; a port is opened on it',
    ],
    [
      { live: { cells: 1, prompts: 1, nodes: ['10.0.0.7:4100'], host: '10.0.0.5:4200' } },
      "live.host: \"10.0.0.5:4200\" is not an address of this machine; give it without a port, e.g. '10.0.0.5' or 'fd00::5'",
    ],
    [
      { live: { cells: 1, prompts: 1, links: 'real' } },
      'live.links: is given without nodes; name running nodes in live.nodes, or leave it out',
    ],
    [
      { live: { cells: 1, prompts: 1, nodes: ['127.0.0.1:4100'], links: 'wan' } },
      'live.links: "wan" is not known here; choose one of emulated, real',
    ],
  ]

  it.each(cases.map(([change, line]) => ({ change, line })))('$line', ({ change, line }) => {
    expect(lineOf(() => checkDeclaration(withChange(change)))).toBe(line)
  })

  it('something that is no experiment at all', () => {
    expect(lineOf(() => checkDeclaration(undefined))).toBe(
      'undefined is not an experiment; export default experiment({ ... })',
    )
  })

  it('a right declaration comes back as it was', () => {
    expect(checkDeclaration(declaration)).toEqual(declaration)
  })
})

function lineOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof DsdError) return error.line
    throw error
  }
  return 'nothing was thrown'
}
