import type { LinkModel, RuleSpec, Sampling } from '@dsd-lab/core'
import type { LinkProfileName, NodeDeclaration, Precision } from '@dsd-lab/node-runtime'
import type { DrafterSpec } from '../drafters/define-drafter.ts'
import { checkDeclaration, type Experiment } from './check.ts'
import type { MatchedRelaxation } from './rules.ts'
import type { Sweepable, SweepableOptions } from './sweep.ts'
import type { TaskDeclaration } from './task.ts'

/** Compute time on the virtual clock, per node: `baseMs + perRowMs * rows`. */
export interface ComputeDeclaration {
  /** >= 0 */
  readonly baseMs: number
  /** >= 0 */
  readonly perRowMs: number
  /** One step of what drafts at the coordinator; >= 0, defaults to `baseMs / 10` with a draft model, else to 0. */
  readonly draftStepMs?: number
}

/** Cells that are run again over shard processes and sockets, in wall time. */
export interface LiveDeclaration {
  /** How many speculative cells. >= 1 */
  readonly cells: number
  /** Prompts of each, from the first one on. >= 1 */
  readonly prompts: number
  /**
   * `host:port` of `dsd-node`s that are running already, head first, with the secret of `$DSD_KEY`; cells of networks with so many nodes
   * are run on them. Default: shard processes are started on this machine.
   */
  readonly nodes?: readonly [string, ...string[]]
  /**
   * With `nodes`: `emulated` holds frames back so that each link takes what the experiment declares, the network itself reckoned in, and
   * refuses a link that takes longer already; `real` leaves the network as it is and measures it. Default `emulated`.
   */
  readonly links?: 'emulated' | 'real'
  /** With `nodes` of other machines: the address of this one that the last node brings its verdicts to; a port is opened on it. */
  readonly host?: string
}

export interface AutoregressiveArm {
  readonly decode: 'autoregressive'
}

export interface SpeculativeArm {
  readonly decode: 'speculative'
  /**
   * Size of the draft window, 1 to 32; or `auto`: chosen before every round for the most tokens over time on each network, for rules whose
   * text does not depend on the window.
   */
  readonly gamma: Sweepable<number | 'auto'>
  /** How drafts are judged: a rule of `@dsd-lab/acceptance`, or one registered by the experiment file; parameters may be swept. */
  readonly accept: RuleSpec
  /**
   * Draft the next window while one travels, as if all of it were kept. Changes times, no token; the draft model is taken to have a processor
   * of its own. Default false.
   */
  readonly draftAhead?: boolean
}

export type ArmDeclaration = AutoregressiveArm | SpeculativeArm
export type ArmDeclarations = Readonly<Record<string, ArmDeclaration>>

/** Names of arms inside arms must exist. */
type WithKnownNames<Arms> = {
  readonly [Name in keyof Arms]: Arms[Name] extends { readonly accept: MatchedRelaxation<infer Other> }
    ? Other extends Exclude<keyof Arms, Name>
      ? Arms[Name]
      : { readonly accept: MatchedRelaxation<Exclude<keyof Arms, Name> & string> }
    : Arms[Name]
}

/** What a user writes; every combination of its sweeps is run. */
export interface Declaration<Arms = ArmDeclarations> {
  readonly title: string
  /** `bundled:lab-target`, `bundled:lab-draft`, a name of the catalogue, `hf:owner/name`, a model folder or a GGUF file. */
  readonly models: {
    readonly target: string
    /** Needed by every speculative arm: a model with the tokenizer of the target, `promptLookup()`, or a drafter that the file registered. */
    readonly draft?: string | DrafterSpec
    /** How engine `onnx` holds the matrices of a draft model; `q4-all` is the quickest. Default: as the engine does by itself. */
    readonly draftPrecision?: Precision
    /** Engine of both models; defaults to the automatic choice. */
    readonly engine?: string
  }
  readonly tasks: readonly [TaskDeclaration, ...TaskDeclaration[]]
  /** The conditions: who computes, how fast, and what lies between. */
  readonly cluster: {
    /**
     * Shards of the target, 1 to its number of layers: how many equal ones, or each with its speed and memory, head first. Uneven
     * nodes get layers by speed, as far as their memory goes; `compute` then is that of a node of speed 1 with an even share.
     */
    readonly nodes: Sweepable<number> | readonly [NodeDeclaration, ...NodeDeclaration[]]
    /** Declared per node, or `measured` on this machine when the run is made. */
    readonly compute: 'measured' | SweepableOptions<ComputeDeclaration>
    /** Every link alike: a profile, or numbers. */
    readonly link: Sweepable<LinkProfileName | LinkModel> | SweepableOptions<LinkModel>
  }
  readonly arms: Arms & WithKnownNames<Arms>
  /** The arm that speed and accuracy are compared with. */
  readonly baseline: keyof NoInfer<Arms> & string
  /** Defaults to greedy decoding, `{ temperature: 0 }`. */
  readonly sampling?: Sampling
  /** Non-negative safe integers; defaults to `[1]`. Seeds that cannot change anything are run once. */
  readonly seeds?: readonly number[]
  /** Runs so many speculative cells again, on the first prompts, over real shard processes. Default: none. */
  readonly live?: LiveDeclaration
  /** Largest loss of accuracy that counts as none, percentage points; in [0.01, 99], defaults to 2. */
  readonly marginPoints?: number
}

/**
 * Declares an experiment; make it the default export of its file.
 *
 * @throws DsdError `bad-input` naming the path of the first mistake and its cure.
 */
export function experiment<const Arms extends ArmDeclarations>(declaration: Declaration<Arms>): Experiment {
  return checkDeclaration(declaration)
}
