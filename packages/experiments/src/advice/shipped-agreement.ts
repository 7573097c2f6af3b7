/** Where the bundled pair agrees: written by bench/record-agreement.ts. */
export const shipped = {
  source:
    'bundled:lab-draft on 40 texts of bundled:lab-target (word-problems, programs), temperature 0; ships with the lab',
  digests: {
    target: '652c85b712c064e510e4416c9a0eb57dd2cc1baa6142074babc9ef8741b9ed40',
    draft: '1c6fbae688408b9966b2c421b735e88d1c550fe0ba906ee6fa5fb2f8c937109e',
  },
  hiddenSize: 192,
  texts: [
    {
      item: 'word-problems/heldout/1/0',
      promptTokens: 60,
      matches: '1011110111111101011111111111111101010111111111110111111001010111110111111111001110111111111111111111',
    },
    {
      item: 'word-problems/heldout/1/1',
      promptTokens: 43,
      matches: '001111110111111111111111101010011111010111111111111',
    },
    {
      item: 'word-problems/heldout/1/2',
      promptTokens: 41,
      matches: '1011111111111101111011111111011110010101111101111111111111',
    },
    {
      item: 'word-problems/heldout/1/3',
      promptTokens: 68,
      matches: '111111111111001011111110111011111001010011110111011011101010011111111110111101010111111111111111',
    },
    {
      item: 'word-problems/heldout/1/4',
      promptTokens: 68,
      matches:
        '10111101111110101111111011100101111111111101101001111101111111111111110101011111011111101111101011111111111111111111',
    },
    {
      item: 'word-problems/heldout/1/5',
      promptTokens: 51,
      matches: '10111111111110100111101111101111100101111111011111111111101011111111111111111111',
    },
    {
      item: 'word-problems/heldout/1/6',
      promptTokens: 46,
      matches: '0111111111110101110111001111111111110101011111011111111111111',
    },
    {
      item: 'word-problems/heldout/1/7',
      promptTokens: 62,
      matches: '1111111111101000111101011101111101101111111011111111111100011110111101111100010111111111111111',
    },
    {
      item: 'word-problems/heldout/1/8',
      promptTokens: 34,
      matches: '1111111011111111111101101111111101111111111111',
    },
    {
      item: 'word-problems/heldout/1/9',
      promptTokens: 58,
      matches: '00111111111100101101111101110111110101010111111011111111111001010111111111111011111101',
    },
    {
      item: 'word-problems/heldout/1/10',
      promptTokens: 40,
      matches: '1111111111110100111010011111111110010101111101111111111111',
    },
    {
      item: 'word-problems/heldout/1/11',
      promptTokens: 76,
      matches: '10111101111101010111110111011111101010111110111111111010101111101111111111110010110111111111111111111',
    },
    {
      item: 'word-problems/heldout/1/12',
      promptTokens: 39,
      matches: '11111111111101111010100110111101110110111111111',
    },
    {
      item: 'word-problems/heldout/1/13',
      promptTokens: 35,
      matches: '10111110111111111111101011011111111110111111111',
    },
    {
      item: 'word-problems/heldout/1/14',
      promptTokens: 55,
      matches: '11111111111110011110100111111111010101111101111111111110010111111111111111111111',
    },
    {
      item: 'word-problems/heldout/1/15',
      promptTokens: 60,
      matches: '1111111111111011111110110011011111010100111100111101111111111110010111111111',
    },
    {
      item: 'word-problems/heldout/1/16',
      promptTokens: 49,
      matches: '111111111111101010111111011111111111110101111101111111111111',
    },
    {
      item: 'word-problems/heldout/1/17',
      promptTokens: 60,
      matches:
        '1011111111111011111110101111111110010100111010111011111111011111110011111111111010111111111011111111111',
    },
    {
      item: 'word-problems/heldout/1/18',
      promptTokens: 58,
      matches: '10111111111110110111101010101111100101000111101111110111111110100011111011111111111',
    },
    {
      item: 'word-problems/heldout/1/19',
      promptTokens: 40,
      matches: '01110111111100011111101110011101111010101101111111111111111111',
    },
    {
      item: 'programs/heldout/1/0',
      promptTokens: 32,
      matches: '110111001011111011110110110111101011111011110100101011011111111',
    },
    {
      item: 'programs/heldout/1/1',
      promptTokens: 16,
      matches: '1101111101111111011111111111111111111',
    },
    {
      item: 'programs/heldout/1/2',
      promptTokens: 38,
      matches: '11011100111111010010111111011101101100110111',
    },
    {
      item: 'programs/heldout/1/3',
      promptTokens: 32,
      matches: '110111001111111111111110111110011101101110111111111001011111101111111',
    },
    {
      item: 'programs/heldout/1/4',
      promptTokens: 34,
      matches: '110111110011111000111111111101111101111011011011101111111111',
    },
    {
      item: 'programs/heldout/1/5',
      promptTokens: 43,
      matches: '1101110111111101111111110110111101101111001110110111',
    },
    {
      item: 'programs/heldout/1/6',
      promptTokens: 37,
      matches: '1101111010011111111111010111110111011111100111111101111111',
    },
    {
      item: 'programs/heldout/1/7',
      promptTokens: 37,
      matches: '10011100111111101110101110010111111111001100101111111111',
    },
    {
      item: 'programs/heldout/1/8',
      promptTokens: 19,
      matches: '1101110110011111101101111111',
    },
    {
      item: 'programs/heldout/1/9',
      promptTokens: 40,
      matches: '1101110011111111101111101111111101111110100110010111111111111110111',
    },
    {
      item: 'programs/heldout/1/10',
      promptTokens: 24,
      matches: '10011101110111111010111011111101111111',
    },
    {
      item: 'programs/heldout/1/11',
      promptTokens: 18,
      matches: '1111011110111111011110100110011101101111111111',
    },
    {
      item: 'programs/heldout/1/12',
      promptTokens: 33,
      matches: '1101111101011111011110111110010101110111110001010111011111011111110110111',
    },
    {
      item: 'programs/heldout/1/13',
      promptTokens: 45,
      matches: '11011001111011111111111101011101101001110110111',
    },
    {
      item: 'programs/heldout/1/14',
      promptTokens: 33,
      matches: '110111011001111110010001111111111100111111011111001111111111',
    },
    {
      item: 'programs/heldout/1/15',
      promptTokens: 15,
      matches: '111111110011111001001101111111111111111',
    },
    {
      item: 'programs/heldout/1/16',
      promptTokens: 42,
      matches: '10111111001111101111111011101111110101101111101110100101111101111101111111111',
    },
    {
      item: 'programs/heldout/1/17',
      promptTokens: 23,
      matches: '1101111111111111101011100010110111101111',
    },
    {
      item: 'programs/heldout/1/18',
      promptTokens: 37,
      matches: '1101110010111011010111110110011010111010001001111101111101011111',
    },
    {
      item: 'programs/heldout/1/19',
      promptTokens: 18,
      matches: '110111110011111110111011111111111101111111111',
    },
  ],
}
