import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTokenizer, openModel, type TextTokenizer } from '@dsd-lab/node-runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenItem, TaskItem } from '../../src/datasets/index.ts'
import { loadTask } from '../../src/datasets/index.ts'
import { putPrompts } from '../../src/runner/put-prompts.ts'

const TEMPLATE =
  '{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}'
const BUNDLED = new URL('../../../node-runtime/bundled/lab-target/tokenizer.json', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'dsd-chat-'))
let plain: TextTokenizer
let chatty: TextTokenizer

beforeAll(async () => {
  cpSync(BUNDLED, join(folder, 'tokenizer.json'))
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: TEMPLATE }))
  plain = await (await openModel('bundled:lab-target')).tokenizer()
  chatty = await loadTokenizer(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open = (id: string, opening?: string): OpenItem => ({
  kind: 'open',
  id,
  task: 'own',
  prompt: `raw ${id}`,
  chat: { user: `ask ${id}`, ...(opening === undefined ? {} : { opening }) },
})

describe('how items are put to a target', () => {
  const items: TaskItem[] = [open('a'), open('b', 'So: ')]

  test('through its chat template where it has one, each answer opened as the item says', () => {
    const put = putPrompts({ items, tokenizer: chatty, asked: undefined })
    expect(put.form).toBe('chat')
    expect(put.prompts).toEqual([
      { text: '<user>ask a</><assistant>', specialTokens: false },
      { text: '<user>ask b</><assistant>So: ', specialTokens: false },
    ])
  })

  test('as texts to continue where it has none, or where the experiment says so', () => {
    for (const put of [
      putPrompts({ items, tokenizer: plain, asked: undefined }),
      putPrompts({ items, tokenizer: chatty, asked: 'raw' }),
    ]) {
      expect(put).toEqual({
        form: 'raw',
        prompts: [
          { text: 'raw a', specialTokens: true },
          { text: 'raw b', specialTokens: true },
        ],
      })
    }
  })

  test('as texts to continue when the task has only those', () => {
    const { items: problems } = loadTask('word-problems', { limit: 2 })
    expect(putPrompts({ items: problems, tokenizer: chatty, asked: undefined }).form).toBe('raw')
    expect(() => putPrompts({ items: problems, tokenizer: chatty, asked: 'chat' })).toThrow('has no message for a chat')
  })

  test('a chat that is asked of a target without a template is refused', () => {
    expect(() => putPrompts({ items, tokenizer: plain, asked: 'chat' })).toThrow('the target has no chat template')
  })

  test('what the template made of them is part of what a run is', () => {
    const digest = (of: readonly TaskItem[]) => putPrompts({ items: of, tokenizer: chatty, asked: 'chat' }).chat
    expect(digest(items)).toMatch(/^[0-9a-f]{64}$/)
    expect(digest(items)).toBe(digest([...items]))
    expect(digest(items)).not.toBe(digest([open('a'), open('b')]))
  })
})
