/** Modules inside Notebook Kit's runtime, which the bundler finds by these names, and the reactive runtime, which has no types. */
declare module 'virtual:notebook-kit/define.js' {
  import type { DefineState, Definition } from '@observablehq/notebook-kit/runtime'
  import type { Module } from '@observablehq/runtime'
  export function define(main: Module, state: DefineState, definition: Definition): void
}

declare module 'virtual:notebook-kit/stdlib/generators/index.js' {
  export function dark(): AsyncIterable<boolean>
  export function width(target: Element): AsyncIterable<number>
}

declare module 'virtual:notebook-kit/stdlib/md.js' {
  export function md(template: TemplateStringsArray, ...values: readonly unknown[]): Node
}

declare module '@observablehq/runtime' {
  export interface Module {
    defines(name: string): boolean
  }
  export class Runtime {
    constructor(builtins: Readonly<Record<string, () => unknown>>)
    module(): Module
  }
}

declare module '*.css' {}
