"""Trains one of the two models. Interrupted runs continue with --resume."""

import argparse
import csv
import os
import time
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor

from data import batches, load_tokenizer, tokenised
from export import load_checkpoint
from measure import evaluate
from model import DRAFT, TARGET, Llama, Shape
from optimizer import optimizers


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=["target", "draft"])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoint.pt; the log goes beside it")
    parser.add_argument("--log", type=Path, required=True, help="csv of loss and held-out accuracy")
    parser.add_argument("--tokens", type=float, required=True, help="tokens to train on, prompts included")
    parser.add_argument("--batch-tokens", type=int, default=2048)
    parser.add_argument("--program-share", type=float, default=0.27, help="share of the tokens that are programs")
    parser.add_argument("--matrix-lr", type=float, default=0.02)
    parser.add_argument("--other-lr", type=float, default=2e-3)
    parser.add_argument("--eval-minutes", type=float, default=6)
    parser.add_argument("--save-minutes", type=float, default=2)
    parser.add_argument("--eval-items", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread each; they share every step")
    parser.add_argument("--layers", type=int)
    parser.add_argument("--width", type=int)
    parser.add_argument("--heads", type=int)
    parser.add_argument("--kv-heads", type=int)
    parser.add_argument("--ffn", type=int)
    parser.add_argument("--init", type=Path, help="start from the weights of this exported folder, with fresh optimizer state")
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args()


def shape_of(options: argparse.Namespace, vocab: int) -> Shape:
    chosen = dict(TARGET if options.model == "target" else DRAFT)
    for name in chosen:
        if getattr(options, name) is not None:
            chosen[name] = getattr(options, name)
    return Shape(vocab=vocab, **chosen)


def rate(done: float) -> float:
    """Warm up over 1 %, then linear decay to 5 %."""
    return min(1.0, done / 0.01 + 0.01) * (1 - 0.95 * done)


def averaged(model: torch.nn.Module, tokens: int, loss: Tensor) -> tuple[int, float]:
    """Averages the gradients over the workers; returns the tokens of all and their mean loss."""
    parameters = list(model.parameters())
    flat = torch.cat([p.grad.flatten() for p in parameters] + [torch.tensor([float(tokens), loss.item()])])
    dist.all_reduce(flat)
    world = dist.get_world_size()
    for p, grad in zip(parameters, flat[:-2].split([p.numel() for p in parameters])):
        p.grad.copy_(grad.view_as(p)).div_(world)
    return int(flat[-2]), float(flat[-1]) / world


def work(rank: int, options: argparse.Namespace) -> None:
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    meeting = options.run / "meeting"
    dist.init_process_group("gloo", init_method=f"file://{meeting.resolve()}", rank=rank, world_size=options.workers, timeout=timedelta(hours=2))
    tokenizer, _, eos = load_tokenizer(options.data / "tokenizer")
    rows = tokenised(options.data / "train.jsonl", tokenizer, options.data / "train.npz")
    model = Llama(shape_of(options, tokenizer.get_vocab_size()))
    muon, adam = optimizers(model, options.matrix_lr, options.other_lr)
    if rank == 0:
        print("parameters:", sum(p.numel() for p in model.parameters()), "rows:", len(rows), "tokens in all:", len(rows.ids), flush=True)

    seen = step = 0
    checkpoint = options.run / "checkpoint.pt"
    if options.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        muon.load_state_dict(saved["muon"])
        adam.load_state_dict(saved["adam"])
        seen, step = saved["seen"], saved["step"]
    elif options.init:
        model.load_state_dict(load_checkpoint(options.init).state_dict())
    if seen >= options.tokens:
        return
    source = batches(rows, options.batch_tokens // options.workers, options.program_share, seed=[options.seed, step, rank])

    def save() -> None:
        part = checkpoint.with_suffix(".part")
        torch.save(dict(model=model.state_dict(), shape=model.shape, muon=muon.state_dict(), adam=adam.state_dict(), seen=seen, step=step), part)
        part.replace(checkpoint)

    fresh = rank == 0 and not (options.resume and options.log.exists())
    with (options.log if rank == 0 else Path(os.devnull)).open("w" if fresh else "a", newline="") as file:
        log = csv.writer(file)
        if fresh:
            log.writerow(["tokens", "step", "loss", "seconds", "tokens_per_second", "word_problems", "programs"])
        began = last_eval = last_save = time.time()
        window_began, window_tokens, losses = began, 0, []
        while True:
            done = seen / options.tokens
            for optimizer, lr in ((muon, options.matrix_lr), (adam, options.other_lr)):
                for group in optimizer.param_groups:
                    group["lr"] = lr * rate(min(done, 1))
            ids, labels = next(source)
            model.train()
            answer = labels != -100
            loss = F.cross_entropy(model.logits(model.hidden(ids)[answer]), labels[answer])
            loss.backward()
            tokens, mean_loss = averaged(model, ids.numel(), loss)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            muon.step()
            adam.step()
            model.zero_grad()
            seen += tokens
            step += 1
            losses.append(mean_loss)
            window_tokens += tokens
            finished = seen >= options.tokens
            if rank == 0 and (step % 50 == 0 or finished):
                now = time.time()
                row = [seen, step, round(sum(losses) / len(losses), 4), round(now - began), round(window_tokens / (now - window_began))]
                if now - last_save > options.save_minutes * 60 or finished:
                    save()
                    last_save = now
                if now - last_eval > options.eval_minutes * 60 or finished:
                    score = evaluate(model, tokenizer, eos, options.data, 300 if finished else options.eval_items)
                    row += [round(score["word-problems"], 4), round(score["programs"], 4)]
                    last_eval = time.time()
                log.writerow(row)
                file.flush()
                print(*row, flush=True)
                window_began, window_tokens, losses = time.time(), 0, []
            if finished:
                dist.barrier()
                dist.destroy_process_group()
                return


def main() -> None:
    options = parse()
    options.run.mkdir(parents=True, exist_ok=True)
    options.log.parent.mkdir(parents=True, exist_ok=True)
    (options.run / "meeting").unlink(missing_ok=True)
    torch.multiprocessing.spawn(work, args=(options,), nprocs=options.workers)


if __name__ == "__main__":
    main()
