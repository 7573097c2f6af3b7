import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunPage } from '../page-data.ts'

export interface FilesToCopy {
  /** The run folder. */
  readonly from: string
  /** The data folder of the run inside the site. */
  readonly to: string
  readonly page: RunPage
}

/** Copies the files that the figures link to beside the pages: a site folder stands on its own. Returns their paths in it. */
export async function copyRunFiles({ from, to, page }: FilesToCopy): Promise<string[]> {
  const files = ['manifest.json', 'summary.json']
  for (const cell of page.live) files.push(cell.trace, join(dirname(cell.trace), 'result.json'))
  const present = files.filter((file) => existsSync(join(from, file)))
  for (const file of present) {
    await mkdir(dirname(join(to, file)), { recursive: true })
    await copyFile(join(from, file), join(to, file))
  }
  return present
}
