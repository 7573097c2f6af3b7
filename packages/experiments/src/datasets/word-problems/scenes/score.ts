import type { Scene } from './scene.ts'

export const score: Scene = {
  name: 'score',
  actors: 'person',
  things: ['points', 'stars', 'goals', 'medals'],
  described: false,
  boxes: ['rounds', 'games', 'levels', 'matches'],
  opening: {
    train: [
      '{who} begins a game with {n} {thing}.',
      '{who} has {n} {thing} after the first round.',
      'The score of {who} is {n} {thing}.',
      'On Monday {who} has {n} {thing}.',
    ],
    heldout: [
      'After the first round the score of {who} is {n} {thing}.',
      'On Monday {who} begins a game with {n} {thing}.',
    ],
  },
  openingGroups: {
    train: [
      '{who} plays {k} {box} and makes {m} {thing} in each.',
      'In {k} {box} {who} wins {m} {thing} each time.',
      '{who} wins {m} {thing} in each of {k} {box}.',
    ],
    heldout: [
      'On Monday {who} plays {k} {box} and wins {m} {thing} each time.',
      'In each of {k} {box} {who} makes {m} {thing}.',
    ],
  },
  gain: [
    '{they} scores {n} more {thing}.',
    'A bonus adds {n} {thing}.',
    'Then {who} wins {n} {thing}.',
    'In the next round {they} makes {n} {thing}.',
    '{other} hands {who} {n} {thing}.',
  ],
  lose: [
    'A foul costs {n} {thing}.',
    '{they} loses {n} {thing} in the next round.',
    'Then {who} drops {n} {thing}.',
    '{other} takes {n} {thing} from {who}.',
    'A mistake removes {n} {thing}.',
  ],
  gainGroups: [
    '{they} plays {k} {box} and wins {m} {thing} in each.',
    'Then {k} {box} bring {m} {thing} each.',
    'In {k} more {box} {who} makes {m} {thing} each time.',
  ],
  loseGroups: [
    '{they} plays {k} {box} and loses {m} {thing} in each.',
    'Then {k} fouls cost {m} {thing} each.',
    'In {k} bad {box} {who} drops {m} {thing} each time.',
  ],
  multiply: ['A lucky card makes the score {k} times as large.', 'Then the score of {who} becomes {k} times as high.'],
  question: {
    train: [
      'How many {thing} does {who} have now?',
      'What is the score of {who} in the end?',
      'What number of {thing} does {who} have?',
      'Find the number of {thing} that {who} has at the end.',
    ],
    heldout: ['Find the score of {who} at the end.', 'What is the number of {thing} that {who} has now?'],
  },
  telling: {
    has: ['has', 'is at', 'holds', 'stands at'],
    gets: ['scores', 'wins', 'gets', 'gains', 'makes'],
    loses: ['loses', 'drops', 'gives up', 'misses', 'hands over'],
  },
}
