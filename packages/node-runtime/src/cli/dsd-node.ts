#!/usr/bin/env node
import { endWithParent } from './parent-watch.ts'

// Before anything heavy is loaded: a parent may die while its nodes start.
endWithParent()
const { NODE_HELP, parseNodeArguments } = await import('./node-arguments.ts')
const { failureReport } = await import('./node-report.ts')

try {
  const options = parseNodeArguments(process.argv.slice(2))
  if (options === undefined) {
    process.stdout.write(NODE_HELP)
    process.exit(0)
  }
  const report =
    options.mode === 'measure'
      ? await (await import('./measure-speed.ts')).measureSpeed(options)
      : await (await import('./run-node.ts')).runNode(options)
  process.stdout.write(`${JSON.stringify(report)}\n`)
  if (report.event === 'measured') process.exit(0)
} catch (error) {
  const { DsdError } = await import('@dsd-lab/core')
  const known = error instanceof DsdError
  // A parent reads the reason from the same channel as `ready`.
  if (process.channel !== undefined) process.stdout.write(`${JSON.stringify(failureReport(error))}\n`)
  process.stderr.write(`dsd-node: ${known ? error.line : String(error)}\n`)
  process.exit(known ? error.exitCode : 1)
}
