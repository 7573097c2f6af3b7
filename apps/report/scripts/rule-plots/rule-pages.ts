import { readFile } from 'node:fs/promises'
import { resolveRule } from '@dsd-lab/acceptance'
import type { RuleSpec } from '@dsd-lab/core'
import { drawRegion } from './draw-region.ts'
import { type ShownRule, shownRules } from './shown-rules.ts'

const rulesFolder = new URL('../../../../packages/acceptance/src/rules/', import.meta.url)

/** The files of docs/rules by name: a plot for every rule, and the page that shows them with what stands above each in its source. */
export async function rulePages(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  const sections: string[] = []
  for (const { spec, region, under } of shownRules) {
    const title = `What ${spec.name} accepts; ${under}`
    files.set(`${spec.name}.svg`, drawRegion(region, title))
    const text = docstringOf(await readFile(new URL(`${spec.name}.ts`, rulesFolder), 'utf8'))
    sections.push(`## ${spec.name}\n\n${text}\n\n![${title}](${spec.name}.svg)\n\nPlot: ${under}.`)
  }
  return files.set('README.md', `${opening()}\n${sections.join('\n\n')}\n`)
}

function opening(): string {
  return `# Acceptance rules

Made by \`pnpm --filter @dsd-lab/report rule-plots\` from the rules themselves: the texts stand above each rule in
[packages/acceptance/src/rules](../../packages/acceptance/src/rules), and the plots come from running it. Dark means that a draft there is
always kept, white that it never is, grey that no law lies there.

p and q are the laws of target and drafter after warping, x is the draft, t the target's own choice (a sample of p with keyed Gumbel noise,
at temperature 0 the argmax), u a keyed uniform, z raw logits.

| rule | lossless at temperature 0 | above | travels at temperature 0 | above | drafts | looks ahead |
|---|---|---|---|---|---|---|
${shownRules.map(rowOf).join('\n')}
`
}

function rowOf({ spec }: ShownRule): string {
  const [cold, warm] = [factsAt(spec, 0), factsAt(spec, 1)]
  const either = cold ?? warm
  const travels = (facts: typeof cold): string =>
    facts === undefined ? '' : facts.needs === 'ids' ? 'ids' : 'ids, draft law'
  const lossless = (facts: typeof cold): string => (facts === undefined ? 'not there' : facts.lossless ? 'yes' : 'no')
  const cells = [
    `[\`${spec.name}\`](#${spec.name})`,
    ...[lossless(cold), lossless(warm), travels(cold), travels(warm)],
    warm?.drafting ?? either?.drafting ?? '',
    either?.looksAhead === true ? 'yes' : 'no',
  ]
  return `| ${cells.join(' | ')} |`
}

/** Undefined where a rule does not judge at this temperature. */
function factsAt(spec: RuleSpec, temperature: number) {
  try {
    return resolveRule(spec, { vocabSize: 2, temperature })
  } catch {
    return undefined
  }
}

/** The comment right above the rule, as Markdown: what is indented in it stays a block of code. */
function docstringOf(source: string): string {
  const [, comment = ''] = /\/\*\*\n((?: \*.*\n)+?) \*\/\nexport const/.exec(source) ?? []
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .join('\n')
    .trim()
}
