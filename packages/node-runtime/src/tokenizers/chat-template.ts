import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { Template } from '@huggingface/jinja'
import { z } from 'zod'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** Writes a conversation in the form that a model was tuned on. */
export interface ChatTemplate {
  /**
   * The text to encode, special tokens spelled out: encode it with `specialTokens: false`.
   *
   * @param openAnswer end with what introduces the assistant's turn. Default true
   * @throws DsdError when the template refuses the messages
   */
  render(messages: readonly ChatMessage[], options?: { readonly openAnswer?: boolean }): string
}

const special = z
  .union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
  .nullish()
  .transform((token) => token ?? '')

const schema = z.object({
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
  bos_token: special,
  eos_token: special,
  unk_token: special,
  pad_token: special,
})

/**
 * The template of `chat_template.jinja`, else of tokenizer_config.json (the one named `default` where there are several).
 *
 * @throws DsdError when a special token or the template is malformed
 */
export async function readChatTemplate(dir: string, tokenizerConfig: unknown): Promise<ChatTemplate | undefined> {
  const jinja = await readFile(join(dir, 'chat_template.jinja'), 'utf8').catch(() => undefined)
  return chatTemplate({ tokenizerConfig, where: join(dir, 'tokenizer_config.json'), ...(jinja && { jinja }) })
}

export interface ChatTemplateRequest {
  /** As Hugging Face's tokenizer_config.json. */
  readonly tokenizerConfig: unknown
  /** Jinja source that goes before that of the config. */
  readonly jinja?: string
  /** File to name when something is wrong. */
  readonly where: string
}

/** @returns undefined when there is none @throws DsdError when a special token or the template is malformed */
export function chatTemplate({ tokenizerConfig, jinja, where }: ChatTemplateRequest): ChatTemplate | undefined {
  const config = schema.safeParse(tokenizerConfig)
  if (!config.success) {
    throw new DsdError('chat_template or a special token is malformed', {
      kind: 'bad-input',
      where,
      cause: config.error,
    })
  }
  const { chat_template: inConfig, ...specialTokens } = config.data
  const named = typeof inConfig === 'string' ? inConfig : inConfig?.find(({ name }) => name === 'default')?.template
  const source = jinja ?? named
  if (source === undefined) return undefined
  let template: Template | undefined
  return {
    render(messages, { openAnswer = true } = {}) {
      try {
        template ??= new Template(source)
        return template.render({ messages, add_generation_prompt: openAnswer, ...specialTokens })
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new DsdError(`the chat template refuses the messages: ${reason}`, { kind: 'bad-input', where, cause })
      }
    },
  }
}
