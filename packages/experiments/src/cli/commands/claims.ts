import { DsdError, suggestName } from '@dsd-lab/core'
import { Command } from 'commander'
import type { Claim } from '../../claims/claim.ts'
import { claims } from '../../claims/index.ts'
import { judgeClaims } from '../../claims/judge-claims.ts'
import { EvidenceFolder, evidencePath } from '../../evidence/evidence-folder.ts'
import { claimsMarkdown, claimsText } from '../claims-text.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface ClaimsOptions {
  readonly evidence?: string
  readonly json?: boolean
  readonly markdown?: boolean
}

export function claimsCommand(to: Terminal): Command {
  return new Command('claims')
    .description('judge the claims of the paper from evidence: reproduced, refuted, or not testable here')
    .argument('[claims...]', 'ids of claims; default: all')
    .option('--evidence <folder>', 'where evidence is kept (default: $DSD_EVIDENCE, else evidence/ of the repository)')
    .option('--json', 'print as JSON')
    .option('--markdown', 'print as a Markdown table')
    .action(async (ids: readonly string[], { evidence, json = false, markdown = false }: ClaimsOptions) => {
      const chosen = ids.length === 0 ? claims : ids.map(claimOf)
      const folder = await EvidenceFolder.open(evidencePath(evidence))
      await folder.verify()
      const runs = folder.index.runs.length
      if (runs > 0) to.err.write(`judging ${amount(chosen.length, 'claim')} from ${amount(runs, 'run')} of evidence\n`)
      const judged = await judgeClaims(chosen, (experiment) => folder.runOf(experiment))
      if (json) return printJson(to, judged)
      print(to, markdown ? claimsMarkdown(judged) : claimsText(judged))
    })
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function claimOf(id: string): Claim {
  const claim = claims.find((one) => one.id === id)
  if (claim !== undefined) return claim
  throw new DsdError(`no claim is called ${id}`, {
    kind: 'bad-input',
    fix: suggestName(
      id,
      claims.map((one) => one.id),
    ),
  })
}
