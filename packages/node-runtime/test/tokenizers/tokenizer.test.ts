import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { firstDifference, requireSameTokenizer } from '../../src/tokenizers/same-tokenizer.ts'
import { loadTokenizer } from '../../src/tokenizers/tokenizer.ts'
import { type ByteTokenizerOptions, byteTokenizer } from './byte-tokenizer.ts'

const english = {
  merges: [
    ['h', 'e'],
    ['Ġ', 't'],
    ['Ġt', 'he'],
  ],
  addsStart: true,
} as const satisfies ByteTokenizerOptions

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dsd-tokenizer-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function load(options?: ByteTokenizerOptions, config?: unknown) {
  await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(byteTokenizer(options)))
  if (config !== undefined) await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify(config))
  return loadTokenizer(dir)
}

/** Any text without lone surrogates, which have no bytes, and without the sign for them. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((any) => !any.includes('\ufffd'))

describe('a tokenizer', () => {
  it('gives back every text that it encodes', async () => {
    const tokenizer = await load(english)
    fc.assert(fc.property(text, (original) => tokenizer.decode(tokenizer.encode(original)) === original))
  })

  it('keeps the space before punctuation, whatever tokenizer_config.json wishes', async () => {
    const tokenizer = await load(english, { clean_up_tokenization_spaces: true })
    expect(tokenizer.decode(tokenizer.encode("it 's 1 , 2 ."))).toBe("it 's 1 , 2 .")
  })

  it('adds and hides special tokens', async () => {
    const tokenizer = await load(english)
    const ids = tokenizer.encode('on the', { specialTokens: false })
    expect(tokenizer.encode('on the')).toEqual([0, ...ids])
    expect(tokenizer.encode('a</s>', { specialTokens: false }).at(-1)).toBe(1)
    expect(tokenizer.decode([0, ...ids, 1])).toBe('on the')
    expect(tokenizer.decode([0, ...ids, 1], { specialTokens: true })).toBe('<s>on the</s>')
    expect(tokenizer.decode([])).toBe('')
    expect([...tokenizer.specialIds]).toEqual([0, 1])
  })

  it('lists the text of every token, leading spaces included', async () => {
    const tokenizer = await load(english)
    const pieces = tokenizer.pieces()
    expect(pieces).toHaveLength(tokenizer.size)
    expect([pieces[1], pieces[2 + 32], pieces[2 + 65], pieces.at(-1)]).toEqual(['</s>', ' ', 'A', ' the'])
    expect(tokenizer.spelling(tokenizer.size - 1)).toBe('Ġthe')
    expect(tokenizer.spelling(tokenizer.size)).toBeUndefined()
  })

  it.each([
    ['{}', 'not a tokenizer of Hugging Face; fetch the file again'],
    ['no JSON', 'not a tokenizer of Hugging Face; fetch the file again'],
  ])('is refused in one line when tokenizer.json is %s', async (json, line) => {
    await writeFile(join(dir, 'tokenizer.json'), json)
    await expect(loadTokenizer(dir)).rejects.toMatchObject({ line: `${join(dir, 'tokenizer.json')}: ${line}` })
  })
})

describe('streaming decode', () => {
  it('adds up to the whole text, for any tokens in any portions', async () => {
    const tokenizer = await load(english)
    const portions = fc.array(fc.array(fc.nat(tokenizer.size - 1), { maxLength: 4 }), { maxLength: 20 })
    fc.assert(
      fc.property(portions, (parts) => {
        const stream = tokenizer.streamDecoder()
        const streamed = parts.map((ids) => stream.push(ids)).join('') + stream.flush()
        expect(streamed).toBe(tokenizer.decode(parts.flat()))
      }),
    )
  })

  it('never gives out half a character', async () => {
    const tokenizer = await load(english)
    fc.assert(
      fc.property(text, (original) => {
        const stream = tokenizer.streamDecoder()
        const pieces = tokenizer.encode(original).map((id) => stream.push([id]))
        expect(pieces.join('')).toBe(original)
        for (const piece of pieces) expect(piece).not.toMatch(/\p{Cs}|\ufffd/u)
        expect(stream.flush()).toBe('')
      }),
    )
  })

  it('holds a character back until its last byte, and shows an unfinished one at the end', async () => {
    const tokenizer = await load()
    const stream = tokenizer.streamDecoder()
    const [first = 0, second = 0, third = 0] = tokenizer.encode('€')
    expect([stream.push([first]), stream.push([second]), stream.push([third])]).toEqual(['', '', '€'])
    expect([stream.push([first]), stream.flush(), stream.flush()]).toEqual(['', '\ufffd', ''])
  })
})

describe('two tokenizers', () => {
  it('are the same when every id means the same, however the file is written', async () => {
    const left = await load(english)
    await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(byteTokenizer(english), null, 2))
    const right = await loadTokenizer(dir)
    expect(left.digest).toBe(right.digest)
    expect(firstDifference(left, right)).toBeUndefined()
  })

  it('are told apart by the first id that differs', async () => {
    const target = await load(english)
    const draft = await load({
      merges: [
        ['h', 'e'],
        ['Ġ', 'a'],
      ],
    })
    expect(firstDifference(target, draft)).toEqual({ id: 259, left: 'Ġt', right: 'Ġa' })
    expect(() => requireSameTokenizer(target, draft)).toThrow(
      'target and draft have different tokenizers: token 259 is "Ġt" for the target and "Ġa" for the draft',
    )
    expect(firstDifference(target, await load({ merges: english.merges.slice(0, 2) }))).toEqual({
      id: 260,
      left: 'Ġthe',
      right: undefined,
    })
  })
})

describe('a chat template', () => {
  const template =
    "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}] {{ message['content'] }}\n{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}"
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ] as const

  it('writes the conversation as the model was tuned on it', async () => {
    const { chat } = await load(english, { bos_token: { content: '<s>' }, chat_template: template })
    expect(chat?.render(messages)).toBe('<s>[system] Be brief.\n[user] Hi\n[assistant] ')
    expect(chat?.render(messages, { openAnswer: false })).toBe('<s>[system] Be brief.\n[user] Hi\n')
  })

  it('is the one called default among several, and the file of its own before all', async () => {
    const several = [
      { name: 'tools', template: 'tools' },
      { name: 'default', template: 'plain' },
    ]
    expect((await load(english, { chat_template: several })).chat?.render(messages)).toBe('plain')
    await writeFile(join(dir, 'chat_template.jinja'), 'file')
    expect((await load(english, { chat_template: several })).chat?.render(messages)).toBe('file')
  })

  it('is absent when the folder has none', async () => {
    expect((await load(english)).chat).toBeUndefined()
  })

  it('says why it refuses a conversation', async () => {
    const { chat } = await load(english, { chat_template: "{{ raise_exception('no system role') }}" })
    expect(() => chat?.render(messages)).toThrow('the chat template refuses the messages: no system role')
  })
})
