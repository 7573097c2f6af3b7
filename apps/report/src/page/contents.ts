/** Fills the list of sections beside the text, and marks the one being read. */
export function listContents(): void {
  const list = document.querySelector<HTMLElement>('#contents ol')
  const headings = [...document.querySelectorAll<HTMLHeadingElement>('main h2[id]')]
  if (list === null || headings.length < 3) {
    document.querySelector('#contents')?.remove()
    return
  }
  const links = new Map<Element, HTMLAnchorElement>()
  for (const heading of headings) {
    const link = document.createElement('a')
    link.href = `#${heading.id}`
    link.textContent = heading.textContent
    const item = document.createElement('li')
    item.append(link)
    list.append(item)
    links.set(heading, link)
  }
  const mark = (): void => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3)
    const current = passed.at(-1) ?? headings[0]
    for (const [heading, link] of links) {
      if (heading === current) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  }
  addEventListener('scroll', mark, { passive: true })
  // Figures are drawn after this and push the headings down.
  new ResizeObserver(mark).observe(document.body)
}
