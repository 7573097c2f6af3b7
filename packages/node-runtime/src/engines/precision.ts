/**
 * How an engine holds the matrices of a model. `f32`: float32. `q8`, `q4`: codes of 8 or 4 bits with a scale for each 32 values,
 * the head always with 8. `as-stored`: the form nearest to each type of a quantised file. With codes, activations are rounded to 8 bits a block too.
 */
export const PRECISIONS = ['f32', 'q8', 'q4', 'as-stored'] as const
export type Precision = (typeof PRECISIONS)[number]
