type Attribute = string | number | boolean | undefined
export type Child = Node | string | number | null | undefined

/** An HTML element. A false or missing attribute is left out, a true one is empty; numbers and strings become text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children) {
    if (child !== null && child !== undefined) node.append(typeof child === 'number' ? String(child) : child)
  }
  return node
}
