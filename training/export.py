"""Writes a checkpoint as a Hugging Face folder: config.json, model.safetensors (float16), the tokenizer files."""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from data import load_tokenizer
from model import Llama, Shape


def load_checkpoint(path: Path) -> Llama:
    """From a training checkpoint (`checkpoint.pt`) or from an exported folder."""
    if path.is_dir():
        config = json.loads((path / "config.json").read_text())
        shape = Shape(
            vocab=config["vocab_size"], layers=config["num_hidden_layers"], width=config["hidden_size"],
            heads=config["num_attention_heads"], kv_heads=config["num_key_value_heads"], ffn=config["intermediate_size"],
        )
        weights = {name: tensor.float() for name, tensor in load_file(path / "model.safetensors").items()}
    else:
        saved = torch.load(path, weights_only=False)
        shape, weights = saved["shape"], saved["model"]
    model = Llama(shape)
    model.load_state_dict(weights)
    return model


def export(checkpoint: Path, tokenizer_folder: Path, out: Path) -> None:
    model = load_checkpoint(checkpoint)
    _, bos, eos = load_tokenizer(tokenizer_folder)
    shape = model.shape
    out.mkdir(parents=True, exist_ok=True)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocab,
        "hidden_size": shape.width,
        "intermediate_size": shape.ffn,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_dim,
        "max_position_embeddings": shape.context,
        "rope_theta": shape.rope_theta,
        "rms_norm_eps": shape.eps,
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "bos_token_id": bos,
        "eos_token_id": eos,
        "torch_dtype": "float16",
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    weights = {name: tensor.to(torch.float16).contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer_folder / name, out / name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, default=Path("data/tokenizer"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    export(options.checkpoint, options.tokenizer, options.out)
