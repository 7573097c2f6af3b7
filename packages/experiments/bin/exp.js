#!/usr/bin/env node
// The command from source, for installs of this folder; a published package starts dist/cli/main.js instead.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const words = ['--import', import.meta.resolve('tsx'), main, ...process.argv.slice(2)]
const child = spawn(process.execPath, words, { stdio: 'inherit' })

// Ctrl-C reaches the child too, which finishes what it must; this process ends with it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('close', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
})
