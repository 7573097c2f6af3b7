import { TOKEN_CLASSES, type TokenClass } from '@dsd-lab/core'
import { CONNECTIVES, FUNCTION_WORDS, KEYWORDS, NEGATIONS, NUMBER_WORDS } from './word-lists.ts'

/**
 * Class of every token, for `RuleContext.tokenClasses`. Pieces are decoded tokens, leading space included; the space
 * markers of byte-level and SentencePiece vocabularies are understood too. `[vocab]` -> `[vocab]`, indices into `TOKEN_CLASSES`.
 */
export function classifyVocabulary(pieces: readonly string[]): Uint8Array {
  return Uint8Array.from(pieces, (piece) => TOKEN_CLASSES.indexOf(classifyPiece(piece)))
}

/** Class of one decoded token, seen without its context: a word that is both English and code counts as English. */
export function classifyPiece(piece: string): TokenClass {
  const text = piece.replaceAll(/[Ġ▁]/g, ' ').replaceAll('Ċ', '\n')
  if (text !== '' && text.trim() === '') return 'whitespace'
  const token = text.trim()
  const word = token.toLowerCase().replaceAll('’', "'")
  return CLASSIFIERS.find(([, holds]) => holds(token, word))?.[0] ?? 'other'
}

/** First match wins. `token` keeps its case, `word` is lower case. */
const CLASSIFIERS: readonly (readonly [TokenClass, (token: string, word: string) => boolean])[] = [
  ['number', (token, word) => /^[\p{Sc}+-]?\p{N}[\p{N}.,:/%]*$/u.test(token) || NUMBER_WORDS.has(word)],
  // At most three signs: longer runs are rules and borders, not operators.
  ['operator', (token) => /^(?:[-+*/%^=<>&|~×÷≤≥≠−]|!=|\?\?){1,3}$/u.test(token)],
  ['negation', (_, word) => NEGATIONS.has(word) || /n't$/.test(word) || word === "'t"],
  ['connective', (_, word) => CONNECTIVES.has(word)],
  ['function-word', (_, word) => FUNCTION_WORDS.has(word)],
  ['keyword', (token) => KEYWORDS.has(token)],
  ['identifier', (token) => /^(?:[\p{L}_$][\w$]*(?:[_$\d]|\p{Ll}\p{Lu})[\w$]*|_[\w$]*|\$[\w$]+|\p{L})$/u.test(token)],
  ['name', (token) => /^\p{Lu}\p{Ll}+$/u.test(token)],
  // A piece of a longer character decodes to U+FFFD, which is a symbol too.
  ['punctuation', (token) => /^[\p{P}\p{S}]+$/u.test(token) && !token.includes('\ufffd')],
]
