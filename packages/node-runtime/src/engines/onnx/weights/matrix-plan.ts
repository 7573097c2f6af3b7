import type { MatrixTensor, ModelConfig } from '../../../models/model-config.ts'
import type { ModelWeights } from '../../../weights/model-weights.ts'
import type { Precision } from '../../precision.ts'
import { chooseForm } from './choose-form.ts'
import { type MatrixForm, sameForm } from './matrix-form.ts'

/** A matrix to be: tensors of one form, stacked. */
export interface MatrixPlan {
  /** Unique in its section. */
  readonly name: string
  readonly inSize: number
  readonly outSize: number
  readonly form: MatrixForm
  readonly parts: readonly MatrixTensor[]
}

export interface LayerPlan {
  readonly queryKeyValue: readonly MatrixPlan[]
  readonly output: MatrixPlan
  readonly feedForwardIn: readonly MatrixPlan[]
  readonly down: MatrixPlan
}

export interface PlanRequest {
  readonly config: ModelConfig
  readonly weights: ModelWeights
  readonly precision: Precision
}

export function planLayer(request: PlanRequest, index: number): LayerPlan {
  const { hiddenSize, heads, headDim, ffnSize, tensors } = request.config
  const layer = tensors.layer(index)
  const single = (name: string, inSize: number, part: MatrixTensor): MatrixPlan => planOne(request, name, inSize, part)
  return {
    queryKeyValue: stacked(layer.queryKeyValue.map((part, i) => single(`qkv${i}`, hiddenSize, part))),
    output: single('o', heads * headDim, layer.output),
    feedForwardIn: layer.feedForwardIn.map((part, i) => single(`in${i}`, hiddenSize, part)),
    down: single('down', ffnSize, layer.down),
  }
}

export function planHead(request: PlanRequest): MatrixPlan {
  const { hiddenSize, vocabSize, tensors } = request.config
  return planOne(request, 'head', hiddenSize, { name: tensors.head, outSize: vocabSize })
}

function planOne({ config, weights, precision }: PlanRequest, name: string, inSize: number, part: MatrixTensor) {
  const isHead = part.name === config.tensors.head
  const form = chooseForm({ precision, stored: weights.stored(part.name), isHead })
  return { name, inSize, outSize: part.outSize, form, parts: [part] }
}

/** Neighbours of one form become one matrix: fewer, larger products. */
function stacked(plans: readonly MatrixPlan[]): MatrixPlan[] {
  const out: MatrixPlan[] = []
  for (const plan of plans) {
    const last = out.at(-1)
    if (last === undefined || !sameForm(last.form, plan.form)) out.push(plan)
    else out[out.length - 1] = { ...last, outSize: last.outSize + plan.outSize, parts: [...last.parts, ...plan.parts] }
  }
  return out
}
