"""The frozen networks of the project: 64x64 RGB in (normalised), 36 classes out. Net is convolutional, ViT a vision transformer; Teacher computes either from its ONNX file."""
import onnx, torch, torch.nn as nn, torch.nn.functional as F
from onnx import numpy_helper


class Block(nn.Module):
    def __init__(s, i, o, stride):
        super().__init__()
        s.c1 = nn.Conv2d(i, o, 3, stride, 1, bias=False); s.b1 = nn.BatchNorm2d(o)
        s.c2 = nn.Conv2d(o, o, 3, 1, 1, bias=False); s.b2 = nn.BatchNorm2d(o)
        s.short = nn.Sequential() if stride == 1 and i == o else nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(s, x):
        return F.relu(s.b2(s.c2(F.relu(s.b1(s.c1(x))))) + s.short(x))


class Net(nn.Module):
    """A small residual network: stem (stride 2), three stages at 32, 16 and 8 pixels, mean, linear."""
    def __init__(s, w=24, classes=36):
        super().__init__()
        s.stem = nn.Sequential(nn.Conv2d(3, w, 3, 2, 1, bias=False), nn.BatchNorm2d(w), nn.ReLU())
        s.stage1 = nn.Sequential(Block(w, w, 1))
        s.stage2 = nn.Sequential(Block(w, 2 * w, 2), Block(2 * w, 2 * w, 1))
        s.stage3 = nn.Sequential(Block(2 * w, 4 * w, 2), Block(4 * w, 4 * w, 1))
        s.head = nn.Linear(4 * w, classes)

    def forward(s, x):
        return s.head(s.stage3(s.stage2(s.stage1(s.stem(x)))).mean((2, 3)))


class Encoder(nn.Module):
    def __init__(s, d, h):
        super().__init__()
        s.h, s.ln1, s.qkv, s.proj = h, nn.LayerNorm(d), nn.Linear(d, 3 * d), nn.Linear(d, d)
        s.ln2, s.up, s.down = nn.LayerNorm(d), nn.Linear(d, 3 * d), nn.Linear(3 * d, d)

    def forward(s, x):
        B, N, D = x.shape
        q, k, v = (t.reshape(B, N, s.h, D // s.h).transpose(1, 2) for t in s.qkv(s.ln1(x)).split(D, 2))
        a = (q @ k.transpose(-2, -1) * (D // s.h) ** -0.5).softmax(-1) @ v
        x = x + s.proj(a.transpose(1, 2).reshape(B, N, D))
        return x + s.down(F.gelu(s.up(s.ln2(x))))


class ViT(nn.Module):
    """Patches of 8x8 by a convolutional stem (three steps of 2), a class token, learned positions, pre-norm encoders."""
    def __init__(s, d=144, h=4, layers=6, classes=36):
        super().__init__()
        down = lambda i, o: (nn.Conv2d(i, o, 3, 2, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
        s.stem = nn.Sequential(*down(3, 24), *down(24, 72), nn.Conv2d(72, d, 3, 2, 1))
        s.cls = nn.Parameter(torch.zeros(1, 1, d)); s.pos = nn.Parameter(torch.randn(1, 65, d) * 0.02)
        s.blocks = nn.ModuleList(Encoder(d, h) for _ in range(layers)); s.ln = nn.LayerNorm(d); s.head = nn.Linear(d, classes)

    def forward(s, x, seen=None):
        """seen: how many of the 64 patches, drawn at random for each picture, the encoders are given; None: all of them."""
        x = s.stem(x).flatten(2).transpose(1, 2)
        x = torch.cat([s.cls.expand(x.shape[0], -1, -1), x], 1) + s.pos
        if seen is not None:
            rows = 1 + torch.rand(x.shape[0], 64).argsort(1)[:, :seen]
            x = torch.cat([x[:, :1], x.gather(1, rows[:, :, None].expand(-1, -1, x.shape[2]))], 1)
        for b in s.blocks:
            x = b(x)
        return s.head(s.ln(x)[:, 0])


class Teacher:
    """The convolutional network from its ONNX file, whose nodes it computes one by one."""
    def __init__(s, path):
        g = onnx.load(path).graph
        s.nodes = [(n.op_type, list(n.input), n.output[0], {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute}) for n in g.node]
        s.values, s.input = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in g.initializer}, g.input[0].name

    def __call__(s, x):
        rows = {"Conv": lambda a, x, w, b: F.conv2d(x, w, b, a["strides"], a["pads"][:2]), "Relu": lambda a, x: F.relu(x), "Add": lambda a, x, y: x + y,
                "ReduceMean": lambda a, x: x.mean(a["axes"]), "Gemm": lambda a, x, w, b: F.linear(x, w, b)}
        v = {**s.values, s.input: x}
        with torch.no_grad():
            for op, inputs, output, a in s.nodes:
                v[output] = rows[op](a, *(v[i] for i in inputs))
        return v[output]
