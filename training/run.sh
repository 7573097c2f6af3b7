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

"$PYTHON" train.py target --run runs/target --log logs/target.csv --tokens 7.5e6 --batch-tokens 3072 --workers "$WORKERS" --resume
"$PYTHON" train.py draft --run runs/draft --log logs/draft.csv --tokens 4e6 --batch-tokens 2048 --workers "$WORKERS" --resume

"$PYTHON" export.py --checkpoint runs/target/checkpoint.pt --out "$BUNDLED/lab-target"
"$PYTHON" export.py --checkpoint runs/draft/checkpoint.pt --out "$BUNDLED/lab-draft"
"$PYTHON" measure.py --target "$BUNDLED/lab-target" --draft "$BUNDLED/lab-draft" --limit 400 --out logs/measured.json
"$PYTHON" cards.py --measured logs/measured.json --bundled "$BUNDLED"
