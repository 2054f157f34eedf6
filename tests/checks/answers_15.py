"""Right and wrong answers to set 15, as students write them, in PyTorch.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

from torch import nn
from torch.nn import functional as F
from wrong_answers_11 import edited

BLOCK = """
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        new = torch.relu(self.bn1(self.conv1(x)))
        new = self.bn2(self.conv2(new))
        return torch.relu(new + self.shortcut(x))
"""
NEW1 = "torch.relu(self.bn1(self.conv1(x)))"
LAST, IF = "torch.relu(new + self.shortcut(x))", "if stride != 1 or in_channels != out_channels:"
STRIDED, SECOND = "3, stride=stride, padding=1", "out_channels, 3, padding=1"
SUPER, PAST = "super().__init__()", "1, stride=stride, bias=False)"


class Bare(nn.Module):
    """Without batch norm, with biases, the projection made first."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        same = stride == 1 and in_channels == out_channels
        self.project = None if same else nn.Conv2d(in_channels, out_channels, 1, stride)
        self.layers = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, (3, 3), stride, 1), nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, (3, 3), 1, 1),
        )  # fmt: skip

    def forward(self, x):
        past = x if self.project is None else self.project(x)
        return F.relu(past.add(self.layers(x)))


RIGHT = [
    edited(BLOCK, "ResidualBlock"),
    edited(BLOCK, "ResidualBlock", (LAST, "F.relu(self.shortcut(x) + new, inplace=True)")),
    edited(BLOCK, "ResidualBlock", ("                nn.BatchNorm2d(out_channels),\n", "")),
    edited(
        BLOCK,
        "ResidualBlock",
        ("nn.Conv2d(in_channels, out_channels, 1", "nn.LazyConv2d(out_channels, 1"),
    ),
    Bare,
    edited(
        BLOCK,
        "ResidualBlock",
        ("        self.conv1 = ", "        first = "),
        (
            "        self.shortcut = nn.Identity()",
            "        self.conv1 = first\n        self.shortcut = nn.Identity()",
        ),
    ),
]
_SLIPS = [
    ([(LAST, "torch.relu(new)")], "shortcut_missing"),
    ([(LAST, "new")], "shortcut_missing"),
    ([(LAST, "torch.relu(new)"), (IF, "if False:")], "shortcut_missing"),
    ([("self.shortcut(x))", "self.shortcut(x).detach())")], "shortcut_detached"),
    ([("self.shortcut(x))", "self.shortcut(x.data))")], "shortcut_detached"),
    ([(LAST, "torch.relu(new + self.shortcut(x.detach()))")], "shortcut_detached"),
    ([("        return torch.relu(new + self.shortcut(x))",
       "        with torch.no_grad():\n            past = self.shortcut(x)\n"
       "        return torch.relu(new + past)")], "shortcut_detached"),
    ([(LAST, "torch.relu(new.detach() + self.shortcut(x))")], "gradient_cut_off"),
    ([(NEW1, "torch.relu(self.bn1(self.conv1(x))).detach()")], "gradient_cut_off"),
    ([(LAST, "torch.relu(F.dropout(new, 0.5, self.training) + self.shortcut(x))")],
     "other_in_training"),
    ([(LAST, "torch.relu(torch.cat([new, self.shortcut(x)], dim=1))")], "shortcut_concatenated"),
    ([(LAST, "torch.cat([self.shortcut(x), new], 1)")], "shortcut_concatenated"),
    ([(LAST, "torch.relu(new + 2 * self.shortcut(x))")], "identity_twice"),
    ([(LAST, "torch.relu(self.shortcut(x) - new)")], "subtracted"),
    ([(LAST, "torch.relu(new - self.shortcut(x))")], "subtracted"),
    ([(LAST, "torch.relu(self.shortcut(x) * new)")], "multiplied"),
    ([(LAST, "torch.relu(new) + self.shortcut(x)")], "relu_before_adding"),
    ([(LAST, "new + self.shortcut(x)")], "last_relu_missing"),
    ([(NEW1, "self.bn1(self.conv1(x))")], "middle_relu_missing"),
    ([(STRIDED, "3, padding=1"), ("nn.Conv2d(out_channels, " + SECOND,
      "nn.Conv2d(out_channels, out_channels, 3, stride=stride, padding=1")], "stride_in_second"),
    ([(IF, "if True:")], "always_projects"),
    ([(IF, "if in_channels != out_channels:")], "projects_for_channels_alone"),
    ([(IF, "if stride != 1:")], "projects_for_stride_alone"),
    ([(IF, "if False:")], "never_projects"),
    ([(PAST, "3, stride=stride, padding=1, bias=False)")], "projects_by_three"),
    ([(SUPER, "pass")], "super_missing"),
    ([("def forward", "def forwards")], "forward_missing"),
    ([(f"return {LAST}", "return new, x")], "no_tensor"),
    ([(PAST, "1, bias=False)")], None),  # the projection does not move by the stride
    ([(STRIDED, "3, stride=stride")], None),  # not padded
    ([(LAST, "torch.tanh(new + self.shortcut(x))")], "other_activation"),
    ([(LAST, "torch.relu(new + torch.relu(self.shortcut(x)))")], "relu_on_the_shortcut"),
    ([(LAST, "torch.relu((new + self.shortcut(x)) / 2)")], "mean_of_both"),
    ([(NEW1, "self.bn1(self.conv1(x))"), (LAST, "new + self.shortcut(x)")], "no_relu"),
    ([(STRIDED, "3, stride=1, padding=1"), (PAST, "1, stride=1, bias=False)")], "stride_ignored"),
    ([(IF, "if stride != 1 and in_channels != out_channels:")], "projects_for_both_alone"),
    ([(STRIDED, "5, stride=stride, padding=2")], "other_kernel"),
    ([(LAST, "torch.relu(new + new)")], "x_overwritten"),
    ([("        new = self.bn2(self.conv2(new))\n", "")], "one_convolution"),
    ([("torch.relu(self.bn1(self.conv1(x)))", "self.bn1(torch.relu(self.conv1(x)))")],
     "norm_misplaced"),
    ([("self.bn2(self.conv2(new))", "self.bn1(self.conv2(new))")], "norm_misplaced"),
    ([("self.bn2(self.conv2(new))", "self.conv2(new)"),
      (LAST, "torch.relu(self.bn2(new + self.shortcut(x)))")], "norm_misplaced"),
    ([(f"return {LAST}", f"with torch.no_grad():\n            return {LAST}")],
     "gradient_cut_off"),
]  # fmt: skip
WRONG = [(edited(BLOCK, "ResidualBlock", *edits), expected) for edits, expected in _SLIPS]
