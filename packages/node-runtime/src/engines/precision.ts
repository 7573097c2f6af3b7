/**
 * How an engine holds the matrices of a model. `f32`: float32. `q8`, `q4`: codes of 8 or 4 bits with a scale for each 32 values,
 * the head with 8. `q4-all`: the head with 4 too, for draft models, whose every token is judged. `as-stored`: the form nearest to each type of a quantised file. With codes, activations are rounded to 8 bits a block too.
 */
export const PRECISIONS = ['f32', 'q8', 'q4', 'q4-all', 'as-stored'] as const
export type Precision = (typeof PRECISIONS)[number]
