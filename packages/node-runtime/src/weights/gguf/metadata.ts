import { HeaderCursor, type HeaderSource } from './header-cursor.ts'
import { type MetadataItem, type MetadataValue, readArray, readValue, readValueType } from './metadata-value.ts'
import { damaged, quoted, refusal } from './refusal.ts'

/** Least bytes of a key and its value: the length of the key, the type, one byte. */
const LEAST_ENTRY_BYTES = 13

/** No model has a thousand keys; a file that claims more than this is damaged. */
const MOST_ENTRIES = 65_536

/** The keys and values of a GGUF header. Texts and numbers are in memory, arrays are fetched when asked for. */
export class Metadata {
  readonly #source: HeaderSource
  readonly #values: ReadonlyMap<string, MetadataValue>

  private constructor(source: HeaderSource, values: ReadonlyMap<string, MetadataValue>) {
    this.#source = source
    this.#values = values
  }

  /** @throws DsdError when a key occurs twice or a value is malformed */
  static read(cursor: HeaderCursor, count: number): Metadata {
    const { path } = cursor.source
    if (count > MOST_ENTRIES || count * LEAST_ENTRY_BYTES > cursor.remaining) {
      throw damaged(path, `the header claims ${count} metadata entries in a file of ${cursor.source.fileBytes} bytes`)
    }
    const values = new Map<string, MetadataValue>()
    for (let index = 0; index < count; index++) {
      cursor.subject = `metadata key ${index + 1} of ${count}`
      const key = cursor.text()
      cursor.subject = `metadata value ${quoted(key)}`
      if (values.has(key)) throw damaged(path, `metadata key ${quoted(key)} occurs twice`)
      values.set(key, readValue(cursor, readValueType(cursor)))
    }
    return new Metadata(cursor.source, values)
  }

  get keys(): readonly string[] {
    return [...this.#values.keys()]
  }

  /** As the file has it, with its type. */
  get(key: string): MetadataValue | undefined {
    return this.#values.get(key)
  }

  /** @throws DsdError when the value is of another type */
  text(key: string): string | undefined {
    const found = this.get(key)
    if (found === undefined || found.type === 'string') return found?.value
    throw this.#mistyped(key, found, 'a text')
  }

  /** @throws DsdError when the value is of another type */
  flag(key: string): boolean | undefined {
    const found = this.get(key)
    if (found === undefined || found.type === 'bool') return found?.value
    throw this.#mistyped(key, found, 'a bool')
  }

  /** A size or an id, of any integer type. @throws DsdError when the value is no whole number from 0 up to 2^53 */
  size(key: string): number | undefined {
    const found = this.get(key)
    if (found === undefined) return undefined
    const value = found.type === 'array' ? Number.NaN : Number(found.value)
    const integral = found.type.includes('int') && Number.isSafeInteger(value) && value >= 0
    if (!integral) throw this.#mistyped(key, found, 'a whole number from 0 up')
    return value
  }

  /**
   * A real number. A float32 comes as the shortest decimal that rounds to it: 1e-6, not 9.999999974752427e-7.
   *
   * @throws DsdError when the value is no finite number
   */
  real(key: string): number | undefined {
    const found = this.get(key)
    if (found === undefined) return undefined
    const value = found.type === 'array' ? undefined : found.value
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#mistyped(key, found, 'a finite number')
    return found.type === 'float32' ? shortestFloat32(value) : value
  }

  /** @throws DsdError when the value is no array of texts, or one of them is not UTF-8 */
  texts(key: string): string[] | undefined {
    return this.#arrayOf(key, 'texts', (item) => typeof item === 'string')
  }

  /**
   * Some texts of an array, by their place in it; the others are walked over.
   *
   * @throws DsdError when the value is no array of texts, or one of those asked for is not UTF-8
   */
  textsAt(key: string, places: ReadonlySet<number>): ReadonlyMap<number, string> {
    const found = this.get(key)
    if (found === undefined) return new Map()
    if (found.type !== 'array' || found.itemType !== 'string') throw this.#mistyped(key, found, 'an array of texts')
    const cursor = new HeaderCursor(this.#source, found.start)
    cursor.subject = `metadata value ${quoted(key)}`
    const texts = new Map<number, string>()
    for (let place = 0; place < found.count; place++) {
      if (places.has(place)) texts.set(place, cursor.text())
      else cursor.skipText()
    }
    return texts
  }

  /** @throws DsdError when the value is no array of numbers */
  numbers(key: string): number[] | undefined {
    return this.#arrayOf(key, 'numbers', (item) => typeof item === 'number')
  }

  /** Items of an array of any type, nested ones as arrays in it. @throws DsdError when the value is no array */
  array(key: string): readonly MetadataItem[] | undefined {
    const found = this.get(key)
    if (found === undefined) return undefined
    if (found.type !== 'array') throw this.#mistyped(key, found, 'an array')
    const cursor = new HeaderCursor(this.#source, found.start)
    cursor.subject = `metadata value ${quoted(key)}`
    return readArray(cursor, found)
  }

  #arrayOf<T extends MetadataItem>(key: string, what: string, is: (item: MetadataItem) => item is T): T[] | undefined {
    const items = this.array(key)
    const wanted = items?.filter(is)
    if (wanted?.length === items?.length) return wanted
    throw refusal(this.#source.path, `metadata key ${quoted(key)} is not an array of ${what}`)
  }

  #mistyped(key: string, found: MetadataValue, expected: string) {
    const what =
      found.type === 'array' ? `an array of ${found.itemType}` : `${found.type} ${quoted(String(found.value))}`
    return refusal(this.#source.path, `metadata key ${quoted(key)} is ${what}, not ${expected}`)
  }
}

function shortestFloat32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
