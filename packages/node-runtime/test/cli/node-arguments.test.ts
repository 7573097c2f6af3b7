import { describe, expect, it } from 'vitest'
import { parseNodeArguments } from '../../src/cli/node-arguments.ts'

const right = ['--model', 'bundled:lab-target', '--layers', '2:4', '--node', '1', '--nodes', '4']

describe('the options of dsd-node', () => {
  it('listens on loopback and any port unless told otherwise', () => {
    expect(parseNodeArguments(right)).toEqual({
      mode: 'serve',
      model: 'bundled:lab-target',
      layers: { from: 2, to: 4 },
      node: 1,
      nodes: 4,
      host: '127.0.0.1',
      port: 0,
      engine: undefined,
      rules: [],
    })
    expect(
      parseNodeArguments([...right, '--host', '0.0.0.0', '--port', '4100', '--engine', 'tfjs-cpu', '--rules', 'a.ts']),
    ).toMatchObject({
      host: '0.0.0.0',
      port: 4100,
      engine: 'tfjs-cpu',
      rules: ['a.ts'],
    })
    expect(parseNodeArguments(['--measure', '--model', 'm'])).toEqual({
      mode: 'measure',
      model: 'm',
      engine: undefined,
    })
    expect(parseNodeArguments(['--help'])).toBeUndefined()
  })

  it.each([
    [[], '--model: is missing; give --model <ref>; see dsd-node --help'],
    [['--model', 'm'], '--nodes: is missing; give --nodes <number>; see dsd-node --help'],
    [
      ['--model', 'm', '--node', '0', '--nodes', '1'],
      '--layers: is missing; give --layers <from>:<to>; see dsd-node --help',
    ],
    [[...right, '--layers', '4:2'], '--layers: "4:2" is not a range; give <from>:<to>, for example 0:2'],
    [[...right, '--node', '4'], '--node: 4 is not a whole number in range; give 0 to 3'],
    [[...right, '--port', '70000'], '--port: 70000 is not a whole number in range; give 0 to 65535'],
    [
      [...right, '--engine', 'tfjs'],
      '--engine: no engine is called "tfjs"; choose tfjs-node-gpu, onnx, tfjs-node, tfjs-wasm, tfjs-cpu',
    ],
    [[...right, '--latency', '4'], "dsd-node: Unknown option '--latency'; see dsd-node --help"],
  ])('says in one line what is wrong with %j', (argv, line) => {
    expect(() => parseNodeArguments(argv)).toThrow(expect.objectContaining({ kind: 'bad-input', line }))
  })
})
