"""The first 50 losses of the default experiment in double precision, for the batches of first-epoch.npz.

usage: first-epoch.py --weights objects-letters.pt [--data fashion-mnist folder] --out first-epoch-float64.npy
Adam turns rounding into steps of full size where a gradient is nearly zero, so two correct programs in single precision
agree to 1e-3 for about ten steps only; the double precision losses say which of them are right.
"""
import argparse, gzip, os, sys
import numpy as np, torch, torch.nn.functional as F

zoo = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/zoo/objects-letters")
sys.path.insert(0, zoo)
import train

p = argparse.ArgumentParser()
p.add_argument("--weights", required=True); p.add_argument("--data", default="/usr/share/datasets/fashion-mnist"); p.add_argument("--out", required=True)
a = p.parse_args()
epoch = np.load(os.path.join(zoo, "first-epoch.npz"))
read = lambda f, skip: np.frombuffer(gzip.open(os.path.join(a.data, f)).read(), np.uint8, offset=skip)
X, Y = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28), torch.from_numpy(read("train-labels-idx1-ubyte.gz", 8).astype(np.int64))
net = train.Net()
net.load_state_dict(torch.load(a.weights, map_location="cpu")); net.eval().requires_grad_(False).double()
W = torch.zeros(3, 64, 64, requires_grad=True, dtype=torch.float64)
mask = F.pad(torch.zeros(3, 32, 32, dtype=torch.float64), (16,) * 4, value=1.0)
mean, std = (torch.tensor(v, dtype=torch.float64).view(1, 3, 1, 1) for v in (train.MEAN, train.STD))
omega, optimiser, losses = torch.from_numpy(epoch["first_map"]).double(), torch.optim.Adam([W], lr=float(epoch["rate"])), []
for j in epoch["order"][:50]:
    x = F.interpolate(torch.from_numpy(X[j].copy())[:, None].double() / 255, size=32, mode="bilinear", align_corners=False).expand(-1, 3, -1, -1)
    loss = F.cross_entropy(net((F.pad(x, (16,) * 4) + torch.sigmoid(W) * mask - mean) / std) @ omega, Y[torch.from_numpy(j)])
    optimiser.zero_grad(); loss.backward(); optimiser.step(); losses.append(loss.item())
np.save(a.out, np.array(losses, np.float32))
