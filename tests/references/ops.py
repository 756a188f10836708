#!/usr/bin/env python3
"""Writes ops.txt: outputs and gradients of operators as PyTorch computes them, for tests/test-ops-torch.c.

Inputs and attributes are in the language of tests/support/op-harness.h, and are filled by the same formulas as in
tests/support/op-cases.c, so that only results need to be stored.  Made with PyTorch 1.13; run it in this folder.
"""
import re

import numpy as np
import torch
import torch.nn.functional as F


def noise(k, i):
    h = (i * 2654435761 + k * 40503 * 65599 + 12345) % 2**32
    h ^= h >> 15
    return (h * 2246822519 % 2**32) >> 8


def smooth(k, i):
    return np.float32(noise(k, i) % 2001) / np.float32(1000) - np.float32(1)


def positive(k, i):
    return np.float32(0.5) + np.float32(noise(k, i) % 2001) / np.float32(1000)


def kinks(k, i):
    """Whole numbers: many lie at the kinks of relu and at the bounds of clip."""
    return np.float32(noise(k, i) % 7) - np.float32(3)


FILLS = {"smooth": smooth, "positive": positive, "kinks": kinks}


def parse(text, fill):
    tensors = []
    for k, word in enumerate(text.split()):
        if word[0] in "[{":
            tensors.append(torch.tensor([int(n) for n in word[1:-1].split(",") if n], dtype=torch.int64))
        elif word[0] == "=":
            tensors.append(torch.tensor(float(word[1:])))
        elif word == "-":
            tensors.append(None)
        else:
            shape = [int(n) for n in re.findall(r"\d+", word)]
            numbers = np.array([FILLS[fill](k, i) for i in range(int(np.prod(shape)))], np.float32)
            tensors.append(torch.tensor(numbers.reshape(shape), requires_grad="!" not in word))
    return tensors


def attributes(text):
    found = {}
    for word in text.split():
        name, value = word.split("=")
        found[name] = [int(n) for n in value[1:-1].split(",")] if value[0] == "[" else value
    return found


def padded(x, a, kernel):
    """Pads as ONNX has them (all starts, then all ends)."""
    pads = a.get("pads", [0] * 2 * (x.dim() - 2))
    if "auto_pad" in a:
        strides = a.get("strides", [1] * len(kernel))
        totals = [max((-(-n // s) - 1) * s + k - n, 0) for n, s, k in zip(x.shape[2:], strides, kernel)]
        starts = [t - t // 2 if a["auto_pad"] == "SAME_LOWER" else t // 2 for t in totals]
        pads = starts + [t - start for t, start in zip(totals, starts)]
    n = len(pads) // 2
    return F.pad(x, [p for i in reversed(range(n)) for p in (pads[i], pads[n + i])])


def conv(a, x, w, b=None):
    function = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}[x.dim()]
    ones = [1] * (x.dim() - 2)
    return function(padded(x, a, w.shape[2:]), w, b, a.get("strides", ones), 0, a.get("dilations", ones), int(a.get("group", 1)))


def max_pool(a, x):
    function = {3: F.max_pool1d, 4: F.max_pool2d}[x.dim()]
    ones = [1] * (x.dim() - 2)
    pads = a.get("pads", [0] * 4)[: x.dim() - 2]
    return function(x, a["kernel_shape"], a.get("strides", ones), pads, a.get("dilations", ones), "ceil_mode" in a)


def average_pool(a, x):
    pads = a.get("pads", [0] * 4)[: x.dim() - 2]
    return F.avg_pool2d(x, a["kernel_shape"], a.get("strides", [1, 1]), pads, "ceil_mode" in a, "count_include_pad" in a)


def gemm(a, x, w, c):
    x = x.T if "transA" in a else x
    w = w.T if "transB" in a else w
    return float(a.get("alpha", 1)) * x @ w + float(a.get("beta", 1)) * c


def batch_norm(a, x, scale, shift, mean, variance):
    return F.batch_norm(x, mean, variance, scale, shift, False, 0, float(a.get("epsilon", 1e-5)))


def clip(a, x, low=None, high=None):
    return torch.clamp(x, None if low is None else low.item(), None if high is None else high.item())


def onnx_slice(a, x, starts, ends, axes, steps):
    for start, end, axis, step in zip(*(t.tolist() for t in (starts, ends, axes, steps))):
        index = torch.arange(x.shape[axis])[slice(start, end, step)] if step > 0 else torch.tensor(
            list(range(x.shape[axis]))[start:end:step])
        x = x.index_select(axis, index)
    return x


def onnx_pad(a, x, pads, value=torch.tensor(0.0)):
    pads = pads.tolist()
    n = len(pads) // 2
    mode = a.get("mode", "constant")
    if mode == "constant":
        return F.pad(x, [p for i in reversed(range(n)) for p in (pads[i], pads[n + i])], value=value.item())
    inner = [p for i in (3, 2) for p in (pads[i], pads[n + i])]
    return F.pad(x, inner, mode={"reflect": "reflect", "edge": "replicate"}[mode])


def arithmetic(function):
    return lambda a, x, y: function(x, y)


def unary(function):
    return lambda a, x: function(x)


CASES = [
    ("Conv", "2x3x9x8 5x3x3x3! 5", "pads=[1,1,1,1]", conv),
    ("Conv", "2x3x9x8 5x3x3x3! 5", "pads=[1,0,2,1] strides=[2,3]", conv),
    ("Conv", "1x8x6x5 24x8x3x3! 24", "pads=[1,1,1,1] strides=[2,2]", conv),
    ("Conv", "1x24x4x3 48x24x3x3! 48", "pads=[1,1,1,1]", conv),
    ("Conv", "1x24x4x6 17x24x1x1! 17", "", conv),
    ("Conv", "1x16x5x6 8x16x1x1! 8", "strides=[2,2]", conv),
    ("Conv", "1x4x7x9 6x2x3x3! 6", "group=2 dilations=[2,1] pads=[2,1,2,1]", conv),
    ("Conv", "1x16x7x6 16x1x3x3! 16", "group=16 pads=[1,1,1,1]", conv),
    ("Conv", "1x19x7x6 19x1x3x3! 19", "group=19 pads=[0,0,1,1] strides=[2,2]", conv),
    ("Conv", "1x1x20x10 8x1x10x4! 8", "strides=[2,2] pads=[4,1,5,1]", conv),
    ("Conv", "2x3x6x5 4x3x3x3 4", "pads=[1,1,1,1] strides=[2,2]", conv),
    ("Conv", "1x2x6x5 3x2x2x2! 3", "auto_pad=SAME_LOWER", conv),
    ("Conv", "1x2x6x5 3x2x4x2! 3", "auto_pad=SAME_UPPER strides=[2,2]", conv),
    ("Conv", "2x3x17 4x3x5! 4", "pads=[2,2] strides=[2]", conv),
    ("Conv", "1x2x4x5x6 3x2x3x3x3! 3", "pads=[1,1,1,1,1,1]", conv),
    ("Gemm", "3x7 5x7! 5", "transB=1", gemm),
    ("Gemm", "7x3 7x5 3x5", "transA=1 alpha=0.5 beta=2.0", gemm),
    ("MatMul", "2x3x5 5x4", "", arithmetic(torch.matmul)),
    ("MatMul", "2x1x3x5 4x5x2", "", arithmetic(torch.matmul)),
    ("Add", "2x3x4x5 3x1x1", "", arithmetic(torch.add)),
    ("Mul", "5x3x4x4 3x4x4", "", arithmetic(torch.mul)),
    ("Div", "2x3x4x5 1x3x1x1", "", arithmetic(torch.div), 0, "positive"),
    ("Relu", "2x3x4x5", "", unary(torch.relu), 0, "kinks"),
    ("Clip", "2x3x4x5 =-1.0 =2.0", "", clip, 0, "kinks"),
    ("Clip", "2x3x4x5 - =1.0", "", clip, 0, "kinks"),
    ("Sigmoid", "2x3x4x5", "", unary(torch.sigmoid)),
    ("Tanh", "2x3x4x5", "", unary(torch.tanh)),
    ("Erf", "2x3x4x5", "", unary(torch.erf)),
    ("LeakyRelu", "2x3x4x5", "", unary(F.leaky_relu), 0, "kinks"),
    ("MaxPool", "2x3x7x8", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]", max_pool),
    ("MaxPool", "2x3x7x8", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]", max_pool, 0, "kinks"),
    ("MaxPool", "2x3x7x8", "kernel_shape=[2,2] strides=[3,2] ceil_mode=1", max_pool),
    ("AveragePool", "2x3x7x8", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]", average_pool),
    ("AveragePool", "2x3x7x8", "kernel_shape=[3,3] strides=[3,3] pads=[1,1,1,1] count_include_pad=1 ceil_mode=1",
     average_pool),
    ("AveragePool", "1x2x7x8", "kernel_shape=[3,3] strides=[2,2] count_include_pad=1 ceil_mode=1", average_pool),
    ("GlobalAveragePool", "2x3x4x5", "", unary(lambda x: x.mean((2, 3), keepdim=True))),
    ("ReduceMean", "2x3x4x5", "axes=[2,3] keepdims=0", unary(lambda x: x.mean((2, 3)))),
    ("ReduceSum", "2x3x4x5 [0,2]", "", lambda a, x, axes: x.sum((0, 2), keepdim=True)),
    ("Softmax", "4x7", "", unary(lambda x: F.softmax(x, -1))),
    ("LogSoftmax", "2x5x3", "axis=1", unary(lambda x: F.log_softmax(x, 1))),
    ("CrossEntropy", "5x7 {0,6,3,3,1}", "", lambda a, z, l: F.cross_entropy(z, l, reduction="none")),
    ("BatchNormalization", "2x3x4x5 3! 3! 3! 3!", "", batch_norm, 0, "positive"),
    ("Slice", "2x3x6x5 [1,1] [2147483647,5] [2,3] [2,3]", "", onnx_slice),
    ("Slice", "7x3 [5] [-100] [0] [-2]", "", onnx_slice),
    ("Pad", "2x3x4x5 [0,1,0,2,0,2,1,0]", "", onnx_pad),
    ("Pad", "2x3x4x5 [0,0,1,2,0,0,3,0] =1.5", "", onnx_pad),
    ("Pad", "2x3x4x5 [0,0,2,1,0,0,1,2]", "mode=reflect", onnx_pad),
    ("Pad", "2x3x4x5 [0,0,2,1,0,0,1,2]", "mode=edge", onnx_pad),
    ("Gather", "5x3 [4,0,4]", "", lambda a, x, i: x.index_select(0, i)),
    ("Transpose", "2x3x4x5", "perm=[0,2,3,1]", unary(lambda x: x.permute(0, 2, 3, 1))),
]
# The same convolutions with an activation behind them.
CASES += [case + (1 + i % 2,) for i, case in enumerate(c for c in CASES if c[0] == "Conv")]


def numbers(label, tensor):
    return label + " " + " ".join("%.6g" % n for n in tensor.detach().reshape(-1).tolist()) + "\n"


with open("ops.txt", "w") as out:
    for op, inputs, text, function, *rest in CASES:
        activation, fill = (rest + [0, "smooth"][len(rest):])[:2]
        x = parse(inputs, fill)
        y = function(attributes(text), *x)
        if activation:
            y = torch.relu(y) if activation == 1 else torch.clamp(y, -0.5, 1)
        seeds = torch.tensor([(i * 37 % 13 - 6) / 4 for i in range(y.numel())]).reshape(y.shape)
        y.backward(seeds)
        out.write("case %s|%s|%s|%d|%s\n" % (op, inputs, text, activation, fill))
        out.write(numbers("y", y))
        for k, tensor in enumerate(x):
            if tensor is not None and tensor.requires_grad:
                out.write(numbers("dx%d" % k, tensor.grad))
