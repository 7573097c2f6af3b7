/**
 * The run folder, the only thing that report, show, compare and export read:
 *
 *     runs/<runId>/manifest.json                 what was asked, with what, on what
 *     runs/<runId>/passes/<id>.jsonl             work of the models, text by text; decodings are made from it
 *     runs/<runId>/decodings/<id>/result.json    texts, grades and acceptance of one decoding
 *     runs/<runId>/decodings/<id>/trace.jsonl    its rounds and commits (core's trace schema)
 *     runs/<runId>/cells/<decoding>.json         times and bytes of that decoding on every network, one entry a cell
 *     runs/<runId>/cells/<id>/trace.jsonl        the rounds of a cell's first prompts, timed; of at most some hundred cells
 *     runs/<runId>/live/<id>/result.json         the same cell over real shard processes
 *     runs/<runId>/live/<id>/trace.jsonl
 *     runs/<runId>/agreement.jsonl               instead of passes/ in a run that was unpacked from evidence: what can be replayed
 *     runs/<runId>/summary.json                  estimates with intervals; a pure function of the files above but live/
 */
export * from './schema/agreed-texts.ts'
export { RUN_SCHEMA_VERSION } from './schema/fields.ts'
export * from './schema/manifest.ts'
export * from './schema/results.ts'
export * from './schema/summary.ts'
