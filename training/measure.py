"""Greedy decoding with a KV cache, accuracy by task, and how often a draft model agrees with the target on the target's own answers."""

import argparse
import json
import re
import subprocess
from pathlib import Path

import torch
from torch import Tensor

from data import load_tokenizer, read_items
from model import Cache, Llama


@torch.no_grad()
def greedy(model: Llama, prompts: list[list[int]], eos: int, most: int) -> list[list[int]]:
    """Continues every prompt (bos included) until eos or `most` tokens; the eos is not returned."""
    model.eval()
    longest = max(map(len, prompts))
    padding = torch.tensor([longest - len(prompt) for prompt in prompts])
    ids = torch.tensor([[eos] * (longest - len(prompt)) + prompt for prompt in prompts])
    cache = Cache(model, padding, longest + most)
    out: list[list[int]] = [[] for _ in prompts]
    open_rows = torch.ones(len(prompts), dtype=torch.bool)
    for _ in range(most):
        choice = model.logits(model.hidden(ids, cache)[:, -1]).argmax(dim=-1)
        open_rows &= choice != eos
        for row in open_rows.nonzero().flatten().tolist():
            out[row].append(int(choice[row]))
        if not open_rows.any():
            break
        ids = choice[:, None]
    return out


def decode_items(model: Llama, tokenizer, eos: int, items: list[dict], most: int = 140, batch: int = 100) -> list[list[int]]:
    prompts = [tokenizer.encode(item["prompt"]).ids for item in items]
    order = sorted(range(len(items)), key=lambda i: len(prompts[i]))
    answers: list[list[int]] = [[] for _ in items]
    for start in range(0, len(order), batch):
        chunk = order[start : start + batch]
        for place, answer in zip(chunk, greedy(model, [prompts[i] for i in chunk], eos, most)):
            answers[place] = answer
    return answers


def correct_number(item: dict, text: str) -> bool:
    found = re.findall(r"####\s*(-?\d+)", text)
    return bool(found) and found[-1] == item["answer"]


RUN_PROGRAMS = """
const vm = require('node:vm')
const items = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const verdicts = items.map(({ code, entry, tests }) => {
  try {
    const call = `${code}\\n;JSON.stringify(${JSON.stringify(tests.map((t) => t.args))}.map((args) => ${entry}(...args)))`
    return vm.runInNewContext(call, {}, { timeout: 300 }) === JSON.stringify(tests.map((t) => t.expected))
  } catch { return false }
})
console.log(JSON.stringify(verdicts))
"""


def correct_programs(items: list[dict], texts: list[str]) -> list[bool]:
    """A quick check of our own models' text during training; the sandboxed grader of the experiments package is what counts."""
    work = [dict(code=item["prompt"] + text, entry=item["entry"], tests=item["hiddenTests"]) for item, text in zip(items, texts)]
    done = subprocess.run(["node", "-e", RUN_PROGRAMS], input=json.dumps(work), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def verdicts(items: list[dict], texts: list[str]) -> list[bool]:
    if items[0]["kind"] == "program":
        return correct_programs(items, texts)
    return [correct_number(item, text) for item, text in zip(items, texts)]


@torch.no_grad()
def agreement(draft: Llama, tokenizer, eos: int, items: list[dict], answers: list[list[int]]) -> tuple[float, list[dict]]:
    """Share of the target's answer tokens (eos included) that the draft would have said after the same prefix, and every mismatch."""
    draft.eval()
    same = total = 0
    mismatches = []
    for item, answer in zip(items, answers):
        prompt = tokenizer.encode(item["prompt"]).ids
        row = prompt + answer + [eos]
        logits = draft.logits(draft.hidden(torch.tensor([row[:-1]]))[0, len(prompt) - 1 :])
        guess: Tensor = logits.argmax(dim=-1)
        for place, (said, meant) in enumerate(zip(guess.tolist(), answer + [eos])):
            total += 1
            same += said == meant
            if said != meant:
                mismatches.append(dict(id=item["id"], place=place, target=tokenizer.decode([meant]), draft=tokenizer.decode([said]), content=is_content(tokenizer, meant, item)))
    return same / total, mismatches


def is_content(tokenizer, token: int, item: dict) -> str:
    """Which kind of token the target said: digit, operator, name (a word or constant of the prompt), or phrasing."""
    text = tokenizer.decode([token])
    bare = text.strip()
    if bare.isdigit():
        return "digit"
    if bare and all(character in "+-*%<>=!/&|" for character in bare) and not bare.startswith("//"):
        return "operator"
    if bare and bare[0].isalpha() and re.search(rf"\b{re.escape(bare)}\b", item["prompt"]):
        return "name"
    return "phrasing"


def evaluate(model: Llama, tokenizer, eos: int, data: Path, limit: int) -> dict[str, float]:
    result = {}
    for task in ("word-problems", "programs"):
        items = read_items(data / f"heldout-{task}.jsonl")[:limit]
        texts = [tokenizer.decode(answer) for answer in decode_items(model, tokenizer, eos, items)]
        result[task] = sum(verdicts(items, texts)) / len(items)
    return result


def main() -> None:
    from export import load_checkpoint

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--draft", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--out", type=Path, help="also write the numbers here")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    target, draft = load_checkpoint(options.target), load_checkpoint(options.draft)
    tokenizer, _, eos = load_tokenizer(options.target if options.target.is_dir() else options.data / "tokenizer")
    report = {}
    for task in ("word-problems", "programs"):
        items = read_items(options.data / f"heldout-{task}.jsonl")[: options.limit]
        answers = decode_items(target, tokenizer, eos, items)
        drafted = decode_items(draft, tokenizer, eos, items)
        target_right = verdicts(items, [tokenizer.decode(answer) for answer in answers])
        draft_right = verdicts(items, [tokenizer.decode(answer) for answer in drafted])
        share, mismatches = agreement(draft, tokenizer, eos, items, answers)
        kinds: dict[str, int] = {}
        for mismatch in mismatches:
            kinds[mismatch["content"]] = kinds.get(mismatch["content"], 0) + 1
        report[task] = dict(
            items=len(items),
            target_accuracy=sum(target_right) / len(items),
            draft_accuracy=sum(draft_right) / len(items),
            agreement=share,
            mismatches=kinds,
            answer_tokens_mean=sum(map(len, answers)) / len(answers),
            answer_tokens_max=max(map(len, answers)),
            prompt_tokens_max=max(len(tokenizer.encode(item["prompt"]).ids) for item in items),
        )
        for item, answer, right in list(zip(items, answers, target_right))[: options.show]:
            print(item["prompt"] + tokenizer.decode(answer), "\n--", right, "\n")
    print(json.dumps(report, indent=2))
    if options.out:
        options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
