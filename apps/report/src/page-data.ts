import type { ImportanceReason, TokenOrigin } from '@dsd-lab/core'
import type { Condition, Estimate, LiveResult, Manifest, Summary } from '@dsd-lab/experiments/schema'
import type { JudgedClaim } from '@dsd-lab/experiments/schema-claims'
import type { PointStyle } from './figures/variant-style.ts'
import type { RecordedTask } from './what-if/recorded-task.ts'

/** One round on one network. Times in ms since the start of the item. */
export interface TimedRound {
  readonly startMs: number
  readonly draftMs: number
  /** Head first. `[nodes]` */
  readonly computeMs: readonly number[]
  readonly queueMs: readonly number[]
  /** Coordinator to head, head to next, ... `[nodes]` */
  readonly linkMs: readonly number[]
  readonly returnMs: number
  readonly totalMs: number
  /** Tokens that the round added to the text. */
  readonly committed: number
  /** Whether its window also brought committed tokens to the shards, as the first of a text brings the prompt. */
  readonly carriesText: boolean
}

/** The parts of a round, as mean ms per committed token. */
export interface TimeShares {
  readonly draftMs: number
  readonly computeMs: number
  readonly queueMs: number
  readonly linkMs: number
  readonly returnMs: number
  /** Wall time that no part accounts for; 0 on the virtual clock. */
  readonly restMs: number
}

/** A few rounds of one cell, and where the time of its first items went. */
export interface CellRounds {
  readonly variant: string
  readonly task: string
  readonly condition: string
  readonly item: string
  readonly rounds: readonly TimedRound[]
  /** Whether the text goes on after them. */
  readonly isCut: boolean
  readonly shares: TimeShares & { readonly items: number; readonly tokens: number }
  /** Path of the trace inside the run folder. */
  readonly trace: string
}

/** One clock's account of a text: ms since its start, tokens committed by then. Starts at [0, 0]. */
export type Progress = readonly (readonly [elapsedMs: number, tokens: number])[]

/** A cell that was run again over shard processes, with the virtual run of the same items. */
export interface LiveCell extends Omit<LiveResult, 'schema' | 'clock' | 'items' | 'cell'> {
  readonly variant: string
  readonly task: string
  readonly condition: string
  readonly items: number
  /** Items with a trace on both clocks; the first of them is drawn. */
  readonly compared: number
  readonly item: string
  readonly progress: { readonly live: Progress; readonly virtual: Progress }
  readonly shares: { readonly live: TimeShares; readonly virtual: TimeShares }
  readonly trace: string
}

/** One answer cut by token. Arrays are `[tokens]`; those a rule did not fill are null. */
export interface SampledAnswer {
  readonly variant: string
  /** Null where the task is not graded. */
  readonly correct: boolean | null
  readonly reason: string
  readonly rounds: number
  readonly pieces: readonly string[]
  readonly tokens: readonly number[]
  readonly origins: readonly TokenOrigin[]
  /** Round that committed the token. */
  readonly roundOf: readonly number[]
  readonly importance: readonly (number | null)[] | null
  readonly reasons: readonly (readonly ImportanceReason[])[] | null
  readonly entropyNats: readonly (number | null)[] | null
  readonly marginNats: readonly (number | null)[] | null
}

export interface SampledItem {
  readonly task: string
  readonly item: string
  readonly prompt: string
  readonly answers: readonly SampledAnswer[]
}

/** What the page of a run is drawn from, embedded in it as JSON. */
export interface RunPage {
  readonly manifest: Omit<Manifest, 'decodings' | 'cells' | 'experiment'>
  readonly counts: { readonly decodings: number; readonly cells: number }
  readonly summary: Summary
  readonly rounds: readonly CellRounds[]
  readonly live: readonly LiveCell[]
  readonly answers: readonly SampledItem[]
  /** Path of the page that replays the recorded texts on other networks; null where none were recorded. */
  readonly whatIf: string | null
  /** Folder of the copied run files, relative to the page: `data/<runId>`. */
  readonly data: string
}

/** What the what-if page of a run replays, embedded in it as JSON. */
export interface WhatIfPage {
  readonly runId: string
  readonly title: string
  /** Target and draft model. */
  readonly models: string
  readonly tasks: readonly RecordedTask[]
  /** Width of the hidden states that cross a link. */
  readonly hiddenSize: number
  /** Keys jitter and loss. */
  readonly seed: number
  /** Where the sliders start: a network of the run. */
  readonly start: Condition
  /** Folder of the copied run files, relative to the page. */
  readonly data: string
}

/** The line that stands for a run in the overview. */
export interface RunEntry {
  readonly runId: string
  readonly title: string
  readonly createdAt: string
  readonly file: string
  readonly target: string
  /** Draft model, or what drafts without one. */
  readonly draft: string | null
  readonly engine: string
  readonly commit: string | null
  /** Absent: the run stopped before its summary. */
  readonly result?: {
    readonly page: string
    readonly task: string
    /** What the network is called among those of the run. */
    readonly network: string
    /** What speed-ups are over: plain decoding, or the baseline of a run that has none. */
    readonly over: string
    readonly isGraded: boolean
    readonly variants: readonly {
      readonly label: string
      /** As on the run's own page. */
      readonly style: PointStyle
      readonly speedup: Estimate
      /** Null where the task is not graded. */
      readonly accuracy: Estimate | null
    }[]
    readonly diagnoses: number
  }
}

export interface OverviewPage {
  readonly runs: readonly RunEntry[]
  /** Page of the claims, relative to the overview; null where none was built. */
  readonly claims: string | null
}

/** The claims as judged from evidence. */
export interface ClaimsPage {
  readonly claims: readonly JudgedClaim[]
  /** Pages of runs, by run id, relative to this one. */
  readonly pages: Readonly<Record<string, string>>
}
