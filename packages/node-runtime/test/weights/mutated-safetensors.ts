import { openWeightFolder } from '../../src/weights/weight-folder.ts'
import { type Outcome, readDamaged } from './damaged-files.ts'
import { type StoredDtype, safetensors } from './safetensors-bytes.ts'

const HEADER_BYTES = 420

/** Opens `count` safetensors files whose headers were damaged at random, and reads every tensor of those that open. */
export const openMutatedSafetensors = (count: number, seed: number): Promise<Outcome> =>
  readDamaged({
    sound: [file('F32'), file('F16'), file('BF16')],
    headerBytes: HEADER_BYTES,
    count,
    seed,
    name: 'model.safetensors',
    read: readAll,
  })

const names = ['embedding.weight', 'norm.weight', 'down.weight']

const file = (dtype: StoredDtype): Buffer =>
  safetensors([
    { name: 'embedding.weight', dtype, shape: [16, 8], values: new Float32Array(128).fill(1.5) },
    { name: 'norm.weight', dtype, shape: [8], values: new Float32Array(8).fill(-0.5) },
    { name: 'down.weight', dtype, shape: [8, 16], values: new Float32Array(128).fill(2) },
  ])

async function readAll(_: string, dir: string): Promise<void> {
  await using folder = await openWeightFolder(dir)
  await folder.countParameters()
  for (const name of names) {
    const { shape } = folder.stored(name)
    await folder.read(name, shape)
    await folder.readRows(name, { from: 0, to: 1 })
  }
}
