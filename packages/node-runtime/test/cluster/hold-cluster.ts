import { localCluster } from '../../src/cluster/local-cluster.ts'

// Opens a cluster, prints the process ids of its nodes, and waits to be ended, or leaves without a word when told to.
const [model = '', how] = process.argv.slice(2)
const cluster = await localCluster({ model, nodes: 1 })
process.stdout.write(`${JSON.stringify(cluster.nodes.map(({ pid }) => pid))}\n`)
if (how === 'leave') process.exit(0)
