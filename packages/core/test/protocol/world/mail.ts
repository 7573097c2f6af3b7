import { mix } from '../../fixtures/hash-model.ts'

/** One direction of one connection. Frames arrive in order unless a reconnection is played on it. */
export class Channel {
  readonly name: string
  readonly frames: Uint8Array[] = []

  constructor(name: string) {
    this.name = name
  }

  send(frame: Uint8Array): void {
    this.frames.push(frame)
  }

  take(): Uint8Array | undefined {
    return this.frames.shift()
  }

  drop(): void {
    this.frames.shift()
  }

  /** The same frame again, behind everything that is under way. */
  duplicate(): void {
    const [first] = this.frames
    if (first !== undefined) this.frames.push(first)
  }

  /** What is under way on an old connection arrives after what comes on the new one. */
  reorder(): void {
    const first = this.frames.shift()
    if (first !== undefined) this.frames.push(first)
  }

  /** Flips bits of one byte, or cuts the frame short. */
  corrupt(noise: number): void {
    const [first] = this.frames
    if (first === undefined) return
    const at = mix(noise, 1) % first.length
    const damaged = noise % 8 === 0 ? first.slice(0, at) : first.slice()
    if (noise % 8 !== 0) damaged[at] = (damaged[at] ?? 0) ^ (1 + (mix(noise, 2) % 255))
    this.frames[0] = damaged
  }
}
