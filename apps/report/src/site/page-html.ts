import { type PageStamp, stampTags } from './page-key.ts'

export interface PageParts {
  /** The page as the notebook was built. */
  readonly html: string
  /** Path of script and style without their endings, relative to the page. */
  readonly assets: string
  readonly title: string
  /** Put into the head; absent: none. */
  readonly stamp: PageStamp | undefined
  /** Embedded as JSON: a page opened from disk may not fetch files beside it. */
  readonly data: unknown
}

/** Completes a notebook's page with its title, its data, its style and its script. */
export function pageHtml({ html, assets, title, stamp, data }: PageParts): string {
  const head = `<title>${escapeText(title)} · DSD Lab</title><link rel="stylesheet" href="${assets}.css">`
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  const tail = `<script type="application/json" id="page-data">${json}</script><script src="${assets}.js"></script>`
  // Replacements are functions: the data may hold `$&` and the like.
  return html
    .replace(/<title>[^<]*<\/title>/, () => '')
    .replace('<head>', (open) => (stamp === undefined ? open : open + stampTags(stamp)))
    .replace('</head>', () => `${head}</head>`)
    .replace('</body>', () => `${tail}</body>`)
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
