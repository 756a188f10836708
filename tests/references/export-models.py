#!/usr/bin/python3
"""Exports models of real shapes with random weights to ONNX, each with what PyTorch computes with it.

    export-models.py FOLDER [NAME...]     all models, or those that are named; what is there already is kept

NAME.onnx is the graph and NAME.safetensors holds the inputs by their names, `logits`, and the gradient of the loss:
`gradient`, to the first input of a vision model, or to the output of the token embedding of a language model.  The
loss is the mean cross-entropy: to class 3, or of a decoder's next tokens.

The vision models are torchvision's (Debian: python3-torchvision 0.14, weights=None); `gpt2` and `bert` are small
and shaped as Hugging Face's GPT2LMHeadModel and BertForSequenceClassification export themselves.  gpt2, bert and
shufflenet_v2_x0_5 are kept in this folder.  Made with PyTorch 1.13; the same numbers come out each time.
"""
import json
import math
import os
import struct
import sys
import zlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

CLASS = 3

# name -> operator set; every one that PyTorch 1.13 writes for such models is met.
VISION = {
    "resnet18": 9,
    "mobilenet_v3_small": 11,
    "shufflenet_v2_x0_5": 13,
    "efficientnet_b0": 14,
    "densenet121": 10,
    "googlenet": 12,
    "mnasnet0_5": 15,
    "regnet_y_400mf": 13,
    "convnext_tiny": 16,
    "swin_t": 14,
    "vit_b_16": 17,
}
LANGUAGE = {"gpt2": 14, "bert": 13}


class Conv1D(nn.Module):
    """GPT-2's linear layer: the weight is (in, out), and rows are put into a matrix first."""

    def __init__(self, n_in, n_out):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out) * 0.15)
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        shape = x.size()[:-1] + (self.weight.shape[1],)
        return torch.addmm(self.bias, x.view(-1, x.size(-1)), self.weight).view(shape)


class GPT2Block(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.heads, self.split = heads, width
        self.ln_1, self.ln_2 = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)
        self.c_attn, self.c_proj = Conv1D(width, 3 * width), Conv1D(width, width)
        self.c_fc, self.c_out = Conv1D(width, 4 * width), Conv1D(4 * width, width)
        causal = torch.tril(torch.ones(context, context, dtype=torch.uint8)).view(1, 1, context, context)
        self.register_buffer("bias", causal)

    def heads_of(self, x):
        return x.view(x.size()[:-1] + (self.heads, self.split // self.heads)).permute(0, 2, 1, 3)

    def attention(self, x):
        query, key, value = (self.heads_of(part) for part in self.c_attn(x).split(self.split, dim=2))
        scores = torch.matmul(query, key.transpose(-1, -2))
        scores = scores / torch.full([], value.size(-1) ** 0.5, dtype=scores.dtype)
        n_query, n_key = query.size(-2), key.size(-2)
        causal = self.bias[:, :, n_key - n_query : n_key, :n_key].to(torch.bool)
        scores = torch.where(causal, scores, torch.full([], torch.finfo(torch.float32).min, dtype=scores.dtype))
        joined = torch.matmul(F.softmax(scores, dim=-1), value).permute(0, 2, 1, 3).contiguous()
        return self.c_proj(joined.view(joined.size()[:-2] + (self.split,)))

    def forward(self, x):
        x = x + self.attention(self.ln_1(x))
        z = self.c_fc(self.ln_2(x))
        z = 0.5 * z * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * torch.pow(z, 3.0))))
        return x + self.c_out(z)


class GPT2(nn.Module):
    """Ids (batch, tokens) to logits (batch, tokens, vocabulary); the head's matrix is the embedding's."""

    names, shape = ["input_ids"], (2, 11)

    def __init__(self, vocabulary=96, context=32, width=48, heads=4, layers=3):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.h = nn.ModuleList(GPT2Block(width, heads, context) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width, eps=1e-5)

    def inputs(self):
        return (whole_numbers("gpt2", self.shape, self.wte.num_embeddings),)

    def forward(self, input_ids):
        ids = input_ids.view(-1, input_ids.size(-1))
        positions = torch.arange(0, ids.size(-1), dtype=torch.long).unsqueeze(0).view(-1, ids.size(-1))
        x = self.wte(ids) + self.wpe(positions)
        for block in self.h:
            x = block(x)
        return F.linear(self.ln_f(x), self.wte.weight)

    def embedding(self):
        return self.wte

    @staticmethod
    def loss(logits, input_ids):
        return F.cross_entropy(logits[:, :-1].flatten(0, 1), input_ids[:, 1:].flatten())


class BertLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.dense, self.norm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-12)
        self.intermediate, self.output = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.output_norm = nn.LayerNorm(width, eps=1e-12)

    def heads_of(self, x):
        return x.view(x.size()[:-1] + (self.heads, self.size)).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        query = self.heads_of(self.query(x))
        key, value = self.heads_of(self.key(x)), self.heads_of(self.value(x))
        scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(self.size) + mask
        joined = torch.matmul(F.softmax(scores, dim=-1), value).permute(0, 2, 1, 3).contiguous()
        joined = joined.view(joined.size()[:-2] + (self.heads * self.size,))
        x = self.norm(self.dense(joined) + x)
        return self.output_norm(self.output(F.gelu(self.intermediate(x))) + x)


class Bert(nn.Module):
    """Ids, mask and segments (batch, tokens) to class logits (batch, classes)."""

    names, shape = ["input_ids", "attention_mask", "token_type_ids"], (2, 13)

    def __init__(self, vocabulary=120, context=32, width=48, heads=4, layers=3, classes=5):
        super().__init__()
        self.word, self.position = nn.Embedding(vocabulary, width, padding_idx=0), nn.Embedding(context, width)
        self.token_type, self.norm = nn.Embedding(2, width), nn.LayerNorm(width, eps=1e-12)
        self.register_buffer("position_ids", torch.arange(context).expand((1, -1)))
        self.layer = nn.ModuleList(BertLayer(width, heads) for _ in range(layers))
        self.pooler, self.classifier = nn.Linear(width, width), nn.Linear(width, classes)

    def inputs(self):
        """The second row ends in four padded places."""
        ids = 1 + whole_numbers("bert", self.shape, self.word.num_embeddings - 1)
        mask, segments = torch.ones(self.shape, dtype=torch.long), torch.zeros(self.shape, dtype=torch.long)
        segments[:, 6:] = 1
        ids[1, -4:], mask[1, -4:], segments[1, -4:] = 0, 0, 0
        return ids, mask, segments

    def forward(self, input_ids, attention_mask, token_type_ids):
        x = self.word(input_ids) + self.token_type(token_type_ids)
        x = self.norm(x + self.position(self.position_ids[:, : input_ids.size(1)]))
        mask = attention_mask[:, None, None, :].to(dtype=x.dtype)
        mask = (1.0 - mask) * torch.finfo(torch.float32).min
        for layer in self.layer:
            x = layer(x, mask)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))

    def embedding(self):
        return self.word

    @staticmethod
    def loss(logits, input_ids):
        return F.cross_entropy(logits, torch.full(logits.shape[:1], CLASS))


def whole_numbers(name, shape, below):
    random = np.random.RandomState(zlib.crc32(name.encode()) % 2**31)
    return torch.from_numpy(random.randint(0, below, shape).astype(np.int64))


def picture(name, batch, seed=0):
    """googlenet's many maxima have kinks that nothing moves: fewer places, fewer kinks."""
    size = 64 if name == "googlenet" else 224
    return torch.from_numpy(np.random.RandomState(seed).uniform(-2, 2, (batch, 3, size, size)).astype(np.float32))


def disturb(model):
    """What starts as a constant (norms, biases, layer scales, empty heads) gets numbers that a test can see."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            flat = parameter.flatten()
            if "layer_scale" in name:
                parameter.uniform_(0.1, 0.5)
            elif bool((flat == flat[0]).all()):
                parameter.add_(torch.randn_like(parameter) * (0.1 if parameter.dim() < 2 else 0.03))


def settle_batch_norms(name, model):
    """Running statistics as they are after a step of training, so that signals keep their size."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        norm.reset_running_stats()
        norm.train()
    if norms:
        with torch.no_grad():
            model(picture(name, 2))
    model.eval()


def vision(name):
    import torchvision

    options = {"googlenet": {"aux_logits": False, "init_weights": False, "transform_input": True}}
    model = getattr(torchvision.models, name)(weights=None, **options.get(name, {})).eval()
    disturb(model)
    settle_batch_norms(name, model)
    return model


def write_safetensors(path, tensors):
    header, numbers = {}, b""
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().numpy())
        kind = {"float32": "F32", "int64": "I64"}[str(array.dtype)]
        header[name] = {"dtype": kind, "shape": list(array.shape),
                        "data_offsets": [len(numbers), len(numbers) + array.nbytes]}
        numbers += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + numbers)


def widest_gap(x):
    """By channel the number within 0.1 of zero that lies farthest from all numbers of x (1, channels, height, width)."""
    numbers = x.flatten(2)[0].sort(1).values
    gaps, middles = numbers[:, 1:] - numbers[:, :-1], (numbers[:, 1:] + numbers[:, :-1]) / 2
    if gaps.shape[1] == 0:
        return torch.zeros(x.shape[1])
    gaps[middles.abs() > 0.1] = 0
    widest = gaps.argmax(1, keepdim=True)
    return (middles.gather(1, widest) * (gaps.gather(1, widest) > 0)).flatten()


def clear_kinks(model, x):
    """Moves the shifts of batch norms a little, so that for this input zero, where ReLU has its kink, lies in the
    middle of a gap: rounding then changes no gradient by a jump.  Where ReLU reads a sum, the norm that ran last is
    a summand of it."""
    last = {}

    def after_norm(norm, arguments, output):
        shift = widest_gap(output)
        norm.bias.sub_(shift)
        last.update(norm=norm, output=output - shift[:, None, None])
        return last["output"]

    def before_relu(relu, arguments):
        if arguments[0] is last["output"] or arguments[0].shape != last["output"].shape:
            return None
        shift = widest_gap(arguments[0])
        last["norm"].bias.sub_(shift)
        return (arguments[0] - shift[:, None, None],)

    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [norm.register_forward_hook(after_norm) for norm in norms]
    hooks += [module.register_forward_pre_hook(before_relu) for module in model.modules()
              if norms and isinstance(module, nn.ReLU)]
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    return len(norms) > 0


def picture_gradient(model, x):
    x = x.clone().requires_grad_()
    logits = model(x)
    F.cross_entropy(logits, torch.full(logits.shape[:1], CLASS)).backward()
    return logits, x.grad


def dump_vision(name, model):
    """A picture at which other rounding does not change the gradient: sums of branches and maxima have kinks too."""
    for seed in range(1, 20):
        x = picture(name, 1, seed)
        kinks = clear_kinks(model, x)
        logits, gradient = picture_gradient(model, x)
        steady = True
        for probe in range(2 if kinks else 0):
            other = picture_gradient(model, x * (1 + 1e-6 * torch.randn_like(x)))[1]
            steady = steady and float((other - gradient).norm() / gradient.norm()) < 1e-4
        if steady:
            return {"input": x, "logits": logits, "gradient": gradient}
        print(name, "picture", seed, "has kinks", flush=True)
    sys.exit("no picture is far from all kinks")


def dump_language(model):
    watched = {}

    def keep(module, arguments, output):
        output.retain_grad()
        watched["x"] = output

    hook = model.embedding().register_forward_hook(keep)
    inputs = model.inputs()
    logits = model(*inputs)
    model.loss(logits, inputs[0]).backward()
    hook.remove()
    return dict(zip(model.names, inputs), logits=logits, gradient=watched["x"].grad)


def export(name, folder):
    torch.manual_seed(zlib.crc32(name.encode()) % 2**31)
    graph, reference = (os.path.join(folder, name + ending) for ending in (".onnx", ".safetensors"))
    if os.path.exists(graph) and os.path.exists(reference):
        return
    if name in LANGUAGE:
        model = {"gpt2": GPT2, "bert": Bert}[name]().eval()
        disturb(model)
        tensors, names, axes = dump_language(model), model.names, {0: "batch", 1: "sequence"}
    else:
        model, names, axes = vision(name), ["input"], {0: "batch"}
        tensors = dump_vision(name, model)
    write_safetensors(reference, tensors)
    dynamic = {input_name: axes for input_name in names}
    dynamic["logits"] = axes if name == "gpt2" else {0: "batch"}
    inputs = tuple(tensors[input_name] for input_name in names)
    torch.onnx.export(model, inputs, graph + ".part", opset_version={**VISION, **LANGUAGE}[name],
                      input_names=names, output_names=["logits"], dynamic_axes=dynamic)
    os.replace(graph + ".part", graph)
    print(name, os.path.getsize(graph), "bytes", flush=True)


def main():
    folder, names = sys.argv[1], sys.argv[2:] or [*LANGUAGE, *VISION]
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(2)
    for name in names:
        export(name, folder)


if __name__ == "__main__":
    main()
