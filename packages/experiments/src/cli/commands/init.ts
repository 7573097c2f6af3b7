import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { Command } from 'commander'
import { codeOf, storageError } from '../../store/storage-error.ts'
import { print, type Terminal } from '../terminal.ts'

export function initCommand(to: Terminal): Command {
  return new Command('init')
    .description('write a typed experiment to start from')
    .argument('<name>', 'name of the study, e.g. my-study')
    .action(async (name: string) => {
      const file = `${basename(name, '.ts')}.ts`
      const path = join(process.env.INIT_CWD ?? process.cwd(), file)
      await writeNew(path, studyText(basename(name, '.ts')))
      print(to, `wrote ${path}\nrun it with: exp run ${file}`)
    })
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw storageError(error, path)
    throw new DsdError('exists already', { kind: 'bad-input', where: path, fix: 'choose another name' })
  }
}

/** `examples/my-study.ts` under another name. */
export function studyText(name: string): string {
  return `import { dsdAdaptive, experiment, strict, sweep, task } from '@dsd-lab/experiments'

export default experiment({
  title: ${quoted(`${name}: how fast is speculative decoding, and does it stay right?`)},
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 10 })],
  cluster: {
    nodes: sweep([2, 4]),
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([2, 4]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: 0.2 }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
`
}

/** As a string literal in single quotes. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}
