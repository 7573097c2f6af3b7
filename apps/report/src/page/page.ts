import type { ClaimsPage, OverviewPage, RunPage, WhatIfPage } from '../page-data.ts'

/** The run that this page shows. */
export function runPage(): RunPage {
  return JSON.parse(embeddedJson())
}

/** The runs that the overview lists. */
export function overviewPage(): OverviewPage {
  return JSON.parse(embeddedJson())
}

/** The claims that this page lists. */
export function claimsPage(): ClaimsPage {
  return JSON.parse(embeddedJson())
}

/** The recorded texts that this page replays. */
export function whatIfPage(): WhatIfPage {
  return JSON.parse(embeddedJson())
}

/** Checked against the run schema when the page was built, by the code that built this script. */
function embeddedJson(): string {
  const text = document.querySelector('#page-data')?.textContent
  if (text == null) throw new Error('this page carries no data: build it with `exp report`')
  return text
}
