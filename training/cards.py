"""Writes the model cards of the bundled pair from the numbers that measure.py printed."""

import argparse
import json
from pathlib import Path

TASKS = ("word-problems", "programs")
ROLE = {"lab-target": "the target", "lab-draft": "the draft model"}


def shape_table(config: dict, parameters: int, size: int) -> str:
    return f"""| | |
|---|---|
| architecture | Llama (RMSNorm, rotary positions, SwiGLU, grouped-query attention), embeddings tied |
| layers x width | {config["num_hidden_layers"]} x {config["hidden_size"]} |
| heads / key-value heads / head size | {config["num_attention_heads"]} / {config["num_key_value_heads"]} / {config["head_dim"]} |
| feed-forward | {config["intermediate_size"]} |
| vocabulary | {config["vocab_size"]} tokens, byte-level BPE, digits one by one |
| parameters | {parameters:,} |
| file | float16, {size / 1e6:.2f} MB |"""


def accuracy_table(measured: dict, model: str) -> str:
    rows = "\n".join(
        f"| {task} | {measured[task]['items']} | {measured[task][model]:.3f} |" for task in TASKS
    )
    return f"| task | held-out items | accuracy, greedy |\n|---|---|---|\n{rows}"


def agreement_table(measured: dict) -> str:
    kinds = ("phrasing", "name", "digit", "operator")
    rows = "\n".join(
        f"| {task} | {measured[task]['agreement']:.3f} | "
        + " | ".join(str(measured[task]["mismatches"].get(kind, 0)) for kind in kinds)
        + f" | {measured[task]['answer_tokens_mean']:.0f} / {measured[task]['answer_tokens_max']} |"
        for task in TASKS
    )
    return (
        "| task | greedy agreement | mismatches: phrasing | name or constant of the prompt | digit | operator | answer tokens, mean / most |\n"
        f"|---|---|---|---|---|---|---|\n{rows}"
    )


def card(name: str, folder: Path, measured: dict) -> str:
    config = json.loads((folder / "config.json").read_text())
    width, ffn, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
    kv = config["num_key_value_heads"] * config["head_dim"]
    parameters = config["vocab_size"] * width + layers * (2 * width * width + 2 * width * kv + 3 * width * ffn + 2 * width) + width
    size = (folder / "model.safetensors").stat().st_size
    accuracy = accuracy_table(measured, "target_accuracy" if name == "lab-target" else "draft_accuracy")
    return f"""# {name}

{ROLE[name].capitalize()} of the pair that ships with DSD Lab: a laboratory animal, trained from nothing on the two generated tasks
`word-problems` and `programs`, so that a fresh clone decodes with trained weights. It knows nothing else.

{shape_table(config, parameters, size)}

Prompt: the `prompt` of a task item, with the bos token before it (the tokenizer adds it) and no chat template. Generation ends with eos.

## Measured in PyTorch

`training/measure.py` on the exported float16 weights, computed in float32, greedy, held-out templates. Programs are judged by their hidden tests.

{accuracy}

Agreement of the pair: the share of the target's own greedy answer tokens, eos included, that the draft model would have said after
the same prefix. A mismatch is a *digit* or an *operator* by the target's token; a *name* is a word that stands in the prompt; the rest is phrasing.

{agreement_table(measured)}

## Measured through the TypeScript runtime

Not measured since these weights were exported: `pnpm bench:pair --items 300`.

## Training

`training/run.sh`; loss and held-out accuracy along the way are in `training/logs/`. Apache-2.0, as the repository; the data is generated, nothing was copied.
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measured", type=Path, default=Path("logs/measured.json"))
    parser.add_argument("--bundled", type=Path, default=Path("../packages/node-runtime/bundled"))
    options = parser.parse_args()
    numbers = json.loads(options.measured.read_text())
    for model in ROLE:
        (options.bundled / model / "README.md").write_text(card(model, options.bundled / model, numbers))
