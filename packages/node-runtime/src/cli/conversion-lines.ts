import type { OnConvert } from '../engines/onnx/weights/conversion-progress.ts'
import { sizeText } from '../model-sources/size-text.ts'

const EVERY_MS = 2000

/**
 * Lines on the standard error that tell how far a conversion is, every two seconds and at its end. A node that another process started
 * says nothing: there the standard error explains a death.
 */
export function conversionLines(
  model: string,
  {
    write = (line: string): unknown => process.stderr.write(line),
    isChild = process.channel !== undefined,
    now = () => performance.now(),
  } = {},
): OnConvert | undefined {
  if (isChild) return undefined
  const startMs = now()
  let writtenMs = startMs
  return ({ doneSections, sections, doneBytes, totalBytes }) => {
    const nowMs = now()
    const isDone = doneSections === sections
    if (!isDone && nowMs - writtenMs < EVERY_MS) return
    writtenMs = nowMs
    const leftS = Math.ceil(((nowMs - startMs) * (totalBytes - doneBytes)) / Math.max(1, doneBytes) / 1000)
    const left = isDone ? `done in ${((nowMs - startMs) / 1000).toFixed(1)} s` : `about ${leftS} s left`
    const parts = `${doneSections} of ${sections} parts`
    write(`dsd-node: converting ${model}: ${parts}, ${sizeText(doneBytes)} of ${sizeText(totalBytes)}, ${left}\n`)
  }
}
