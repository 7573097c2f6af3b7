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

/** Copies the files that the figures link to beside the pages: a site folder stands on its own. */
export async function copyRunFiles({ from, to, page }: FilesToCopy): Promise<void> {
  const files = ['manifest.json', 'summary.json']
  for (const cell of page.live) files.push(cell.trace, join(dirname(cell.trace), 'result.json'))
  for (const file of files) {
    if (!existsSync(join(from, file))) continue
    await mkdir(dirname(join(to, file)), { recursive: true })
    await copyFile(join(from, file), join(to, file))
  }
}
