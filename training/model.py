"""A Llama in plain PyTorch: RMSNorm, rotary positions, SwiGLU, grouped-query attention, tied embeddings.

Parameter names are those of Hugging Face's LlamaForCausalLM, so that a state dict is a checkpoint.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    vocab: int
    layers: int
    width: int
    heads: int
    kv_heads: int
    ffn: int
    context: int = 512
    rope_theta: float = 10000.0
    eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.width // self.heads


TARGET = dict(layers=8, width=192, heads=6, kv_heads=3, ffn=512)
DRAFT = dict(layers=2, width=64, heads=2, kv_heads=1, ffn=160)


class RMSNorm(nn.Module):
    def __init__(self, width: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.eps)


def rotary(shape: Shape) -> tuple[Tensor, Tensor]:
    """cos and sin, `[context, head_dim]`, halves repeated as in Hugging Face."""
    inverse = shape.rope_theta ** -(torch.arange(0, shape.head_dim, 2, dtype=torch.float32) / shape.head_dim)
    angle = torch.outer(torch.arange(shape.context, dtype=torch.float32), inverse)
    angle = torch.cat([angle, angle], dim=-1)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        width, kv = shape.width, shape.kv_heads * shape.head_dim
        self.q_proj = nn.Linear(width, width, bias=False)
        self.k_proj = nn.Linear(width, kv, bias=False)
        self.v_proj = nn.Linear(width, kv, bias=False)
        self.o_proj = nn.Linear(width, width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, cache: "Cache | None", layer: int) -> Tensor:
        batch, length, _ = x.shape
        dim = self.shape.head_dim
        q = self.q_proj(x).view(batch, length, -1, dim).transpose(1, 2)
        k = self.k_proj(x).view(batch, length, -1, dim).transpose(1, 2)
        v = self.v_proj(x).view(batch, length, -1, dim).transpose(1, 2)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        mask = None
        if cache is not None:
            k, v, mask = cache.extend(layer, k, v)
        groups = self.shape.heads // self.shape.kv_heads
        k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
        out = F.scaled_dot_product_attention(q.contiguous(), k.contiguous(), v.contiguous(), attn_mask=mask, is_causal=mask is None)
        return self.o_proj(out.transpose(1, 2).reshape(batch, length, -1))


class FeedForward(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(shape.width, shape.ffn, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.ffn, bias=False)
        self.down_proj = nn.Linear(shape.ffn, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.self_attn = Attention(shape)
        self.mlp = FeedForward(shape)
        self.input_layernorm = RMSNorm(shape.width, shape.eps)
        self.post_attention_layernorm = RMSNorm(shape.width, shape.eps)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, cache: "Cache | None", layer: int) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, cache, layer)
        return x + self.mlp(self.post_attention_layernorm(x))


class Trunk(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocab, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width, shape.eps)


class Llama(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.model = Trunk(shape)
        cos, sin = rotary(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                deep = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(parameter, std=0.02 / (2 * shape.layers) ** 0.5 if deep else 0.02)

    def hidden(self, ids: Tensor, cache: "Cache | None" = None) -> Tensor:
        """Normed hidden states `[batch, length, width]`; positions come from the cache, else start at 0."""
        x = self.model.embed_tokens(ids)
        if cache is None:
            cos, sin = self.cos[: ids.shape[1]].to(x.dtype), self.sin[: ids.shape[1]].to(x.dtype)
        else:
            positions = cache.positions(ids.shape[1])
            cos, sin = self.cos[positions][:, None].to(x.dtype), self.sin[positions][:, None].to(x.dtype)
        for index, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, cache, index)
        return self.model.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.model.embed_tokens.weight.to(hidden.dtype))


class Cache:
    """Keys and values of a batch whose prompts were padded on the left; `padding[b]` columns of row b are not text."""

    def __init__(self, model: Llama, padding: Tensor, capacity: int):
        shape = model.shape
        self.padding = padding
        self.capacity = capacity
        self.length = 0
        size = (shape.layers, padding.shape[0], shape.kv_heads, capacity, shape.head_dim)
        self.k, self.v = torch.zeros(size), torch.zeros(size)

    def positions(self, rows: int) -> Tensor:
        self.start, self.length = self.length, self.length + rows
        return (torch.arange(self.start, self.length)[None, :] - self.padding[:, None]).clamp(min=0)

    def extend(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        self.k[layer, :, :, self.start : self.length] = k
        self.v[layer, :, :, self.start : self.length] = v
        columns = torch.arange(self.length)
        causal = columns[None, :] <= torch.arange(self.start, self.length)[:, None]
        text = columns[None, :] >= self.padding[:, None]
        own = columns[None, None, :] == torch.arange(self.start, self.length)[None, :, None]
        mask = ((causal[None] & text[:, None, :]) | own)[:, None]
        return self.k[layer, :, :, : self.length], self.v[layer, :, :, : self.length], mask
