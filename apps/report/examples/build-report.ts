import { buildReport } from '@dsd-lab/report'

// One run folder, or a folder of them: `node --import tsx build-report.ts runs site`.
const [runs = 'runs', outDir = 'site'] = process.argv.slice(2)
// A run's own `notebook.html` is code: say `notebooks` only of folders that you trust.
const { index, pages } = await buildReport({ runs: [runs], outDir, notebooks: true })
console.log(`${index} and ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`)
