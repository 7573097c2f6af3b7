/** Events by time; of equal times the one that was added first. A binary heap. */
export class EventQueue<Event> {
  readonly #heap: { readonly atUs: number; readonly order: number; readonly event: Event }[] = []
  #added = 0

  add(atUs: number, event: Event): void {
    const entry = { atUs, order: this.#added++, event }
    let place = this.#heap.push(entry) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#before(place, parent)) break
      this.#swap(place, parent)
      place = parent
    }
  }

  /** Takes the earliest; undefined when there is none. */
  next(): { readonly atUs: number; readonly event: Event } | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first === undefined || last === undefined || first === last) return first
    this.#heap[0] = last
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2]
      let earliest = place
      if (left < this.#heap.length && this.#before(left, earliest)) earliest = left
      if (right < this.#heap.length && this.#before(right, earliest)) earliest = right
      if (earliest === place) return first
      this.#swap(place, earliest)
      place = earliest
    }
  }

  #before(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]]
    if (a === undefined || b === undefined) return false
    return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order)
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]]
    if (a === undefined || b === undefined) return
    this.#heap[one] = b
    this.#heap[other] = a
  }
}
