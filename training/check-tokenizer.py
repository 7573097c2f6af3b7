"""Writes the ids of a few hundred held-out texts, for check-tokenizer.ts to compare with what JavaScript makes of them."""

import argparse
import json
from pathlib import Path

from data import load_tokenizer, read_items

TRICKY = ["", " ", "\n\n", "  two  spaces ", "don't we'll I'm", "1234567890", "naïve café — “quotes” 漢字 🙂", "a\tb\r\nc", "<|bos|> is <|eos|>", "x=>x*2;//y", "#### 42"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--tokenizer", type=Path, default=Path("data/tokenizer"))
    options = parser.parse_args()
    tokenizer, _, _ = load_tokenizer(options.tokenizer)
    items = [item for task in ("word-problems", "programs") for item in read_items(options.data / f"heldout-{task}.jsonl")[:200]]
    texts = TRICKY + [part for item in items for part in (item["prompt"], item["reference"])]
    with (options.data / "ids.jsonl").open("w") as out:
        for text in texts:
            ids = tokenizer.encode(text).ids
            out.write(json.dumps(dict(text=text, ids=ids, decoded=tokenizer.decode(ids))) + "\n")
    print(len(texts), "texts")
