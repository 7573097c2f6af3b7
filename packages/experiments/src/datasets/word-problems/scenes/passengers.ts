import type { Scene } from './scene.ts'

export const passengers: Scene = {
  name: 'passengers',
  actors: ['the bus', 'the train', 'the ferry', 'the tram', 'the night bus', 'the old ferry'],
  things: ['people', 'passengers', 'riders', 'children', 'visitors', 'students'],
  described: false,
  boxes: ['groups', 'families', 'teams', 'classes'],
  opening: {
    train: [
      'There are {n} {thing} on {who}.',
      '{who} leaves the station with {n} {thing}.',
      'In the morning {who} carries {n} {thing}.',
      '{n} {thing} are on {who} at first.',
    ],
    heldout: ['In the morning there are {n} {thing} on {who}.', 'At first {who} leaves the station with {n} {thing}.'],
  },
  openingGroups: {
    train: [
      '{k} {box} of {m} {thing} each are on {who}.',
      '{who} leaves with {k} {box} of {m} {thing}.',
      'In the morning {k} {box} get on {who}, each with {m} {thing}.',
    ],
    heldout: [
      'In the morning {k} {box} of {m} {thing} each are on {who}.',
      'At first {who} leaves the station with {k} {box} of {m} {thing}.',
    ],
  },
  gain: [
    'At the first stop {n} more {thing} get on.',
    '{n} {thing} join at the bridge.',
    'Then {who} picks up {n} {thing}.',
    'At the school {n} more climb in.',
    'After that {n} {thing} step in.',
  ],
  lose: [
    'At the next stop {n} {thing} get off.',
    '{n} of them leave at the park.',
    'Then {who} lets {n} {thing} off.',
    'At the market {n} of them step out.',
    'After that {n} {thing} go home.',
  ],
  gainGroups: [
    'At the lake {k} {box} of {m} {thing} get on.',
    'Then {k} {box} join, each with {m} {thing}.',
    'After that {who} picks up {k} {box} of {m} {thing}.',
  ],
  loseGroups: [
    'At the lake {k} {box} of {m} {thing} get off.',
    'Then {k} {box} leave, each with {m} {thing}.',
    'At the zoo {who} drops off {k} {box} of {m} {thing}.',
  ],
  multiply: [
    'In town the number of {thing} becomes {k} times as large.',
    'At the main stop so many get on that there are {k} times as many {thing}.',
  ],
  question: {
    train: [
      'How many {thing} are on {who} now?',
      'How many {thing} are there in the end?',
      'What number of {thing} does {who} carry?',
      'Find the number of {thing} on {who} at the end.',
    ],
    heldout: ['Find the number of {thing} that are on {who} now.', 'How many {thing} are on {who} in the end?'],
  },
  telling: {
    has: ['has', 'carries', 'holds', 'is left with'],
    gets: ['picks up', 'takes on', 'gets', 'receives', 'lets in'],
    loses: ['lets off', 'drops off', 'loses', 'lets out', 'sets down'],
  },
}
