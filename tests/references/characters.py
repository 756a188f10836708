#!/usr/bin/env python3
"""Writes characters.onnx and characters.safetensors beside this script: a decoder of a few thousand weights that
knows three sentences by heart, a token a character, and what PyTorch computes for it.

Learned positions, two blocks (normalisation by the mean square, causal attention with two heads, a gated layer), the
table of the embedding used again for the answers.  float32 on a CPU, PyTorch 1.13:
  ids (2, 12)          two texts
  logits (2, 12, n)    what follows each token
  dembedding           gradient of the mean next-token cross-entropy over both texts to the embedding's output,
                       before positions are added, (2, 12, 16)
  soft_prompt (3, 16)  rows that stand in front of both texts
  soft_logits          what follows each of the texts' own tokens then
  dsoft_prompt         gradient of the mean next-token cross-entropy of the texts' own tokens to the rows
  greedy (n)           "the cat " and what the model says next, always the most likely token
"""
import io, json, math, os, struct

import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
TEXT = "the cat sat on the mat. the dog ran to the red barn. a bird sang in the old tree. "
WIDTH, HEADS, MOST = 16, 2, 96
letters = sorted(set(TEXT))
torch.manual_seed(5)
torch.set_num_threads(1)


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5) * self.gain


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.before, self.after = Norm(), Norm()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))
        self.up, self.gate = (nn.Linear(WIDTH, 2 * WIDTH, bias=False) for _ in range(2))
        self.down = nn.Linear(2 * WIDTH, WIDTH, bias=False)

    def forward(self, x, mask):
        n, t = x.shape[0], x.shape[1]
        h = self.before(x)
        q, k, v = (f(h).view(n, t, HEADS, WIDTH // HEADS).transpose(1, 2) for f in (self.q, self.k, self.v))
        weights = F.softmax(q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + mask, dim=-1)
        x = x + self.o((weights @ v).transpose(1, 2).reshape(n, t, WIDTH))
        h = self.after(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(len(letters), WIDTH)
        self.places = nn.Parameter(torch.randn(MOST, WIDTH) * 0.1)
        self.blocks = nn.ModuleList([Block(), Block()])
        self.norm = Norm()

    def forward(self, ids, rows=None):
        x = self.embed(ids)
        if rows is not None:
            x = torch.cat([rows.expand(len(ids), -1, -1), x], 1)
        t = x.shape[1]
        x = x + self.places[:t]
        mask = torch.triu(torch.full((t, t), -10000.0), 1)
        for block in self.blocks:
            x = block(x, mask)
        return F.linear(self.norm(x), self.table.weight)

    def embed(self, ids):
        self.embedded = self.table(ids)
        if self.embedded.requires_grad and not self.training:
            self.embedded.retain_grad()
        return self.embedded


def encode(text):
    return torch.tensor([letters.index(c) for c in text])


net = Net()
corpus = encode(TEXT * 8)
optimiser = torch.optim.Adam(net.parameters(), 3e-3)
for step in range(1500):
    first = torch.randint(0, len(corpus) - 49, (16,))
    rows = torch.stack([corpus[i : i + 49] for i in first])
    loss = F.cross_entropy(net(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
print("loss", float(loss), "numbers", sum(p.numel() for p in net.parameters()))
net.eval()

out = {"ids": torch.stack([encode("the dog sang"), encode("a red cat in")])}
logits = net(out["ids"])
F.cross_entropy(logits[:, :-1].flatten(0, 1), out["ids"][:, 1:].flatten()).backward()
out["logits"], out["dembedding"] = logits.detach(), net.embedded.grad
soft = (torch.randn(3, WIDTH) * 0.5).requires_grad_(True)
logits = net(out["ids"], soft)[:, 3:]
F.cross_entropy(logits[:, :-1].flatten(0, 1), out["ids"][:, 1:].flatten()).backward()
out["soft_prompt"], out["soft_logits"], out["dsoft_prompt"] = soft.detach(), logits.detach(), soft.grad
greedy = encode("the cat ")
for _ in range(60):
    greedy = torch.cat([greedy, net(greedy[None])[0, -1].argmax()[None]])
out["greedy"] = greedy
print("".join(letters[i] for i in greedy))

buffer = io.BytesIO()
torch.onnx.export(net, (out["ids"],), buffer, opset_version=16, input_names=["ids"], output_names=["logits"],
                  dynamic_axes={"ids": {0: "batch", 1: "tokens"}, "logits": {0: "batch", 1: "tokens"}})
model = onnx.load_from_string(buffer.getvalue())
card = {"title": "Three sentences", "task": "causal-lm", "tokenizer": "characters:" + json.dumps(letters), "license": "MIT"}
for key, value in card.items():
    model.metadata_props.add(key=key, value=value)
onnx.save(model, os.path.join(here, "characters.onnx"))
print(sorted({n.op_type for n in model.graph.node}))

header, data = {}, b""
for name, tensor in out.items():
    kind = "I64" if tensor.dtype == torch.int64 else "F32"
    raw = tensor.contiguous().numpy().astype("<i8" if kind == "I64" else "<f4").tobytes()
    header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
with open(os.path.join(here, "characters.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
