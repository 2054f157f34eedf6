"""Right and wrong answers to set 14, as students write them, in PyTorch.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F
from wrong_answers_11 import edited

VGG = """
def vgg_block(in_channels, out_channels, convs):
    layers = []
    for i in range(convs):
        layers.append(nn.Conv2d(in_channels, out_channels, 3, padding=1))
        layers.append(nn.ReLU())
        in_channels = out_channels
    layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)
"""
CONV, RELU = "nn.Conv2d(in_channels, out_channels, 3, padding=1)", "layers.append(nn.ReLU())"
POOL, NEXT = "nn.MaxPool2d(2)", "in_channels = out_channels"


class Block(nn.Module):
    def __init__(self, in_channels, out_channels, convs):
        super().__init__()
        widths = [in_channels] + [out_channels] * convs
        self.convs = nn.ModuleList(
            nn.Conv2d(a, b, (3, 3), padding="same") for a, b in pairwise(widths)
        )

    def forward(self, x):
        for conv in self.convs:
            x = conv(x).clamp(min=0)
        return F.max_pool2d(x, kernel_size=2, stride=2)


INCEPTION = """
class Inception(nn.Module):
    def __init__(self, in_channels, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        super().__init__()
        self.one = nn.Conv2d(in_channels, c1, 1)
        self.reduce3 = nn.Conv2d(in_channels, c3_reduce, 1)
        self.three = nn.Conv2d(c3_reduce, c3, 3, padding=1)
        self.reduce5 = nn.Conv2d(in_channels, c5_reduce, 1)
        self.five = nn.Conv2d(c5_reduce, c5, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.project = nn.Conv2d(in_channels, pool_proj, 1)

    def forward(self, x):
        a = torch.relu(self.one(x))
        b = torch.relu(self.three(torch.relu(self.reduce3(x))))
        c = torch.relu(self.five(torch.relu(self.reduce5(x))))
        d = torch.relu(self.project(self.pool(x)))
        return torch.cat([a, b, c, d], dim=1)
"""
B, C = "torch.relu(self.three(torch.relu(self.reduce3(x))))", "torch.relu(self.five(torch.relu("
D, CAT = "torch.relu(self.project(self.pool(x)))", "torch.cat([a, b, c, d], dim=1)"
R3, T3 = "nn.Conv2d(in_channels, c3_reduce, 1)", "nn.Conv2d(c3_reduce, c3, 3, padding=1)"
T5, SUPER = "nn.Conv2d(c5_reduce, c5, 5, padding=2)", "super().__init__()"
P = "nn.MaxPool2d(3, stride=1, padding=1)"


def conv_relu(*args, **options):
    return nn.Sequential(nn.Conv2d(*args, **options), nn.ReLU(inplace=True))


class InBranches(nn.Module):
    """The branches in another order of creation, as nn.Sequential."""

    def __init__(self, in_channels, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        super().__init__()
        self.branches = nn.ModuleDict(
            {
                "pool": nn.Sequential(nn.MaxPool2d(3, 1, 1), conv_relu(in_channels, pool_proj, 1)),
                "five": nn.Sequential(
                    conv_relu(in_channels, c5_reduce, 1), conv_relu(c5_reduce, c5, 5, padding=2)
                ),
                "three": nn.Sequential(
                    conv_relu(in_channels, c3_reduce, 1), conv_relu(c3_reduce, c3, 3, padding=1)
                ),
                "one": conv_relu(in_channels, c1, 1),
            }
        )

    def forward(self, x):
        return torch.cat([self.branches[k](x) for k in ("one", "three", "five", "pool")], 1)


RIGHT = {
    "vgg_block": [
        edited(VGG, "vgg_block"),
        edited(VGG, "vgg_block", (RELU, "layers.append(nn.ReLU(inplace=True))")),
        edited(VGG, "vgg_block", ("nn.MaxPool2d(2)", "nn.MaxPool2d(2, 2)")),
        Block,
    ],
    "Inception": [
        edited(INCEPTION, "Inception"),
        edited(INCEPTION, "Inception", (CAT, "torch.concat((a, b, c, d), -3)")),
        edited(INCEPTION, "Inception", (P, "nn.MaxPool2d(kernel_size=3, stride=1, padding=1)")),
        # the joined maps through one more ReLU: nothing changes
        edited(INCEPTION, "Inception", (CAT, "F.relu(torch.cat([a, b, c, d], dim=1))")),
        InBranches,
    ],
}
_FIRST_ONLY = "if i == 0:\n            layers.append(nn.ReLU())"
_LAST_NOT = "if i < convs - 1:\n            layers.append(nn.ReLU())"
_REUSED = (
    "if i < 2:\n            conv = nn.Conv2d(in_channels, out_channels, 3, padding=1)\n"
    "        layers.append(conv)"
)
_SLIPS = {
    "vgg_block": (VGG, [
        ([("nn.ReLU()", "nn.Sequential(nn.ReLU(), nn.Dropout(0.5))")], "other_in_training"),
        ([(RELU, "pass")], "relu_missing"),
        ([(RELU, _FIRST_ONLY)], "relu_missing"),
        ([(RELU, _LAST_NOT)], "relu_missing"),
        ([("nn.ReLU()", "nn.Tanh()")], "other_activation"),
        ([("nn.ReLU()", "nn.Sigmoid()")], "other_activation"),
        ([(f"layers.append({POOL})", "pass")], "pooling_missing"),
        ([(POOL, "nn.AvgPool2d(2)")], "average_pooling"),
        ([(RELU, f"{RELU}\n        layers.append({POOL})"), (f"    layers.append({POOL})\n", "")],
         "pools_after_each"),
        ([("layers = []", f"layers = [{POOL}]"), (f"    layers.append({POOL})\n    return",
          "    return")], "pools_first"),
        ([(POOL, "nn.MaxPool2d(2, stride=1)")], "pool_overlaps"),
        ([(POOL, "nn.MaxPool2d(3, stride=2)")], "pool_overlaps"),
        ([(POOL, "nn.MaxPool2d(2, ceil_mode=True)")], "rounded_up"),
        ([(CONV, "nn.Conv2d(in_channels, out_channels, 3)")], "no_padding"),
        ([(CONV, "nn.Conv2d(in_channels, out_channels, 3, padding=1, padding_mode='reflect')")],
         "other_padding"),
        ([("range(convs)", "range(2)")], "convs_ignored"),
        ([("range(convs)", "range(1)")], "convs_ignored"),
        ([("range(convs)", "range(1, convs)")], "one_too_few"),
        ([("range(convs)", "range(convs + 1)")], "one_too_many"),
        ([(f"layers.append({CONV})", _REUSED)], "layer_reused"),
        ([(CONV, "nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)")], "no_bias"),
        ([(RELU, f"layers.append(nn.BatchNorm2d(out_channels))\n        {RELU}")], "batch_norm"),
        ([(f"        {NEXT}\n", "")], "other_widths"),
        ([(CONV, "nn.Conv2d(in_channels, (out_channels if i == convs - 1 else in_channels), 3, "
                 "padding=1)")], "other_widths"),
        ([("3, padding=1", "5, padding=2")], "other_kernel"),
        ([("nn.ReLU()", "nn.LeakyReLU()")], "other_activation"),
        ([("range(convs)", "range(max(1, convs - 1))")], "one_too_few"),
        ([("3, padding=1", "3, padding=1, stride=2 if i == convs - 1 else 1"),
          (f"    layers.append({POOL})\n", "")], "stride_for_pooling"),
        ([(f"        {RELU}\n", ""), (f"layers.append({CONV})", f"layers += [nn.ReLU(), {CONV}]")],
         "relu_first"),
        ([(POOL, "nn.MaxPool2d(2)), layers.append(nn.Flatten()")], "more_at_the_end"),
        ([("nn.Sequential(*layers)", "layers")], None),
    ]),
    "Inception": (INCEPTION, [
        ([(CAT, "torch.cat([a, b.detach(), c, d], dim=1)")], "gradient_cut_off"),
        ([(CAT, f"F.dropout({CAT}, 0.4, self.training)")], "other_in_training"),
        ([("torch.relu(self.reduce3(x))", "self.reduce3(x)"),
          ("torch.relu(self.reduce5(x))", "self.reduce5(x)")], "relu_missing"),
        ([(D, "self.project(self.pool(x))")], "relu_missing"),
        ([("[a, b, c, d]", "[a, c, b, d]")], "branches_in_other_order"),
        ([("[a, b, c, d]", "[d, a, b, c]")], "branches_in_other_order"),
        ([(P, "nn.AvgPool2d(3, stride=1, padding=1)")], "average_pooling"),
        ([(P, "nn.AvgPool2d(3, 1, 1, count_include_pad=False)")], "average_pooling"),
        ([(D, "self.pool(torch.relu(self.project(x)))")], "pool_last"),
        ([(D, "torch.relu(self.project(x))")], "pooling_missing"),
        ([(f"        self.reduce3 = {R3}\n", ""), (T3, "nn.Conv2d(in_channels, c3, 3, padding=1)"),
          ("        self.reduce5 = nn.Conv2d(in_channels, c5_reduce, 1)\n", ""),
          (T5, "nn.Conv2d(in_channels, c5, 5, padding=2)"),
          (B, "torch.relu(self.three(x))"), (C + "self.reduce5(x))))", "torch.relu(self.five(x))")],
         "reductions_missing"),
        ([(D, "self.pool(x)"), ("        self.project = nn.Conv2d(in_channels, pool_proj, 1)\n",
                                "")], "projection_missing"),
        ([(T5, "nn.Conv2d(c5_reduce, c5, 3, padding=1)")], "three_for_five"),
        ([(R3, "nn.Conv2d(in_channels, c3, 1)"), (T3, "nn.Conv2d(c3, c3_reduce, 3, padding=1)")],
         "reduction_and_width_swapped"),
        ([(SUPER, "pass")], "super_missing"),
        ([("def forward", "def forwards")], "forward_missing"),
        ([(f"return {CAT}", "return [a, b, c, d]")], "no_tensor"),
        ([("[a, b, c, d]", "[a, b, c]")], "branch_missing"),
        ([(D, "torch.relu(self.pool(x))")], "projection_missing"),
        ([(P, "nn.MaxPool2d(5, stride=1, padding=2)")], "pool_size"),
        ([(R3, R3.replace("1)", "1, padding=1)")), (T3, "nn.Conv2d(c3_reduce, c3, 3)")],
         "reduction_padded"),
        ([(R3, "nn.Conv2d(c1, c3_reduce, 1)"), ("self.reduce3(x)", "self.reduce3(a)")],
         "branches_in_a_row"),
        ([(R3, "nn.Conv2d(in_channels, c5_reduce, 1)"), (T3, "nn.Conv2d(c5_reduce, c3, 3, "
          "padding=1)"), (T5, "nn.Conv2d(c3_reduce, c5, 5, padding=2)"),
          ("self.reduce5 = nn.Conv2d(in_channels, c5_reduce",
           "self.reduce5 = nn.Conv2d(in_channels, c3_reduce")], "numbers_swapped"),
        ([(SUPER, f"{SUPER}\n        in_channels, c1, c3_reduce, c3 = 192, 64, 96, 128\n"
           "        c5_reduce, c5, pool_proj = 16, 32, 32")], "numbers_of_3a"),
        ([(CAT, "a + b + c + d")], None),
        ([(CAT, "torch.cat([a, b, c, d])")], None),
        ([(T5, "nn.Conv2d(c5_reduce, c5, 5)")], None),
        ([("self.one = nn.Conv2d(in_channels, c1, 1)",
           "self.one = nn.Conv2d(in_channels, c1, 1, bias=False)")], None),
        ([("c1, 1)", "c1, 1, bias=False)"), ("c3_reduce, 1)", "c3_reduce, 1, bias=False)"),
          (T3, T3.replace("1)", "1, bias=False)")),
          ("c5_reduce, 1)", "c5_reduce, 1, bias=False)"),
          (T5, T5.replace("2)", "2, bias=False)")),
          ("pool_proj, 1)", "pool_proj, 1, bias=False)")], "no_bias"),
    ]),
}  # fmt: skip
WRONG = {
    name: [(edited(source, name, *edits), expected) for edits, expected in slips]
    for name, (source, slips) in _SLIPS.items()
}
WRONG["Inception"].append(
    (edited(INCEPTION.replace("torch.relu", ""), "Inception"), "relu_missing")
)
