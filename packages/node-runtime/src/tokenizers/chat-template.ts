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

/** The template of `chat_template.jinja`, else of tokenizer_config.json (the one named `default` where there are several). */
export async function chatTemplate(dir: string, tokenizerConfig: unknown): Promise<ChatTemplate | undefined> {
  const where = join(dir, 'tokenizer_config.json')
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
  const source = await readFile(join(dir, 'chat_template.jinja'), 'utf8').catch(() => named)
  if (source === undefined) return undefined
  let template: Template | undefined
  return {
    render(messages, { openAnswer = true } = {}) {
      try {
        template ??= new Template(source)
        return template.render({ messages, add_generation_prompt: openAnswer, ...specialTokens })
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new DsdError(`the chat template refuses the messages: ${reason}`, {
          kind: 'bad-input',
          where: dir,
          cause,
        })
      }
    },
  }
}
