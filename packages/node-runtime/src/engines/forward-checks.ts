import { DsdError, type ForwardRequest, type ShardCompute } from '@dsd-lab/core'

/**
 * Checks that rows fit a shard and what its session holds.
 *
 * @param length valid positions of the session
 * @returns the number of rows
 * @throws DsdError naming what does not fit
 */
export function checkRows(shard: ShardCompute, { start, input }: ForwardRequest, length: number): number {
  const rows = input.kind === 'ids' ? input.ids.length : input.rows
  if (!Number.isInteger(start) || start < 0 || start > length) {
    throw new DsdError(`rows from position ${start} leave a gap after the ${length} cached ones`, { kind: 'protocol' })
  }
  if (start + rows > shard.maxLength) {
    throw new DsdError(`${start + rows} positions exceed the model's ${shard.maxLength}`, {
      kind: 'bad-input',
      fix: 'shorten the prompt or lower maxLength',
    })
  }
  if (input.kind === 'hidden') {
    if (shard.embeds) throw new DsdError('the first shard takes token ids, not hidden states', { kind: 'protocol' })
    if (input.hidden.length !== rows * shard.hiddenSize) {
      throw new DsdError(`${rows} rows of ${shard.hiddenSize} values expected, got ${input.hidden.length} values`, {
        kind: 'protocol',
      })
    }
    return rows
  }
  if (!shard.embeds) throw new DsdError('only the first shard takes token ids', { kind: 'protocol' })
  for (const id of input.ids) {
    if (!Number.isInteger(id) || id < 0 || id >= shard.vocabSize) {
      throw new DsdError(`token id ${id} is outside the vocabulary of ${shard.vocabSize}`, { kind: 'bad-input' })
    }
  }
  return rows
}
