#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { cacheFolder } from '../../cache-folder.ts'
import { startNative } from '../tfjs/native-backend.ts'
import type { NativeName } from '../tfjs/native-package.ts'
import { buildAddOn, installPackage } from './add-on.ts'
import { checkRequirements } from './requirements.ts'
import { type LibraryKind, tensorflowLibrary } from './tensorflow-library.ts'

const HELP = `Sets up the native tensor engine: TensorFlow's C library out of its Python wheel, linked to the npm package.
Everything goes into $DSD_CACHE/native, else $XDG_CACHE_HOME/dsd-lab/native; about 870 MB, half a minute. linux-x64.

  setup-native [--gpu] [--library cpu|cuda]

  --gpu              the package tfjs-node-gpu on the CUDA library (without it: tfjs-node on the CPU library)
  --library          another library than that; tfjs-node-gpu runs on the cpu one where there is no GPU
  --help

It needs python3 with pip, npm, g++ and the headers of Node.js (NODE_INCLUDE says where they are).`

async function setUp(gpu: boolean, kind: LibraryKind): Promise<void> {
  const begin = performance.now()
  const progress = (line: string): void => {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(6)
    process.stdout.write(`${seconds} s  ${line}\n`)
  }
  const name: NativeName = gpu ? 'tfjs-node-gpu' : 'tfjs-node'
  const cache = cacheFolder('native')
  const { nodeInclude } = await checkRequirements(process.env)
  const library = await tensorflowLibrary(cache, kind, progress)
  progress(`installing the package @tensorflow/${name}`)
  const packageDir = await installPackage(cache, name)
  progress('compiling the add-on')
  await buildAddOn({ packageDir, library, nodeInclude })
  const { tf, device, versions } = await startNative(name)
  const [four] = tf.matMul(tf.ones([1, 4]), tf.ones([4, 1])).dataSync()
  if (four !== 4)
    throw new DsdError(`1 x 4 ones times 4 x 1 ones is ${four}`, { kind: 'numeric', where: `engine ${name}` })
  progress(`engine ${name} works on the ${device}, TensorFlow ${versions.tensorflow}, in ${cache}`)
  if (gpu && device !== 'GPU') {
    progress(
      'no GPU was found: it needs an NVIDIA driver and the libraries of CUDA 11.8 and cuDNN 8.7 on LD_LIBRARY_PATH',
    )
  }
}

function readLibrary(value: string | undefined, gpu: boolean): LibraryKind {
  if (value === undefined) return gpu ? 'cuda' : 'cpu'
  if (value === 'cpu' || value === 'cuda') return value
  throw new DsdError(`no library ${value}`, { kind: 'bad-input', where: '--library', fix: 'use cpu or cuda' })
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { gpu: { type: 'boolean', default: false }, library: { type: 'string' }, help: { type: 'boolean' } },
    })
    return values
  } catch (cause) {
    throw new DsdError(cause instanceof Error ? cause.message : String(cause), {
      kind: 'bad-input',
      where: 'setup:native',
      cause,
    })
  }
}

try {
  const { gpu, library, help } = readArguments()
  if (help === true) process.stdout.write(`${HELP}\n`)
  else await setUp(gpu, readLibrary(library, gpu))
} catch (error) {
  if (!(error instanceof DsdError)) throw error
  process.stderr.write(`${error.line}\n`)
  process.exitCode = error.exitCode
}
