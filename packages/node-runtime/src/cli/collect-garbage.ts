import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects what loading left: a tokenizer of 150 000 tokens, read once for the classes of its tokens, is 100 MB that Node would keep until
 * something else fills its heap, and a shard's numbers lie outside of it.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}
