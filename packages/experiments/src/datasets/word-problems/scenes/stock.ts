import type { Scene } from './scene.ts'

export const stock: Scene = {
  name: 'stock',
  actors: [
    'the shop',
    'the bakery',
    'the farm',
    'the library',
    'the school',
    'the museum',
    'the old farm',
    'the new shop',
  ],
  things: [
    'cakes',
    'lamps',
    'chairs',
    'eggs',
    'plants',
    'melons',
    'pots',
    'hats',
    'loaves',
    'flowers',
    'candles',
    'blankets',
    'mirrors',
    'carrots',
  ],
  described: true,
  boxes: ['shelves', 'rows', 'trays', 'carts', 'crates'],
  opening: {
    train: [
      '{who} has {n} {thing} in store.',
      'In the morning {who} has {n} {thing}.',
      'There are {n} {thing} at {who}.',
      '{who} keeps {n} {thing}.',
    ],
    heldout: ['In the morning there are {n} {thing} at {who}.', '{who} keeps {n} {thing} in store.'],
  },
  openingGroups: {
    train: [
      '{who} has {k} {box} with {m} {thing} on each.',
      'There are {k} {box} of {m} {thing} at {who}.',
      'In the morning {who} fills {k} {box} with {m} {thing} each.',
    ],
    heldout: [
      'In the morning {who} has {k} {box} with {m} {thing} on each.',
      '{who} keeps {k} {box} of {m} {thing} each.',
    ],
  },
  gain: [
    'A truck brings {n} more {thing}.',
    '{who} makes {n} {thing} more.',
    'Then {who} buys {n} {thing}.',
    'At noon {n} more {thing} come in.',
    'People bring back {n} of them.',
  ],
  lose: [
    'By noon {who} sells {n} {thing}.',
    '{n} of them are broken and thrown away.',
    'Then {who} sends out {n} {thing}.',
    'People carry off {n} of them.',
    'In the evening {n} {thing} are lost.',
  ],
  gainGroups: [
    'A truck brings {k} {box} of {m} {thing} each.',
    'Then {who} makes {k} {box} with {m} {thing} on each.',
    'At noon {k} {box} come in, each with {m} {thing}.',
  ],
  loseGroups: [
    'By noon {who} sells {k} {box} of {m} {thing} each.',
    'Then {who} sends out {k} {box} with {m} {thing} on each.',
    '{k} people buy {m} {thing} each.',
  ],
  multiply: [
    'By spring {who} has {k} times as many {thing}.',
    'Then the number of {thing} becomes {k} times as large.',
  ],
  question: {
    train: [
      'How many {thing} does {who} have now?',
      'How many {thing} are there in the end?',
      'What number of {thing} does {who} keep?',
      'Find the number of {thing} at {who} at the end.',
    ],
    heldout: ['Find the number of {thing} that there are in the end.', 'How many {thing} does {who} keep at the end?'],
  },
  telling: {
    has: ['has', 'keeps', 'holds', 'stores'],
    gets: ['gets', 'receives', 'takes in', 'gains', 'brings in'],
    loses: ['loses', 'sells', 'sends out', 'gives up', 'lets go of'],
  },
}
