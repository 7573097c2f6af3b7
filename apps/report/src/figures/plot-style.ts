/** Options that every plot shares: the page's type, room for labels, no background of its own. */
export const plotStyle = {
  fontFamily: 'var(--sans)',
  fontSize: '12px',
  background: 'transparent',
  overflow: 'visible',
} as const

/** Below this width small multiples stand under each other. */
export const narrowPx = 520
