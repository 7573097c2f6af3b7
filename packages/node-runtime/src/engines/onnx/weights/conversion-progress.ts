/** How far a conversion is; only what had to be converted counts. */
export interface ConversionProgress {
  /** Layers, and the head of the model as one more. */
  readonly doneSections: number
  readonly sections: number
  readonly doneBytes: number
  readonly totalBytes: number
}

/** Called often. */
export type OnConvert = (progress: ConversionProgress) => void
