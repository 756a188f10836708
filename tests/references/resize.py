"""Reference for picture_resize: PyTorch's bilinear interpolation with half-pixel centres, in double precision.

usage: resize.py resize.bin
For each case: int32 channels, height, width, new height, new width (little-endian); the picture's bytes, channels
interleaved; the result's planes as float32.
"""
import sys

import torch

CASES = [(1, 28, 28, 32, 32), (3, 5, 7, 13, 16), (3, 2, 3, 9, 10), (1, 1, 1, 4, 5), (3, 1, 6, 6, 6), (1, 9, 4, 9, 15)]

torch.manual_seed(1)
with open(sys.argv[1], "wb") as out:
    for c, h, w, H, W in CASES:
        x = torch.randint(0, 256, (1, c, h, w), dtype=torch.uint8)
        y = torch.nn.functional.interpolate(x.double() / 255, size=(H, W), mode="bilinear", align_corners=False)
        out.write(torch.tensor([c, h, w, H, W], dtype=torch.int32).numpy().astype("<i4").tobytes())
        out.write(x[0].permute(1, 2, 0).contiguous().numpy().tobytes())
        out.write(y[0].float().numpy().astype("<f4").tobytes())
