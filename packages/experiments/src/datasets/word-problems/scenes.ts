import type { Split } from '../task-item.ts'

/** Sentences with slots: {who} {they} {other} {thing} {box} and the numbers {n} {k} {m}. */
export interface Scene {
  readonly name: string
  /** The actor: a person, or one of these. */
  readonly actors: readonly string[] | 'person'
  readonly things: readonly string[]
  /** Whether a thing may be described further: "red marbles", but not "red dollars". */
  readonly described: boolean
  /** Containers for groups: "3 boxes with 4 apples each". */
  readonly boxes: readonly string[]
  readonly opening: Record<Split, readonly string[]>
  readonly openingGroups: Record<Split, readonly string[]>
  readonly gain: readonly string[]
  readonly lose: readonly string[]
  readonly gainGroups: readonly string[]
  readonly loseGroups: readonly string[]
  readonly multiply: readonly string[]
  readonly question: Record<Split, readonly string[]>
  /** How the worked answer talks about it. */
  readonly telling: {
    readonly has: readonly string[]
    readonly gets: readonly string[]
    readonly loses: readonly string[]
  }
}

const belongings: Scene = {
  name: 'belongings',
  actors: 'person',
  things: [
    'apples',
    'marbles',
    'stamps',
    'coins',
    'shells',
    'cards',
    'pencils',
    'stickers',
    'beads',
    'books',
    'plums',
    'buttons',
    'pebbles',
    'ribbons',
    'crayons',
    'walnuts',
    'kites',
    'feathers',
  ],
  described: true,
  boxes: ['boxes', 'bags', 'packs', 'baskets', 'jars'],
  opening: {
    train: [
      '{who} has {n} {thing}.',
      '{who} starts the day with {n} {thing}.',
      'There are {n} {thing} on the desk of {who}.',
      '{who} owns {n} {thing}.',
      'At first {who} holds {n} {thing}.',
    ],
    heldout: ['At first there are {n} {thing} on the desk of {who}.', 'At the start of the day {who} has {n} {thing}.'],
  },
  openingGroups: {
    train: [
      '{who} has {k} {box} with {m} {thing} in each.',
      '{who} owns {k} {box} of {m} {thing} each.',
      'There are {k} {box} on the desk of {who}, and each holds {m} {thing}.',
      '{who} fills {k} {box} with {m} {thing} each.',
    ],
    heldout: [
      'At first {who} has {k} {box}, and each holds {m} {thing}.',
      'At the start {who} owns {k} {box} with {m} {thing} in each.',
    ],
  },
  gain: [
    '{they} finds {n} more {thing}.',
    'Then {other} gives {who} {n} {thing}.',
    '{they} buys another {n} {thing} at the market.',
    'A friend brings {n} more.',
    '{who} wins {n} {thing} in a game.',
    'The next day {n} more {thing} come in the mail.',
  ],
  lose: [
    '{they} gives {n} {thing} to {other}.',
    '{who} loses {n} of them on the way home.',
    'Then {they} sells {n} {thing}.',
    '{n} of them are broken and thrown away.',
    '{other} borrows {n} {thing}.',
    'In the evening {who} trades away {n} {thing}.',
  ],
  gainGroups: [
    '{they} buys {k} {box} with {m} {thing} in each.',
    '{other} gives {who} {k} {box} of {m} {thing} each.',
    'Then {k} {box} come in the mail, and each holds {m} {thing}.',
  ],
  loseGroups: [
    '{they} sells {k} {box} with {m} {thing} in each.',
    '{who} gives {k} friends {m} {thing} each.',
    'Then {they} packs {k} {box} with {m} {thing} each for {other}, who takes them home.',
  ],
  multiply: [
    'By luck the number of {thing} becomes {k} times as large.',
    'After a good week {who} has {k} times as many {thing}.',
    'Then {they} makes it {k} times as many.',
  ],
  question: {
    train: [
      'How many {thing} does {who} have now?',
      'How many {thing} are there in the end?',
      'What number of {thing} does {who} have?',
      'Find the number of {thing} that {who} has at the end.',
    ],
    heldout: ['Find the number of {thing} that there are in the end.', 'How many {thing} does {who} have at the end?'],
  },
  telling: {
    has: ['has', 'owns', 'holds', 'keeps'],
    gets: ['gets', 'receives', 'is given', 'gains', 'takes in'],
    loses: ['loses', 'gives up', 'parts with', 'lets go of', 'hands over'],
  },
}

const passengers: Scene = {
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

const money: Scene = {
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

const score: Scene = {
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

const stock: Scene = {
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

/** Every scene of the task. Each has openings and questions of its own for the held-out split. */
export const SCENES: readonly Scene[] = [belongings, passengers, money, score, stock]
