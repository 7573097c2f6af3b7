export { cacheFolder } from './cache-folder.ts'
export type { ClusterEvent } from './cluster/cluster-events.ts'
export {
  type ClusterNode,
  type LocalCluster,
  type LocalClusterOptions,
  localCluster,
} from './cluster/local-cluster.ts'
export { type LayerPlacementRequest, placeLayers } from './cluster/place-layers.ts'
export { type NodeDeclaration, type PlacedNode, planPlacement } from './cluster/plan-placement.ts'
export { convertWeights } from './engines/convert-weights.ts'
export type { LayerRange } from './engines/decoder/decoder-weights.ts'
export { engineVersion } from './engines/engine-version.ts'
export { type DrafterRequest, loadDrafter } from './engines/load-drafter.ts'
export { loadModel, loadShard, type ShardRequest } from './engines/load-shard.ts'
export type { ModelRequest } from './engines/model-request.ts'
export type { ConversionProgress, OnConvert } from './engines/onnx/weights/conversion-progress.ts'
export { PRECISIONS, type Precision } from './engines/precision.ts'
export { type EngineChoice, type EngineRequest, isAvailable, selectEngine } from './engines/select-engine.ts'
export {
  ENGINE_NAMES,
  type EngineInfo,
  type EngineName,
  type RowInvariance,
  type ShardEngine,
} from './engines/shard-engine.ts'
export type { LinkCheck } from './links/link-check.ts'
export { parseLink } from './links/link-spec.ts'
export { type LinkChoice, type LinkProfileName, linkProfiles } from './links/profiles.ts'
export { CATALOGUE, type CatalogueEntry, type WheelPart } from './model-sources/catalogue.ts'
export { type HubConnection, hubConnection } from './model-sources/hub/hub-settings.ts'
export { type ListedModel, listModels } from './model-sources/list-models.ts'
export { pullModel } from './model-sources/pull-model.ts'
export type { PulledModel, PullOptions, PullProgress } from './model-sources/pull-options.ts'
export { hubReachability, pipReachability, type Reachability } from './model-sources/reachability.ts'
export { type RemovedModel, removeModel } from './model-sources/remove-model.ts'
export { type ResolvedModel, type ResolveOptions, resolveModel } from './model-sources/resolve-model.ts'
export { sizeText } from './model-sources/size-text.ts'
export type { ModelConfig } from './models/model-config.ts'
export { type ModelSource, openModel } from './models/model-source.ts'
export { type StoredBytes, storedBytes } from './models/stored-bytes.ts'
export { importAsModule } from './shard/import-as-module.ts'
export type { NodeCounters } from './shard/messages.ts'
export type { ChatMessage, ChatTemplate } from './tokenizers/chat-template.ts'
export { ggufTokenizerJson } from './tokenizers/gguf-tokenizer.ts'
export { firstDifference, requireSameTokenizer, type TokenizerDifference } from './tokenizers/same-tokenizer.ts'
export type { StreamDecoder } from './tokenizers/stream-decoder.ts'
export { loadTokenizer, type TextTokenizer } from './tokenizers/tokenizer.ts'
