const storageKey = 'dsd-report-theme'
const root = document.documentElement

const isDark = (): boolean =>
  root.dataset.theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : root.dataset.theme === 'dark'

/** Makes the theme button work. Until it is used the page follows the system; the choice is kept for the next page. */
export function offerThemes(): void {
  const button = document.querySelector<HTMLButtonElement>('#theme')
  if (button === null) return
  const show = (): void => {
    button.setAttribute('aria-pressed', String(isDark()))
  }
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark'
    try {
      localStorage.setItem(storageKey, root.dataset.theme)
    } catch {
      // Storage is switched off: the choice lasts for this page.
    }
    show()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show)
  show()
}
