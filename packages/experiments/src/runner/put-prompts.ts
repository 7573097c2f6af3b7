import { createHash } from 'node:crypto'
import { DsdError } from '@dsd-lab/core'
import type { TextTokenizer } from '@dsd-lab/node-runtime'
import type { PromptForm } from '../datasets/prompt-form.ts'
import type { TaskItem } from '../datasets/task-item.ts'

/** A prompt as it is tokenised. */
export interface PutPrompt {
  readonly text: string
  /** Whether the tokenizer puts its own tokens around it, as a beginning-of-text token; a chat template has spelled them out. */
  readonly specialTokens: boolean
}

export interface PutPrompts {
  readonly form: PromptForm
  /** In the order of the items. */
  readonly prompts: readonly PutPrompt[]
  /** Digest of what a chat template made of them; absent where they are texts to continue. */
  readonly chat?: string
}

/**
 * Puts items to a target: through its chat template where it has one and the items have a message, else as texts to continue.
 *
 * @param asked overrides that
 * @throws DsdError `bad-input` when a chat is asked for and there is no template, or no message.
 */
export function putPrompts({
  items,
  tokenizer: { chat },
  asked,
}: {
  readonly items: readonly TaskItem[]
  readonly tokenizer: TextTokenizer
  readonly asked: PromptForm | undefined
}): PutPrompts {
  const hasMessages = items.every((item) => item.chat !== undefined)
  const form = asked ?? (chat !== undefined && hasMessages ? 'chat' : 'raw')
  if (form === 'raw') return { form, prompts: items.map(({ prompt: text }) => ({ text, specialTokens: true })) }
  if (chat === undefined) {
    throw new DsdError('the target has no chat template', {
      kind: 'bad-input',
      fix: "choose a target tuned on conversations, or prompt: 'raw'",
    })
  }
  const hash = createHash('sha256')
  const prompts = items.map(({ id, chat: message }) => {
    if (message === undefined) {
      throw new DsdError(`${id} has no message for a chat`, { kind: 'bad-input', fix: "choose prompt: 'raw'" })
    }
    const text = chat.render([{ role: 'user', content: message.user }]) + (message.opening ?? '')
    hash.update(`${JSON.stringify(text)}\n`)
    return { text, specialTokens: false }
  })
  return { form, prompts, chat: hash.digest('hex') }
}
