import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { ListedModel } from '@dsd-lab/node-runtime'
import { Command } from 'commander'
import { tableText } from '../../table.ts'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { describe } from './model-facts.ts'
import { runtime } from './runtime.ts'

const BUNDLED = ['bundled:lab-target', 'bundled:lab-draft'] as const

export function listModels(to: Terminal): Command {
  return new Command('list')
    .description(
      "list the bundled models, the catalogue, what is in the hub's cache and in a folder, and what is kept of them in converted form",
    )
    .argument('[folder]', 'a folder of model folders and GGUF files')
    .option('--json', 'print as JSON')
    .action(async (folder: string | undefined, { json = false }: { json?: boolean }) => {
      const { listModels, sizeText } = await runtime()
      const local = [...BUNDLED, ...(folder === undefined ? [] : await modelsIn(folder))]
      const described = await Promise.all(local.map(describe))
      const listed = await listModels()
      if (json) return printJson(to, [...described, ...listed])
      print(
        to,
        tableText({
          head: ['model', 'size', 'converted', 'licence', 'note'],
          rows: [
            ...described.map((model) =>
              'problem' in model
                ? [model.ref, '', '', '', model.problem]
                : [model.ref, `${(model.parameters / 1e6).toFixed(2)} M parameters`, '', '', layersText(model)],
            ),
            ...listed.map((model) => [
              model.ref,
              model.bytes > 0 ? sizeText(model.bytes) : '',
              model.convertedBytes > 0 ? sizeText(model.convertedBytes) : '',
              model.licence ?? '',
              stateOf(model, sizeText(model.partialBytes)),
            ]),
          ],
          align: ['left', 'right', 'right', 'left', 'left'],
        }),
      )
    })
}

function layersText({ architecture, layers, vocabSize }: { architecture: string; layers: number; vocabSize: number }) {
  return `${architecture}, ${layers} layers, vocabulary ${vocabSize}`
}

function stateOf({ ref, source, path, partialBytes }: ListedModel, partial: string): string {
  if (source === 'elsewhere')
    return path === undefined ? `its weights are gone: exp models rm ${ref}` : 'a file of yours'
  if (path !== undefined) return source === 'hub' ? "in the hub's cache" : path
  return partialBytes > 0 ? `${partial} fetched: exp models pull ${ref} goes on` : `exp models pull ${ref}`
}

async function modelsIn(folder: string): Promise<string[]> {
  const entries = await readdir(resolve(folder), { withFileTypes: true }).catch((cause: unknown) => {
    throw new DsdError('is not a folder', {
      kind: 'bad-input',
      where: folder,
      fix: 'give a folder of models',
      cause,
    })
  })
  return entries
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.gguf'))
    .map((entry) => join(folder, entry.name))
}
