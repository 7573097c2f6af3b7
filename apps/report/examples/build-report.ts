import { buildReport } from '@dsd-lab/report'

// One run folder, or a folder of them: `node --import tsx build-report.ts runs site`.
const [runs = 'runs', outDir = 'site'] = process.argv.slice(2)
const { index, pages } = await buildReport({ runs: [runs], outDir })
console.log(`${index} and ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`)
