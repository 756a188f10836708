"""Ten steps of torch.optim.Adam and SGD on given gradients, as C arrays: python3 optimisers.py > optimisers.inc

The gradients are g[step][i] = sin(3 step + 5 i) * scale[i] with scales over eight orders of magnitude, computed in
double and rounded to float32, so that the test can make the same ones.  Written with torch 1.13."""
import math
import torch

SCALE = [1, 1e-3, 1e-7, 10, 0.5]


def run(title, make):
    p = torch.tensor([0.5, -1.0, 0.0, 2.0, -0.25], requires_grad=True)
    optimiser = make([p])
    print("static const float %s[10][5] = {" % title)
    for step in range(10):
        p.grad = torch.tensor([math.sin(3 * step + 5 * i) * SCALE[i] for i in range(5)])
        optimiser.step()
        print("    {" + ", ".join("%.9gf" % x if "." in "%.9g" % x or "e" in "%.9g" % x else "%.1ff" % x for x in p.tolist()) + "},")
    print("};")


print("/* Written by optimisers.py. */")
run("adam_plain", lambda p: torch.optim.Adam(p, lr=0.05))
run("adam_decay", lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.5, 0.99), eps=1e-4, weight_decay=0.1))
run("sgd_plain", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0))
run("sgd_momentum", lambda p: torch.optim.SGD(p, lr=0.03, momentum=0.9, weight_decay=0.01))
