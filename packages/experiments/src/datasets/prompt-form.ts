import type { TaskItem } from './task-item.ts'

/** How an item is put to a model: as one turn of a conversation, by the model's own template, or as a text to continue. */
export const PROMPT_FORMS = ['chat', 'raw'] as const
export type PromptForm = (typeof PROMPT_FORMS)[number]

/** The whole answer to an item: how it was opened for the model, and what the model wrote. */
export function wholeAnswer(item: TaskItem, text: string, form: PromptForm): string {
  return form === 'chat' ? `${item.chat?.opening ?? ''}${text}` : text
}
