import type { Draws } from '../draws.ts'
import type { Pipeline } from './pipeline.ts'
import type { ProgramStep } from './steps/step.ts'

const ELEMENT = {
  numbers: ['n', 'x', 'v', 'num', 'value', 'item', 'k'],
  words: ['w', 'word', 's', 'x', 'item', 'text', 'el'],
}

/** The body of the function, in one of several styles. The comment above it does not determine which. */
export function writeBody(draws: Draws, pipeline: Pipeline, input: string): string {
  const end = draws.pick(['', ';'])
  const styles = [chained, named, ...(canLoop(pipeline) ? [looped, looped] : [])]
  const lines = draws.pick(styles)({ draws, pipeline, input, end })
  return `\n${lines.map((line) => `  ${line}`).join('\n')}\n}`
}

interface Sheet {
  readonly draws: Draws
  readonly pipeline: Pipeline
  readonly input: string
  readonly end: string
}

/** One expression. */
function chained({ draws, pipeline, input, end }: Sheet): string[] {
  let code = input
  for (const step of pipeline.steps) code = apply(draws, step, code)
  const opening = remark(draws, pipeline.steps[0], 0.5)
  if (draws.chance(0.6)) return [...opening, `return ${code}${end}`]
  const result = draws.pick(['result', 'out', 'answer', 'final', 'output'])
  return [...opening, `${draws.pick(['const', 'let'])} ${result} = ${code}${end}`, `return ${result}${end}`]
}

/** A named constant for each step. */
function named({ draws, pipeline, input, end }: Sheet): string[] {
  const keyword = draws.pick(['const', 'let'])
  const lines: string[] = []
  let current = input
  pipeline.steps.forEach((step, index) => {
    lines.push(...remark(draws, step, 0.5))
    const code = apply(draws, step, current)
    if (index === pipeline.steps.length - 1 && draws.chance(0.5)) {
      lines.push(`return ${code}${end}`)
      return
    }
    const free = step.names.filter((name) => name !== current && !lines.some((line) => line.includes(` ${name} =`)))
    current = draws.pick(free.length > 0 ? free : ['result'])
    lines.push(`${keyword} ${current} = ${code}${end}`)
    if (index === pipeline.steps.length - 1) lines.push(`return ${current}${end}`)
  })
  return lines
}

const canLoop = ({ steps }: Pipeline): boolean =>
  steps.every(
    (step, index) =>
      step.shape.kind === 'filter' ||
      step.shape.kind === 'map' ||
      (step.shape.kind === 'fold' && index === steps.length - 1),
  )

/** One loop with early `continue`s and an accumulator. */
function looped({ draws, pipeline, input, end }: Sheet): string[] {
  const fold = pipeline.steps.at(-1)?.shape
  const folds = fold?.kind === 'fold' ? fold.loop : undefined
  const loop = folds ?? {
    names: ['result', 'out', 'list', 'found', 'answer'],
    start: '[]',
    update: (total: string, v: string) => [`${total}.push(${v})`],
  }
  const total = draws.pick(loop.names.filter((name) => name !== input))
  const element = draws.pick(ELEMENT[pipeline.from].filter((name) => name !== input && name !== total))
  const body: string[] = []
  let v = element
  for (const step of pipeline.steps) {
    if (step.shape.kind === 'filter') {
      body.push(...remark(draws, step, 0.5), `if (${draws.pick(step.shape.drop(v))}) continue${end}`)
    } else if (step.shape.kind === 'map') {
      body.push(...remark(draws, step, 0.5))
      const to = draws.pick(step.shape.to(v))
      v = draws.pick(
        step.names.filter(
          (name) => name !== input && name !== total && name !== v && !body.some((line) => line.includes(` ${name} =`)),
        ),
      )
      body.push(`const ${v} = ${to}${end}`)
    } else {
      body.push(...remark(draws, step, 0.5))
    }
  }
  body.push(`${draws.pick(loop.update(total, v))}${end}`)
  return [
    `let ${total} = ${loop.start}${end}`,
    `for (${draws.pick(['const', 'let'])} ${element} of ${input}) {`,
    ...body.map((line) => `  ${line}`),
    '}',
    `return ${total}${end}`,
  ]
}

const remark = (draws: Draws, step: ProgramStep | undefined, probability: number): string[] =>
  step !== undefined && draws.chance(probability) ? [`// ${draws.pick(step.remarks)}`] : []

/** The step applied to an expression, with a callback written one of several ways. */
function apply(draws: Draws, step: ProgramStep, xs: string): string {
  const v = draws.pick(ELEMENT[step.from])
  switch (step.shape.kind) {
    case 'filter':
      return `${xs}.filter(${callback(draws, v, draws.pick(step.shape.keep(v)))})`
    case 'map':
      return `${xs}.map(${callback(draws, v, draws.pick(step.shape.to(v)))})`
    case 'list':
    case 'fold':
      return draws.pick(step.shape.of(xs, draws))
  }
}

const callback = (draws: Draws, v: string, body: string): string =>
  draws.pick([`(${v}) => ${body}`, `${v} => ${body}`, `(${v}) => ${body}`, `function (${v}) { return ${body} }`])
