import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { downloadWheel } from '../../wheels/download-wheel.ts'
import { openWheel, type WheelArchive } from '../../wheels/wheel-archive.ts'

/** Which TensorFlow the add-on is linked to. The CUDA one computes without a GPU too. */
export type LibraryKind = 'cpu' | 'cuda'

/** The smallest version known to work; later ones up to 2.21 do as well. */
const TENSORFLOW_VERSION = '2.14.1'
/** Which of the wheels is taken. The C library inside does not depend on it, nor on the Python of this machine. */
const PYTHON_VERSION = '3.11'
const WHEELS = { cpu: 'tensorflow-cpu', cuda: 'tensorflow' } as const satisfies Record<LibraryKind, string>

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const
/** Names under which the linker and the package look for them. */
const ALIASES = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
} as const
const HEADERS = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/core/platform/ctstring_internal.h',
] as const

/**
 * Downloads the TensorFlow C library out of its Python wheel, once.
 *
 * @returns the folder with `lib` and `include`
 * @throws DsdError when pip cannot get the wheel, or it is not as expected
 */
export async function tensorflowLibrary(
  cache: string,
  kind: LibraryKind,
  progress: (line: string) => void,
): Promise<string> {
  const home = join(cache, `${WHEELS[kind]}-${TENSORFLOW_VERSION}`)
  if (existsSync(home)) {
    progress(`TensorFlow ${TENSORFLOW_VERSION} (${kind}) is already here`)
    return home
  }
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'unfinished-'))
  try {
    progress(`downloading the wheel ${WHEELS[kind]} ${TENSORFLOW_VERSION} with pip (${kind === 'cpu' ? 200 : 490} MB)`)
    await using wheel = await openWheel(await downloadTensorflow(work, WHEELS[kind]))
    progress('taking the C library out of it')
    const staged = join(work, 'staged')
    await extract(wheel, staged)
    await rename(staged, home)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return home
}

function downloadTensorflow(work: string, name: string): Promise<string> {
  const abi = `cp${PYTHON_VERSION.replace('.', '')}`
  return downloadWheel({
    name,
    version: TENSORFLOW_VERSION,
    into: join(work, 'wheel'),
    flags: [
      ...['--implementation', 'cp', '--python-version', PYTHON_VERSION, '--abi', abi],
      ...['--platform', 'manylinux2014_x86_64', '--platform', 'manylinux_2_27_x86_64'],
    ],
    where: 'setup:native',
  })
}

async function extract(wheel: WheelArchive, home: string): Promise<void> {
  const lib = join(home, 'lib')
  await mkdir(lib, { recursive: true })
  for (const library of LIBRARIES) await wheel.extract(`tensorflow/${library}`, join(lib, library))
  for (const [alias, library] of Object.entries(ALIASES)) await symlink(library, join(lib, alias))
  const wanted: string[] = [...HEADERS]
  const done = new Set<string>()
  for (let header = wanted.pop(); header !== undefined; header = wanted.pop()) {
    if (done.has(header) || !wheel.has(`tensorflow/include/${header}`)) continue
    done.add(header)
    const path = join(home, 'include', header)
    await mkdir(dirname(path), { recursive: true })
    await wheel.extract(`tensorflow/include/${header}`, path)
    const text = await readFile(path, 'utf8')
    for (const [, included] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) if (included) wanted.push(included)
  }
}
