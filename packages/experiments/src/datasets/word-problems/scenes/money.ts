import type { Scene } from './scene.ts'

export const money: Scene = {
  name: 'money',
  actors: 'person',
  things: ['dollars', 'euros', 'coins', 'pesos'],
  described: false,
  boxes: ['books', 'pens', 'tickets', 'toys', 'cakes', 'plants', 'lamps', 'cups'],
  opening: {
    train: [
      '{who} has {n} {thing}.',
      '{who} saved {n} {thing}.',
      'There are {n} {thing} in the purse of {who}.',
      'At first {who} has {n} {thing} in the bank.',
    ],
    heldout: ['At first there are {n} {thing} in the purse of {who}.', '{who} has saved {n} {thing} in the bank.'],
  },
  openingGroups: {
    train: [
      '{who} works {k} hours for {m} {thing} an hour.',
      '{who} saves {m} {thing} a week for {k} weeks.',
      'For {k} days {who} earns {m} {thing} a day.',
    ],
    heldout: [
      'At first {who} works {k} hours and earns {m} {thing} an hour.',
      'For {k} weeks {who} saves {m} {thing} a week.',
    ],
  },
  gain: [
    '{they} earns {n} {thing} more.',
    'Then {other} pays {who} {n} {thing}.',
    '{they} finds {n} {thing} in a coat.',
    'For helping at home {who} is paid {n} {thing}.',
    'A present adds {n} {thing}.',
  ],
  lose: [
    '{they} spends {n} {thing} on food.',
    '{who} pays {n} {thing} for a shirt.',
    'Then {they} lends {n} {thing} to {other}.',
    'A trip costs {who} {n} {thing}.',
    '{they} gives {n} {thing} away.',
  ],
  gainGroups: [
    '{they} sells {k} {box} for {m} {thing} each.',
    'Then {other} buys {k} {box} from {who} at {m} {thing} each.',
    'For {k} days {they} earns {m} {thing} a day.',
  ],
  loseGroups: [
    '{they} buys {k} {box} at {m} {thing} each.',
    'Then {who} pays for {k} {box} that cost {m} {thing} each.',
    'For {k} days {they} spends {m} {thing} a day.',
  ],
  multiply: ['By luck the money grows to {k} times as much.', 'After a good year {who} has {k} times as much money.'],
  question: {
    train: [
      'How many {thing} does {who} have now?',
      'How much money is there in the end?',
      'What sum of {thing} does {who} have?',
      'Find how many {thing} {who} has at the end.',
    ],
    heldout: ['Find how much money {who} has at the end.', 'What sum of {thing} is there in the end?'],
  },
  telling: {
    has: ['has', 'owns', 'holds', 'keeps'],
    gets: ['earns', 'gets', 'receives', 'is paid', 'takes in'],
    loses: ['spends', 'pays', 'gives up', 'hands over', 'parts with'],
  },
}
