"""The step of transformer.ts in PyTorch: the same network, loss, clipping and optimiser. Prints the seconds of each round as JSON."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, BLOCKS, HEADS, TOKENS, CONTEXT, BATCH, ROUNDS = map(int, sys.argv[1:])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x, context):
        def heads(y):
            return y.view(BATCH, -1, HEADS, WIDTH // HEADS).transpose(1, 2)

        mixed = F.scaled_dot_product_attention(heads(self.query(x)), heads(self.key(context)), heads(self.value(context)))
        return self.out(mixed.transpose(1, 2).reshape(BATCH, -1, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(3))
        self.own, self.cross = Attention(), Attention()
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.SiLU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x, context):
        normed = self.norms[0](x)
        x = x + self.own(normed, normed)
        x = x + self.cross(self.norms[1](x), context)
        return x + self.mlp(self.norms[2](x))


torch.manual_seed(1)
blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
optimizer = torch.optim.AdamW(blocks.parameters(), lr=1e-5, betas=(0.9, 0.99), weight_decay=0.01)
x, target = torch.randn(2, BATCH, TOKENS, WIDTH)
context = torch.randn(BATCH, CONTEXT, WIDTH)


def step():
    optimizer.zero_grad()
    y = x
    for block in blocks:
        y = block(y, context)
    F.mse_loss(y, target).backward()
    nn.utils.clip_grad_norm_(blocks.parameters(), 1)
    optimizer.step()


seconds = []
for round_ in range(ROUNDS + 1):
    start = time.perf_counter()
    step()
    if round_ > 0:
        seconds.append(time.perf_counter() - start)
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "seconds": seconds}))
