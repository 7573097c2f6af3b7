"""Tokenised training rows, and batches of about equal length so that little is padding."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from tokenizer import BOS, EOS

MOST_TOKENS = 240


@dataclass
class Rows:
    """All rows end to end; row i is `ids[start[i]:start[i+1]]`, its answer begins at `answer[i]` within it, `program[i]` says its task."""

    ids: np.ndarray
    start: np.ndarray
    answer: np.ndarray
    program: np.ndarray

    def __len__(self) -> int:
        return len(self.answer)


def read_items(path: Path) -> list[dict]:
    with path.open() as lines:
        return [json.loads(line) for line in lines]


def tokenised(path: Path, tokenizer: Tokenizer, cache: Path) -> Rows:
    if cache.exists() and cache.stat().st_mtime > path.stat().st_mtime:
        saved = np.load(cache)
        return Rows(saved["ids"], saved["start"], saved["answer"], saved["program"])
    items = read_items(path)
    prompts = tokenizer.encode_batch([item["prompt"] for item in items])
    answers = tokenizer.encode_batch([item["reference"] for item in items], add_special_tokens=False)
    eos = tokenizer.token_to_id(EOS)
    pieces, lengths, starts, programs = [], [], [], []
    for item, prompt, answer in zip(items, prompts, answers):
        row = prompt.ids + answer.ids + [eos]
        if len(row) > MOST_TOKENS:
            continue
        pieces.append(np.array(row, dtype=np.int16))
        lengths.append(len(row))
        starts.append(len(prompt.ids))
        programs.append(item["task"] == "programs")
    rows = Rows(np.concatenate(pieces), np.concatenate([[0], np.cumsum(lengths)]), np.array(starts), np.array(programs))
    np.savez(cache, ids=rows.ids, start=rows.start, answer=rows.answer, program=rows.program)
    return rows


def mixed(rows: Rows, program_share: float, random: np.random.Generator) -> np.ndarray:
    """Rows in random order, of both tasks so many that programs make up the given share of the tokens."""
    lengths = np.diff(rows.start)
    wanted = {True: program_share, False: 1 - program_share}
    scale = min(lengths[rows.program == task].sum() / share for task, share in wanted.items())
    picked = []
    for task, share in wanted.items():
        order = random.permutation(np.flatnonzero(rows.program == task))
        picked.append(order[np.cumsum(lengths[order]) <= share * scale])
    return random.permutation(np.concatenate(picked))


def batches(rows: Rows, tokens_per_batch: int, program_share: float, seed: list[int]):
    """Endless batches `(ids, labels)`, each `[rows, length]`; labels are -100 on the prompt and on padding."""
    random = np.random.default_rng(seed)
    lengths = np.diff(rows.start)
    while True:
        order = mixed(rows, program_share, random)
        for chunk in np.array_split(order, max(1, len(order) // 2048)):
            chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
            groups, group = [], []
            for row in chunk:
                if group and (len(group) + 1) * lengths[row] > tokens_per_batch:
                    groups.append(group)
                    group = []
                group.append(row)
            groups.append(group)
            for index in random.permutation(len(groups)):
                yield padded(rows, groups[index])


def padded(rows: Rows, group: list[int]) -> tuple[Tensor, Tensor]:
    length = int(max(rows.start[i + 1] - rows.start[i] for i in group))
    ids = torch.zeros(len(group), length, dtype=torch.long)
    labels = torch.full((len(group), length), -100, dtype=torch.long)
    for place, i in enumerate(group):
        row = torch.from_numpy(rows.ids[rows.start[i] : rows.start[i + 1]].astype(np.int64))
        ids[place, : len(row)] = row
        labels[place, rows.answer[i] - 1 : len(row) - 1] = row[rows.answer[i] :]
    return ids, labels


def load_tokenizer(folder: Path) -> tuple[Tokenizer, int, int]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return tokenizer, tokenizer.token_to_id(BOS), tokenizer.token_to_id(EOS)
