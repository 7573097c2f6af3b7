// The process that runs programs nobody trusts. One job a line on stdin, one answer a line on stdout.
// Started by src/graders/guest-process.ts without permissions, environment or network-capable globals.
import { createInterface } from 'node:readline'
import vm from 'node:vm'

const { stdin, stdout } = process
const lines = createInterface({ input: stdin })

// Should a program ever reach this realm, it finds nothing to work with.
for (const name of ['process', 'fetch', 'WebSocket', 'EventSource', 'Buffer', 'navigator', 'WebAssembly', 'Worker'])
  delete globalThis[name]

// Memory outside the limited heap is reached through these alone.
const STRIP = new vm.Script(`
  for (const name of ['ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Atomics', 'WebAssembly', 'BigInt64Array',
    'BigUint64Array', 'Float16Array', 'Float32Array', 'Float64Array', 'Int8Array', 'Int16Array', 'Int32Array', 'Uint8Array',
    'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'console']) delete globalThis[name]
`)

/** @param {{ code: string, entry: string, args: unknown[][] }} job */
function run({ code, entry, args }) {
  // An ordinary global made inside the context: no object of this realm hangs on it.
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  })
  STRIP.runInContext(context)
  try {
    vm.runInContext(code, context)
    const calls = `JSON.stringify(JSON.parse(${JSON.stringify(JSON.stringify(args))}).map((args) => ${entry}(...args)))`
    const values = vm.runInContext(calls, context)
    return typeof values === 'string' ? { values } : { error: 'gave no value' }
  } catch (error) {
    return { error: describe(error) }
  }
}

/** @param {unknown} error */
function describe(error) {
  try {
    const { name, message } = /** @type {Error} */ (error)
    if (typeof name === 'string' && typeof message === 'string') return `${name}: ${message}`.slice(0, 200)
  } catch {
    return 'threw an object that cannot be read'
  }
  return 'threw'
}

lines.on('line', (line) => stdout.write(`${JSON.stringify(run(JSON.parse(line)))}\n`))
lines.on('close', () => stdout.end())
stdout.write('"ready"\n')
