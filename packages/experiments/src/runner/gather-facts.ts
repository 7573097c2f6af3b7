import { pathToFileURL } from 'node:url'
import { builtInRuleNames, resolveRule } from '@dsd-lab/acceptance'
import { DsdError, suggestName } from '@dsd-lab/core'
import {
  ENGINE_NAMES,
  type EngineName,
  engineVersion,
  type ModelSource,
  openModel,
  PRECISIONS,
  type Precision,
  parseLink,
  planPlacement,
  requireSameTokenizer,
  selectEngine,
  storedBytes,
  type TextTokenizer,
} from '@dsd-lab/node-runtime'
import { type OpenedTask, openTask } from '../datasets/index.ts'
import type { DrafterSpec } from '../drafters/define-drafter.ts'
import { drafterNamed, isBuiltInDrafter } from '../drafters/registry.ts'
import type { Experiment } from '../dsl/check.ts'
import { isSweep } from '../dsl/sweep.ts'
import { requirePython } from '../graders/python/find-python.ts'
import { namedLabels } from '../importance/named-labels.ts'
import { withScorer } from '../importance/resolve-scorer.ts'
import { codeVersion } from '../plan/code-version.ts'
import { isList } from '../plan/conditions.ts'
import { contentId } from '../plan/digest.ts'
import type { PlanFacts } from '../plan/plan.ts'
import { type PutPrompts, putPrompts } from './put-prompts.ts'
import { sourceDigest } from './source-digest.ts'

/** A task as an experiment asks for it, its items put to the target. */
export interface ChosenTask extends OpenedTask, PutPrompts {
  readonly maxTokens: number
}

/** An experiment with everything it names looked up: what a plan and a run need. */
export interface Setting {
  readonly file: string
  readonly experiment: Experiment
  readonly target: ModelSource
  readonly tokenizer: TextTokenizer
  readonly draft: ModelSource | undefined
  /** How the engine holds the draft model; undefined: as it does by itself. */
  readonly draftPrecision: Precision | undefined
  /** What drafts without a model. */
  readonly drafter: DrafterSpec | undefined
  readonly engine: EngineName
  readonly engineNote: string
  /** What another engine would take; undefined where the engine is the one that was asked for, or the best. */
  readonly engineAdvice: string | undefined
  readonly tasks: readonly ChosenTask[]
  /** Modules that every process which judges or drafts has to import, as URLs. */
  readonly ruleModules: readonly string[]
  readonly facts: PlanFacts
}

/**
 * @param runs folder that measured labels are looked up in; without it an oracle keeps their name, and cannot be planned
 * @throws DsdError `bad-input` naming the path in the experiment of what does not exist or does not fit.
 */
export async function gatherFacts(file: string, experiment: Experiment, runs?: string): Promise<Setting> {
  const {
    models,
    sampling,
    cluster: { nodes },
  } = experiment
  const target = await atPath('models.target', () => openModel(models.target))
  const { draft: asked } = models
  const draft = typeof asked === 'string' ? await atPath('models.draft', () => openModel(asked)) : undefined
  const drafter =
    typeof asked === 'object' ? await atPath('models.draft', async () => drafterNamed(asked).parse(asked)) : undefined
  const tokenizer = await target.tokenizer()
  if (draft !== undefined) requireSameTokenizer(tokenizer, await draft.tokenizer())
  checkNodes(experiment, target)
  const tasks: ChosenTask[] = []
  for (const [index, declared] of experiment.tasks.entries()) {
    tasks.push(await atPath(`tasks[${index}]`, () => chosenTask(declared, tokenizer)))
  }
  const engine = chooseEngine(models.engine, target)
  const draftPrecision = draftPrecisionOf(models, engine.name)
  const ownRules = Object.values(experiment.arms).some(
    (arm) => arm.decode === 'speculative' && !builtInRuleNames.includes(arm.accept.name),
  )
  const ownCode = ownRules || (drafter !== undefined && !isBuiltInDrafter(drafter))
  const targetDigest = await target.digest()
  const draftDigest = await draft?.digest()
  const scored = {
    file,
    models: {
      target: { ref: target.ref, digest: targetDigest },
      draft: draft === undefined || draftDigest === undefined ? undefined : { ref: draft.ref, digest: draftDigest },
    },
  }
  const labelled =
    runs === undefined
      ? undefined
      : await namedLabels(experiment, { runs, engine: engine.name, targetDigest, draftDigest, tasks })
  const context = { vocabSize: target.config.vocabSize, temperature: sampling?.temperature ?? 0 }
  return {
    file,
    experiment,
    target,
    tokenizer,
    draft,
    draftPrecision,
    drafter,
    engine: engine.name,
    engineNote: engine.note,
    engineAdvice: engine.advice,
    tasks,
    ruleModules: ownCode ? [pathToFileURL(file).href] : [],
    facts: {
      makeRule: (spec) => resolveRule(withScorer(labelled?.(spec) ?? spec, scored), context),
      ...(isList(nodes) ? { placement: planPlacement(await storedBytes(target), nodes) } : {}),
      link: (declared) => ({ jitterMs: 0, loss: 0, ...parseLink(declared, 'cluster.link') }),
      targetDigest,
      draftDigest: drafter === undefined ? digestOfDraft(draftDigest ?? null, draftPrecision) : contentId(drafter),
      draftsFromText: drafter !== undefined,
      engine: `${engine.name} ${engineVersion(engine.name)}`,
      code: codeVersion(),
      ruleCode: ownCode ? await sourceDigest(file) : null,
      tasks: tasks.map(({ name, digest, maxTokens, chat }) => ({
        name,
        digest,
        maxTokens,
        ...(chat === undefined ? {} : { chat }),
      })),
    },
  }
}

async function chosenTask(
  { name, limit, seed, maxTokens, prompt: asked }: Experiment['tasks'][number],
  tokenizer: TextTokenizer,
): Promise<ChosenTask> {
  const task = await openTask({
    name,
    ...(limit === undefined ? {} : { limit }),
    ...(seed === undefined ? {} : { seed }),
  })
  if (task.items.some(({ kind }) => kind === 'python-program')) await requirePython(name)
  return {
    ...task,
    ...putPrompts({ items: task.items, tokenizer, asked }),
    maxTokens: maxTokens ?? task.defaultMaxTokens,
  }
}

function checkNodes({ cluster: { nodes } }: Experiment, target: ModelSource): void {
  const { layers } = target.config
  const most = isList(nodes) ? nodes.length : Math.max(...(isSweep(nodes) ? nodes.sweep : [nodes]))
  if (most <= layers) return
  throw new DsdError(`${most} nodes for the ${layers} layers of ${target.ref}`, {
    kind: 'bad-input',
    where: 'cluster.nodes',
    fix: `choose at most ${layers}: every node needs a layer`,
  })
}

function chooseEngine(
  asked: string | undefined,
  model: ModelSource,
): { readonly name: EngineName; readonly note: string; readonly advice: string | undefined } {
  const prefer = ENGINE_NAMES.find((name) => name === asked)
  if (asked !== undefined && prefer === undefined) {
    throw new DsdError(`no engine is called ${asked}`, {
      kind: 'bad-input',
      where: 'models.engine',
      fix: suggestName(asked, ENGINE_NAMES),
    })
  }
  const { name, reason, advice } = selectEngine({ model, ...(prefer === undefined ? {} : { prefer }) })
  const note = advice === undefined ? reason : `${reason}; ${advice}`
  return { name, note, advice: advice === undefined ? undefined : `engine ${name}: ${note}` }
}

/** What the model says in coarser numbers are other drafts. */
function digestOfDraft(digest: string | null, precision: Precision | undefined): string | null {
  return precision === undefined ? digest : contentId({ digest, precision })
}

function draftPrecisionOf({ draft, draftPrecision }: Experiment['models'], engine: EngineName): Precision | undefined {
  if (draftPrecision === undefined) return undefined
  const wrong = (what: string, fix: string): DsdError =>
    new DsdError(what, { kind: 'bad-input', where: 'models.draftPrecision', fix })
  const precision = PRECISIONS.find((name) => name === draftPrecision)
  if (precision === undefined) {
    throw wrong(`no precision is called ${draftPrecision}`, suggestName(draftPrecision, PRECISIONS))
  }
  if (typeof draft !== 'string') throw wrong('no draft model is named', 'name one in models.draft, or leave it out')
  if (engine !== 'onnx' && precision !== 'f32') {
    throw wrong(`engine ${engine} has f32 only`, "choose engine: 'onnx', or leave it out")
  }
  return precision
}

async function atPath<T>(where: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    throw relocated(error, where)
  }
}

/** The same error, placed in the experiment. */
function relocated(error: unknown, where: string): unknown {
  if (!(error instanceof DsdError)) return error
  const { message, kind, fix } = error
  const what = error.where === undefined ? message : `${error.where}: ${message}`
  return new DsdError(what, { kind, where, ...(fix === undefined ? {} : { fix }), cause: error })
}
