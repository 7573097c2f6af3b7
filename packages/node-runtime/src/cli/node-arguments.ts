import { parseArgs } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { PRECISIONS, type Precision } from '../engines/precision.ts'
import { ENGINE_NAMES, type EngineName } from '../engines/shard-engine.ts'
import { LEAST_KEY_LENGTH } from '../shard/checked-key.ts'

export const NODE_HELP = `dsd-node: one shard process

Usage: dsd-node --model <ref> --layers <from>:<to> --node <i> --nodes <n> [options]
       dsd-node --measure --model <ref> [--engine <name>] [--precision <name>]

  --model <ref>        bundled:lab-target, bundled:lab-draft, an id of the catalogue, hf:owner/name[@revision][/file.gguf], or the path of
                       a model folder or a GGUF file; what is not here yet is brought by exp models pull
  --layers <from>:<to> layers [from, to) of the model; the first embeds, the last holds the LM head
  --node <i>           place in the chain, 0 is the head
  --nodes <n>          length of the chain
  --port <port>        port to listen on; 0 for any free one (default 0)
  --host <address>     interface to listen on (default 127.0.0.1: this machine only)
  --engine <name>      ${ENGINE_NAMES.join(', ')} (default: chosen for the model)
  --precision <name>   ${PRECISIONS.join(', ')}: of the matrices, for engine onnx (default: as-stored for GGUF files, else f32)
  --rules <module>     module that registers acceptance rules of your own; may be repeated. Code comes this way only: a coordinator
                       names rules and sends none
  --measure            time one layer of the model, print layers a second, and end
  --help               this text

The environment variable DSD_KEY holds the secret of the cluster, at least ${LEAST_KEY_LENGTH} characters; without it a new one is made and
printed. When ready it prints one JSON line with its address. It ends on SIGTERM, SIGINT, or when the process that started
it goes away.
`

export interface MeasureArguments {
  readonly mode: 'measure'
  readonly model: string
  readonly engine: EngineName | undefined
  readonly precision: Precision | undefined
}

export interface NodeArguments {
  readonly mode: 'serve'
  readonly model: string
  readonly layers: { readonly from: number; readonly to: number }
  readonly node: number
  readonly nodes: number
  readonly port: number
  readonly host: string
  readonly engine: EngineName | undefined
  readonly precision: Precision | undefined
  readonly rules: readonly string[]
}

/** @returns undefined when help is asked for. @throws DsdError `bad-input` naming the option. */
export function parseNodeArguments(argv: readonly string[]): NodeArguments | MeasureArguments | undefined {
  const values = readOptions(argv)
  if (values.help === true) return undefined
  const model = values.model ?? missing('--model', '<ref>')
  const engine = values.engine === undefined ? undefined : oneOf(ENGINE_NAMES, values.engine, '--engine')
  const precision = values.precision === undefined ? undefined : oneOf(PRECISIONS, values.precision, '--precision')
  if (values.measure === true) return { mode: 'measure', model, engine, precision }
  const nodes = whole(values.nodes, '--nodes', { min: 1 })
  return {
    mode: 'serve',
    model,
    engine,
    precision,
    layers: layerRange(values.layers ?? missing('--layers', '<from>:<to>')),
    nodes,
    node: whole(values.node, '--node', { min: 0, max: nodes - 1 }),
    port: whole(values.port ?? '0', '--port', { min: 0, max: 65_535 }),
    host: values.host ?? '127.0.0.1',
    rules: values.rules ?? [],
  }
}

function readOptions(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      options: {
        model: text,
        layers: text,
        node: text,
        nodes: text,
        port: text,
        host: text,
        engine: text,
        precision: text,
        rules: { type: 'string', multiple: true },
        measure: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw wrong('dsd-node', what ?? 'cannot read the options', 'see dsd-node --help')
  }
}

function layerRange(text: string): { from: number; to: number } {
  const [, from, to] = /^(\d+):(\d+)$/.exec(text) ?? []
  if (from === undefined || to === undefined || Number(from) >= Number(to))
    throw wrong('--layers', `${JSON.stringify(text)} is not a range`, 'give <from>:<to>, for example 0:2')
  return { from: Number(from), to: Number(to) }
}

function whole(text: string | undefined, option: string, { min, max }: { min: number; max?: number }): number {
  const value = text === undefined ? missing(option, '<number>') : Number(text)
  if (Number.isInteger(value) && value >= min && value <= (max ?? value)) return value
  const range = max === undefined ? `${min} or more` : `${min} to ${max}`
  throw wrong(option, `${text} is not a whole number in range`, `give ${range}`)
}

function oneOf<T extends string>(names: readonly T[], text: string, option: string): T {
  const found = names.find((name) => name === text)
  if (found !== undefined) return found
  throw wrong(option, `no ${option.slice(2)} is called ${JSON.stringify(text)}`, `choose ${names.join(', ')}`)
}

function missing(option: string, value: string): never {
  throw wrong(option, 'is missing', `give ${option} ${value}; see dsd-node --help`)
}

function wrong(where: string, message: string, fix: string): DsdError {
  return new DsdError(message, { kind: 'bad-input', where, fix })
}
