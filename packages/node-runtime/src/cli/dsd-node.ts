#!/usr/bin/env node
import { endWithParent } from './parent-watch.ts'

// Before anything heavy is loaded: a parent may die while its nodes start.
endWithParent()
const { NODE_HELP, parseNodeArguments } = await import('./node-arguments.ts')
const { failureReport } = await import('./node-report.ts')

/** Ends only when the text is out: a pipe may take it later. */
const written = (stream: NodeJS.WriteStream, text: string) =>
  new Promise<void>((done) => stream.write(text, () => done()))

try {
  const options = parseNodeArguments(process.argv.slice(2))
  if (options === undefined) {
    await written(process.stdout, NODE_HELP)
    process.exit(0)
  }
  const report =
    options.mode === 'measure'
      ? await (await import('./measure-speed.ts')).measureSpeed(options)
      : await (await import('./run-node.ts')).runNode(options)
  await written(process.stdout, `${JSON.stringify(report)}\n`)
  if (report.event === 'measured') process.exit(0)
} catch (error) {
  const { DsdError } = await import('@dsd-lab/core')
  const known = error instanceof DsdError
  // A parent reads the reason from the same channel as `ready`.
  if (process.channel !== undefined) await written(process.stdout, `${JSON.stringify(failureReport(error))}\n`)
  await written(process.stderr, `dsd-node: ${known ? error.line : String(error)}\n`)
  process.exit(known ? error.exitCode : 1)
}
