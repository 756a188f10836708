"""Writes objects-letters.safetensors, or objects-letters-vit.safetensors, beside this script: what PyTorch computes for the frozen networks.

usage: objects-letters.py cnn|vit WEIGHTS.pt   (the weights are not part of the project; see data/zoo/README.md)

Two pictures of the formula v(n, c, y, x) = (3 y + 5 x + 80 c + floor(x y / 16) + 97 n) & 255, normalised; float32 on a CPU:
  logits   (2, 36)
  dx       (2, 3, 64, 64)  gradient of the mean cross-entropy with target class 3 to the normalised pictures
  block1   (2, channels)   mean over height and width, or over the tokens, of the block's output; to block6
  dblock3  (2, 16, 16)     gradient of the same to the third block's output, summed over its channels; (2, 144) over its tokens
                           (over channels it is zero, for layer norm takes their mean away)
"""
import json, os, struct, sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "data", "zoo", "objects-letters"))
import torch, torch.nn.functional as F
import nets, train

vit = sys.argv[1] == "vit"
net = nets.ViT() if vit else nets.Net()
net.load_state_dict(torch.load(sys.argv[2], map_location="cpu"))
net.eval()
for p in net.parameters():
    p.requires_grad_(False)

n, c, y, x = torch.meshgrid(*(torch.arange(k) for k in (2, 3, 64, 64)), indexing="ij")
pixels = ((3 * y + 5 * x + 80 * c + x * y // 16 + 97 * n) & 255).float() / 255
pixels = ((pixels - torch.tensor(train.MEAN)[:, None, None]) / torch.tensor(train.STD)[:, None, None]).requires_grad_(True)

out, h, blocks = {}, pixels, []
if vit:
    h = net.stem(h).flatten(2).transpose(1, 2)
    h = torch.cat([net.cls.expand(2, -1, -1), h], 1) + net.pos
for block in net.blocks if vit else (net.stem, *net.stage1, *net.stage2, *net.stage3):
    h = block(h)
    h.retain_grad()
    blocks.append(h)
    out[f"block{len(blocks)}"] = h.detach().mean(1 if vit else (2, 3))
logits = net.head(net.ln(h)[:, 0] if vit else h.mean((2, 3)))
F.cross_entropy(logits, torch.full((2,), 3)).backward()
out["logits"], out["dx"] = logits.detach(), pixels.grad
out["dblock3"] = blocks[2].grad.sum(1)

header, data = {}, b""
for name, tensor in out.items():
    raw = tensor.contiguous().numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
with open(os.path.join(here, "objects-letters-vit.safetensors" if vit else "objects-letters.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
