#!/usr/bin/env node
import { nodeVersionProblem } from './node-version.ts'

// Nothing else is loaded before the version is known to do: newer syntax would fail with a stack instead of a line.
const problem = nodeVersionProblem(process.versions.node)
if (problem === undefined) {
  const { runCommand } = await import('./program.ts')
  process.exitCode = await runCommand(process.argv.slice(2))
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
