"""Muon (Jordan et al. 2024) for the matrices inside the layers, AdamW for embeddings and norms."""

import torch
from torch import Tensor, nn


def orthogonalised(update: Tensor) -> Tensor:
    """Five Newton-Schulz steps on a stack of matrices `[count, rows, columns]`, in float32: bfloat16 products are 20 times slower on processors without them."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).contiguous()
    for _ in range(5):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, then the nearest orthogonal matrix. Matrices of one shape are worked on as a stack."""

    def __init__(self, parameters: list[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01):
        shapes = sorted({tuple(parameter.shape) for parameter in parameters})
        groups = [{"params": [p for p in parameters if tuple(p.shape) == shape]} for shape in shapes]
        super().__init__(groups, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            parameters = group["params"]
            state = self.state[parameters[0]]
            gradient = torch.stack([parameter.grad for parameter in parameters])
            if "momentum" not in state:
                state["momentum"] = torch.zeros_like(gradient)
            momentum = state["momentum"].lerp_(gradient, 1 - group["momentum"])
            update = orthogonalised(gradient.lerp(momentum, group["momentum"]))
            scale = max(1.0, parameters[0].shape[0] / parameters[0].shape[1]) ** 0.5
            for parameter, change in zip(parameters, update):
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(change, alpha=-group["lr"] * scale)


def optimizers(model: nn.Module, matrix_lr: float, other_lr: float) -> tuple[Muon, torch.optim.AdamW]:
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.dim() != 2 or "embed" in name]
    return Muon(matrices, matrix_lr), torch.optim.AdamW(others, lr=other_lr, betas=(0.9, 0.95), weight_decay=0.0)
