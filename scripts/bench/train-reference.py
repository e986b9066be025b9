"""The step of `npm run bench -- train` in PyTorch: a yardstick, and no part of the program.

Arguments: widths, depths (comma-separated), batch, crop, seconds, threads, device (cpu or cuda). Prints milliseconds of the
fastest forward pass and of the fastest step (forward, backward, clipping, AdamW, running mean) as JSON.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

widths, depths = ([int(n) for n in text.split(",")] for text in sys.argv[1:3])
batch, crop, seconds, threads = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6])
device = sys.argv[7]
torch.set_num_threads(threads)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.b = nn.Conv2d(width, width, 3, 1, 1, bias=False)

    def forward(self, x):
        return x + self.b(F.relu(self.a(x)))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = lambda level: nn.Sequential(*[Block(widths[level]) for _ in range(depths[level])])
        last = len(widths) - 1
        self.head = nn.Conv2d(6, widths[0], 4, 2, 1, bias=False)
        self.encoders = nn.ModuleList(blocks(level) for level in range(last))
        self.downs = nn.ModuleList(nn.Conv2d(widths[i], widths[i + 1], 2, 2, bias=False) for i in range(last))
        self.middle = blocks(last)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(widths[i + 1], widths[i], 2, 2, bias=False) for i in range(last))
        self.decoders = nn.ModuleList(blocks(level) for level in range(last))
        self.tail = nn.Conv2d(widths[0], 12, 3, 1, 1, bias=False)

    def forward(self, image, sigma):
        head = x = self.head(torch.cat([image, sigma], 1))
        skips = []
        for encoder, down in zip(self.encoders, self.downs):
            skips.append(encoder(x))
            x = down(skips[-1])
        x = self.middle(x)
        for up, decoder, skip in reversed(list(zip(self.ups, self.decoders, skips))):
            x = decoder(up(x) + skip)
        return image - F.pixel_shuffle(self.tail(x + head), 2)


def now():
    """What a GPU was given it has done by then."""
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


torch.manual_seed(1)
net = UNet().to(device)
weights = list(net.parameters())
means = [w.detach().clone() for w in weights]
optimizer = torch.optim.AdamW(weights, 1e-4, betas=(0.9, 0.98), weight_decay=1e-5)
noisy, sigma, clean = (torch.rand(batch, 3, crop, crop, device=device) for _ in range(3))
forward, step = [], []
until = now() + seconds
while now() < until or len(step) < 3:
    start = now()
    loss = (net(noisy, sigma) - clean).abs().mean()
    forward.append(now() - start)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(weights, 0.3)
    optimizer.step()
    with torch.no_grad():
        for mean, weight in zip(means, weights):
            mean.lerp_(weight, 0.001)
    step.append(now() - start)
print(json.dumps({"version": torch.__version__, "forward": 1e3 * min(forward), "step": 1e3 * min(step)}))
