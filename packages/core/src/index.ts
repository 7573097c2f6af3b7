export type { Clock } from './clock/clock.ts'
export { VirtualClock } from './clock/virtual.ts'
export { wallClock } from './clock/wall.ts'
export { type AutoregressiveOptions, autoregressive } from './decoding/autoregressive.ts'
export type { Commit, FinishReason } from './decoding/commit.ts'
export { type SpeculativeOptions, speculative } from './decoding/speculative.ts'
export type {
  DraftedAhead,
  Round,
  RoundBytes,
  RoundTiming,
  SessionRequest,
  Target,
  TargetInfo,
  TargetSession,
} from './decoding/target.ts'
export type { Distribution } from './distribution/distribution.ts'
export { jsDivergence, klDivergence, overlap, totalVariation } from './distribution/divergence.ts'
export { entropyNats, logitEntropyNats } from './distribution/entropy.ts'
export { decodeLaw, type EncodedLaw, encodeLaw, lawBytes } from './distribution/law-bytes.ts'
export { argmaxLogit, logitMargin, softmaxProbability, topTwo } from './distribution/logits.ts'
export { quantise } from './distribution/quantise.ts'
export { mixture, type ResidualOptions, residual } from './distribution/residual.ts'
export { sampleToken } from './distribution/sample.ts'
export { pointMass, sparseDistribution, type WeightedTokens } from './distribution/sparse.ts'
export { topIndices } from './distribution/top-indices.ts'
export { mostLikely } from './distribution/walk.ts'
export { softmax, warp } from './distribution/warp.ts'
export { type ConfidenceStopOptions, confidenceStop } from './drafting/confidence-stop.ts'
export type {
  Drafter,
  DraftSession,
  DraftSessionRequest,
  DraftWindow,
  WindowPlan,
} from './drafting/drafter.ts'
export { fixedWindow } from './drafting/fixed-window.ts'
export { type ModelDrafterOptions, modelDrafter } from './drafting/model-drafter.ts'
export { type PromptLookupOptions, promptLookup } from './drafting/prompt-lookup.ts'
export { autoWindow, type WindowChoiceOptions } from './drafting/window-choice/auto-window.ts'
export { constantCostWindow, emaWindow } from './drafting/window-choice/baseline-windows.ts'
export type { ObservedRound, WindowController, WindowPolicy } from './drafting/window-controller.ts'
export { DsdError, type DsdErrorDetail, type DsdErrorKind } from './errors.ts'
export {
  type Acceptance,
  acceptanceByPlace,
  foreseenChance,
  type PlaceCount,
  tokensPerRound,
} from './latency-model/acceptance.ts'
export { type ComputeModel, computeAt, instantCompute, type NodeCompute } from './latency-model/compute.ts'
export { DraftClock, type DraftWork, draftWork } from './latency-model/draft-clock.ts'
export {
  autoregressiveRate,
  type BestWindow,
  bestWindow,
  type ChainCosts,
  meanRoundMs,
  predictedSpeedup,
  type RateOptions,
  synchronousRate,
} from './latency-model/general.ts'
export {
  idleLink,
  instantNetwork,
  type LinkModel,
  type LinkState,
  meanLink,
  type NetworkModel,
  passLink,
} from './latency-model/network.ts'
export {
  communicationReduction,
  dsdMs,
  type PaperCosts,
  paperSpeedup,
  standardMs,
} from './latency-model/paper.ts'
export {
  costRound,
  loadOfRound,
  type RoundCostRequest,
  type RoundLoad,
  type RoundLoadRequest,
  roundLoad,
} from './latency-model/round-cost.ts'
export { RoundTimer, type TimedChain, type TimedRound } from './latency-model/round-timer.ts'
export { nearestName, suggestName } from './nearest-name.ts'
export { ACTIVATION_FORMATS, type ActivationFormat } from './protocol/frames/activations.ts'
export { DEFAULT_MAX_ROWS, largestFrameBytes } from './protocol/frames/limits.ts'
export type {
  CoordinatorTransport,
  LinkEnd,
  RemoteTargetOptions,
  ShardCounters,
  ShardHost,
  ShardHostOptions,
} from './protocol/host.ts'
export { type InProcessTargetOptions, inProcessTarget } from './protocol/in-process.ts'
export { checkNodeCount, MOST_NODES } from './protocol/most-nodes.ts'
export { openingBytes } from './protocol/open-request.ts'
export { remoteTarget } from './protocol/remote-target.ts'
export type {
  ForwardRequest,
  ShardCompute,
  ShardInput,
  ShardOutput,
  ShardSession,
} from './protocol/shard-compute.ts'
export { shardHost } from './protocol/shard-host.ts'
export { draftNoise, type SequenceKey, type SequenceNoise, sequenceNoise } from './random/noise.ts'
export { philox4x32 } from './random/philox.ts'
export {
  exponentialOf,
  gumbel,
  gumbelOf,
  PURPOSE,
  type Purpose,
  type StreamKey,
  type UniformField,
  uniform53,
  uniformField,
} from './random/streams.ts'
export { noTotals, PassReplay, type PassReplayOptions, type ReplayTotals } from './replay/pass-replay.ts'
export { type RecordPassOptions, recordPass } from './replay/record-pass.ts'
export type { RecordedConfidences, RecordedPass } from './replay/recorded-pass.ts'
export { type ReplayedRound, type ReplayOptions, replayRounds } from './replay/replay-rounds.ts'
export { type ReplayTextRequest, replayText, type TimedReplayedRound } from './replay/replay-text.ts'
export {
  drawPass,
  type MatchStatistics,
  measureMatches,
  type PlaceTrials,
  type TextKind,
} from './simulation/match-statistics.ts'
export { MOST_SIMULATED_NODES, simulate } from './simulation/simulate.ts'
export type { SimulatedText, Simulation, SimulationRequest } from './simulation/simulation.ts'
export { greedySampling, isToken, type Sampling, type TokenId } from './tokens.ts'
export { type ReadTrace, readTrace } from './trace/reader.ts'
export { TRACE_VERSION, type TraceEvent, type TraceEventOf, traceEventSchema } from './trace/schema.ts'
export {
  commitEvent,
  roundEvent,
  sessionEvent,
  type TracedText,
  timingEvent,
  traceLine,
} from './trace/writer.ts'
export { unknownKey } from './unknown-key.ts'
export {
  alongWindow,
  type DraftedRow,
  type RowDecision,
  type RowRule,
  targetToken,
} from './verification/along-window.ts'
export {
  type Annotation,
  IMPORTANCE_REASONS,
  type ImportanceReason,
  TOKEN_CLASSES,
  TOKEN_ORIGINS,
  type TokenClass,
  type TokenOrigin,
} from './verification/annotation.ts'
export { type JudgeRequest, judgeRun } from './verification/judge-run.ts'
export type {
  AcceptanceRule,
  DraftingMode,
  DraftNeeds,
  JudgedRow,
  PositionNoise,
  RuleContext,
  RuleResolver,
  RuleSpec,
  RunVerdict,
} from './verification/rule.ts'
