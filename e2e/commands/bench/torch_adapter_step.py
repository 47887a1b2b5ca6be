"""The step of adapter.ts in PyTorch and diffusers: a UNet of the same configuration that does not learn, and an adapter of as many layers over its text.
Random weights cost what trained ones cost. Prints the seconds of each round as JSON."""

import json
import sys
import time

import torch
from diffusers import UNet2DConditionModel
from torch import nn
from torch.nn import functional as F

CONFIG, *NUMBERS = sys.argv[1:]
BATCH, CHANNELS, HEIGHT, WIDTH, LENGTH, TEXT, ADAPTER, LAYERS, ROUNDS = map(int, NUMBERS)

torch.manual_seed(1)
with open(CONFIG, encoding="utf-8") as file:
    unet = UNet2DConditionModel.from_config(json.load(file)).requires_grad_(False)
# A graph has a few objects and relations where a text has 77 tokens: what is left out of it here costs no more.
layers = [nn.Linear(TEXT, ADAPTER), nn.SiLU()]
for _ in range(LAYERS):
    layers += [nn.Linear(ADAPTER, ADAPTER), nn.SiLU()]
adapter = nn.Sequential(*layers, nn.Linear(ADAPTER, TEXT))
optimizer = torch.optim.AdamW(adapter.parameters(), lr=1e-5, betas=(0.9, 0.99), weight_decay=0.01)
sample, target = torch.randn(2, BATCH, CHANNELS, HEIGHT, WIDTH)
text = torch.randn(BATCH, LENGTH, TEXT)


def step():
    optimizer.zero_grad()
    prediction = unet(sample, torch.full((BATCH,), 500), text + adapter(text)).sample
    F.mse_loss(prediction, target).backward()
    nn.utils.clip_grad_norm_(adapter.parameters(), 1)
    optimizer.step()


seconds = []
for round_ in range(ROUNDS + 1):
    start = time.perf_counter()
    step()
    if round_ > 0:
        seconds.append(time.perf_counter() - start)
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "seconds": seconds}))
