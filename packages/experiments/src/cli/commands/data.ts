import { Command } from 'commander'
import { type DataSource, dataFolder, readInstalled, removeInstalled } from '../../datasets/published/data-folder.ts'
import { publishedDataset, publishedDatasets } from '../../datasets/published/index.ts'
import { addData } from '../../datasets/published/install.ts'
import { pullData } from '../../datasets/published/pull.ts'
import { untilInterrupted } from '../interruption.ts'
import { tableText } from '../table.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface AcceptOptions {
  readonly unpinned?: boolean
}

export function dataCommand(to: Terminal): Command {
  return new Command('data')
    .description('list, add, fetch or remove the data sets of others that tasks can be made of')
    .addCommand(listData(to), { isDefault: true })
    .addCommand(addFile(to))
    .addCommand(pull(to))
    .addCommand(remove(to))
}

function listData(to: Terminal): Command {
  return new Command('list')
    .description('list the data sets, and which are on this machine')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const rows = await Promise.all(
        publishedDatasets.map(async ({ name, about, digest, hub }) => {
          const installed = await readInstalled(name)
          return { name, about, digest, hub: hub.repository, installed: installed?.source ?? null }
        }),
      )
      if (json) return printJson(to, { folder: await dataFolder(), dataSets: rows })
      print(
        to,
        tableText({
          head: ['data set', 'here', 'holds'],
          rows: rows.map(({ name, about, installed }) => [name, stateText(installed), about]),
          align: ['left', 'left', 'left'],
        }),
      )
      print(to, `kept in ${await dataFolder()}`)
    })
}

function stateText(installed: DataSource | null): string {
  if (installed === null) return 'no'
  return installed.published ? 'as published' : `not as published: ${installed.digest.slice(0, 12)}`
}

function addFile(to: Terminal): Command {
  return new Command('add')
    .description('take a data set from a file: .jsonl, .jsonl.gz, .json or .parquet')
    .argument('<name>', namesText())
    .argument('<file>', 'the file as its publishers made it')
    .option('--unpinned', 'accept content that differs from what was published; runs then carry its digest')
    .action(async (name: string, file: string, { unpinned = false }: AcceptOptions) => {
      print(to, installedText(name, await addData({ dataset: publishedDataset(name), file, unpinned })))
    })
}

function pull(to: Terminal): Command {
  return new Command('pull')
    .description('fetch a data set from the Hugging Face hub ($HF_ENDPOINT, $HF_TOKEN)')
    .argument('<name>', namesText())
    .option('--unpinned', 'accept content that differs from what was published; runs then carry its digest')
    .action(async (name: string, { unpinned = false }: AcceptOptions) => {
      using interruption = untilInterrupted()
      const dataset = publishedDataset(name)
      to.err.write(`${name}: from ${dataset.hub.repository}\n`)
      print(to, installedText(name, await pullData({ dataset, unpinned, signal: interruption.signal })))
    })
}

function remove(to: Terminal): Command {
  return new Command('rm')
    .description('remove a data set from this machine')
    .argument('<name>', namesText())
    .action(async (name: string) => {
      const { name: known } = publishedDataset(name)
      print(to, (await removeInstalled(known)) ? `${known}: removed` : `${known}: was not here`)
    })
}

function installedText(name: string, { items, published, digest }: DataSource): string {
  const state = published ? 'as published' : 'not as published: runs carry its digest'
  return `${name}: ${items} items, ${state}, ${digest.slice(0, 12)}`
}

function namesText(): string {
  return publishedDatasets.map(({ name }) => name).join(', ')
}
