#!/usr/bin/env bash
# Trains the bundled pair from nothing: data, tokenizer, target, draft model, measurement, export.
# Needs Node with the workspace installed, and Python with requirements.txt. Run again after a cut: both models resume.
set -euo pipefail
cd "$(dirname "$0")"

PYTHON="${PYTHON:-python3}"
WORKERS="${WORKERS:-2}"
BUNDLED=../packages/node-runtime/bundled

[ -f data/train.jsonl ] || node --import tsx write-data.ts
[ -f data/tokenizer/tokenizer.json ] || "$PYTHON" tokenizer.py
"$PYTHON" check-tokenizer.py
node --import tsx check-tokenizer.ts

# Word problems first, then more programs: each stage has a schedule of its own and goes on from the one before.
stage() {
  "$PYTHON" train.py target --run runs/target --log logs/target.csv --batch-tokens 3072 --workers "$WORKERS" --resume --program-share "$1" --tokens "$2"
}
stage 0.27 9e6
stage 0.55 12e6
stage 0.75 13.3e6
# A warm restart: fresh optimizer state, two fifths of the learning rate, decayed to the end.
"$PYTHON" export.py --checkpoint runs/target/checkpoint.pt --out runs/before-restart
"$PYTHON" train.py target --run runs/target-restart --log logs/target-restart.csv --init runs/before-restart --resume \
  --batch-tokens 3072 --workers "$WORKERS" --program-share 0.62 --tokens 2.4e6 --matrix-lr 0.008 --other-lr 8e-4
"$PYTHON" train.py draft --run runs/draft --log logs/draft.csv --tokens 4e6 --batch-tokens 2048 --workers 1 --resume

"$PYTHON" export.py --checkpoint runs/target-restart/checkpoint.pt --out "$BUNDLED/lab-target"
"$PYTHON" export.py --checkpoint runs/draft/checkpoint.pt --out "$BUNDLED/lab-draft"
"$PYTHON" measure.py --target "$BUNDLED/lab-target" --draft "$BUNDLED/lab-draft" --limit 300 --out logs/measured.json
"$PYTHON" cards.py --measured logs/measured.json --bundled "$BUNDLED"
