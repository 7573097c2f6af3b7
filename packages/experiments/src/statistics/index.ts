/** Statistics of paired, clustered measurements. Runs in Node and in a browser. */
export { bootstrapOfSums, type ClusteredSums, ratioOfSums, type SpeedSample, speedup } from './bootstrap.ts'
export type { Interval } from './estimate.ts'
export { type DiscordantPairs, discordantPairs, mcnemarExact } from './mcnemar.ts'
export { accuracyNoiseFloor, speedupNoiseFloor } from './noise-floor.ts'
export { type AccuracyComparison, compareAccuracy } from './non-inferiority.ts'
export { pairedDifference } from './paired-difference.ts'
export type { Resampling } from './resampling.ts'
export { clusteredWilson, type GradedCluster, wilson } from './wilson.ts'
