import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { z } from 'zod'

const WINDOW_BITS = 24

/** One JSON value a line, compressed with brotli. The same values give the same bytes. */
export async function packLines(values: readonly unknown[]): Promise<Buffer> {
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')
  return promisify(brotliCompress)(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  })
}

export async function unpackLines<Schema extends z.ZodType>(
  packed: Buffer,
  schema: Schema,
): Promise<z.infer<Schema>[]> {
  const text = (await promisify(brotliDecompress)(packed)).toString('utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => schema.parse(JSON.parse(line)))
}
