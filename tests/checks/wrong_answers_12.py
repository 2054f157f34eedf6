"""LeNet-5 with one slip each, in PyTorch, with the name that is right for it.

A slip is an edit of the right source: (what stood there, what stands there now), perhaps several.
None stands where no name would be right.
"""

from typing import Any

from wrong_answers_11 import edited

LENET = """
class LeNet5(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)
"""

C1, C2 = "nn.Conv2d(1, 6, 5, padding=2)", "nn.Conv2d(6, 16, 5)"
F1, F2, F3 = "nn.Linear(16 * 5 * 5, 120)", "nn.Linear(120, 84)", "nn.Linear(84, num_classes)"
STAGE1 = "F.avg_pool2d(torch.tanh(self.conv1(x)), 2)"
STAGE2 = "F.avg_pool2d(torch.tanh(self.conv2(x)), 2)"
FLAT, BENT1, BENT2 = "torch.flatten(x, 1)", "torch.tanh(self.fc1(x))", "torch.tanh(self.fc2(x))"
LAST = "return self.fc3(x)"
SUPER, DEF = "super().__init__()", "def __init__(self, num_classes=10):"


def stages(pattern: str) -> list[tuple[str, str]]:
    """Return edits of both convolutions' lines; N stands for their number."""
    return [(STAGE1, pattern.replace("N", "1")), (STAGE2, pattern.replace("N", "2"))]


def everywhere(bend: str, pool: str = "F.avg_pool2d") -> list[tuple[str, str]]:
    """Return edits that put another activation in all four places."""
    dense = [(BENT1, f"{bend}(self.fc1(x))"), (BENT2, f"{bend}(self.fc2(x))")]
    return [*stages(f"{pool}({bend}(self.convN(x)), 2)"), *dense]


def moved(line: str) -> list[tuple[str, str]]:
    """Return edits that put a line of __init__ before all others."""
    return [(SUPER, f"{SUPER}\n        {line}"), (f"        {line}\n", "")]


SLIPS: list[tuple[list[tuple[str, str]], str | None]] = [
    # what is computed
    (stages("F.max_pool2d(torch.tanh(self.convN(x)), 2)"), "max_pooling"),
    ([(STAGE1, "F.max_pool2d(torch.tanh(self.conv1(x)), 2)")], "max_pooling"),
    ([(STAGE2, "F.max_pool2d(torch.tanh(self.conv2(x)), 2)")], "max_pooling"),
    (stages("torch.tanh(F.max_pool2d(self.convN(x), 2))"), "max_pooling"),
    (everywhere("torch.relu"), "relu"),
    (everywhere("F.relu", "F.max_pool2d"), "relu"),
    (stages("F.avg_pool2d(F.relu(self.convN(x)), 2)"), "relu"),
    ([(BENT1, "F.relu(self.fc1(x))"), (BENT2, "F.relu(self.fc2(x))")], "relu"),
    ([(BENT2, "F.relu(self.fc2(x))")], "relu"),
    (everywhere("torch.sigmoid"), "sigmoid"),
    (stages("F.avg_pool2d(torch.sigmoid(self.convN(x)), 2)"), "sigmoid"),
    (everywhere("F.gelu"), None),
    (everywhere("F.silu"), "other_activation"),
    (everywhere("F.hardtanh"), "other_activation"),
    (everywhere("F.leaky_relu"), "other_activation"),
    (everywhere("F.elu"), "other_activation"),
    (everywhere("F.softsign"), "other_activation"),
    (everywhere("(lambda z: 1.7159 * torch.tanh(2 * z / 3))"), "other_activation"),
    ([(STAGE1, "F.avg_pool2d(self.conv1(x), 2)")], "activation_missing"),
    ([(STAGE2, "F.avg_pool2d(self.conv2(x), 2)")], "activation_missing"),
    ([(BENT1, "self.fc1(x)")], "activation_missing"),
    ([(BENT2, "self.fc2(x)")], "activation_missing"),
    (stages("F.avg_pool2d(self.convN(x), 2)"), "activation_missing"),
    ([(BENT1, "self.fc1(x)"), (BENT2, "self.fc2(x)")], "activation_missing"),
    (everywhere(""), "activation_missing"),
    ([(BENT1, "self.fc1(x); torch.tanh(x)")], "activation_missing"),
    ([(LAST, "return torch.tanh(self.fc3(x))")], "tanh_at_end"),
    ([(LAST, "return F.relu(self.fc3(x))")], "relu_at_end"),
    ([(LAST, "return self.fc3(x).softmax(dim=1)")], "softmax_at_end"),
    ([(LAST, "return F.log_softmax(self.fc3(x), dim=-1)")], "softmax_at_end"),
    ([(LAST, "return F.softmax(self.fc3(x), dim=0)")], "softmax_over_batch"),
    ([(STAGE1, "F.avg_pool2d(torch.tanh(torch.tanh(self.conv1(x))), 2)")], "tanh_twice"),
    (stages("torch.tanh(F.avg_pool2d(torch.tanh(self.convN(x)), 2))"), "tanh_twice"),
    ([("def forward(self, x):", "def forward(self, x):\n        x = torch.tanh(x)")], "tanh_twice"),
    ([(FLAT, "torch.tanh(torch.tanh(x)).flatten(1)")], None),
    ([(STAGE1, "torch.tanh(self.conv1(F.avg_pool2d(x, 2)))")], "pooled_before_convolution"),
    (stages("4 * F.avg_pool2d(torch.tanh(self.convN(x)), 2)"), "summed_pooling"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=4, dilation=2)")], None),
    ([(LAST, "return torch.sigmoid(self.fc3(x))")], "sigmoid_at_end"),
    (stages("torch.tanh(F.avg_pool2d(self.convN(x), 2))"), "tanh_after_pooling"),
    ([(STAGE1, "torch.tanh(F.avg_pool2d(self.conv1(x), 2))")], "tanh_after_pooling"),
    ([(STAGE2, "torch.tanh(F.avg_pool2d(self.conv2(x), 2))")], "tanh_after_pooling"),
    (stages("torch.tanh(self.convN(x))[:, :, ::2, ::2]"), "stride_for_pooling"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=2, stride=2)"), (C2, "nn.Conv2d(6, 16, 5, stride=2)"),
      *stages("torch.tanh(self.convN(x))")], "stride_for_pooling"),
    (stages("F.max_pool2d(torch.tanh(self.convN(x)), 1, 2)"), "stride_for_pooling"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=2, padding_mode='replicate')")], "other_padding"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=2, padding_mode='reflect')")], "other_padding"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=2, padding_mode='circular')")], "other_padding"),
    ([(C1, "nn.Conv2d(1, 6, 5)"), (STAGE1, STAGE1.replace("x", "F.pad(x, (0, 4, 0, 4))"))],
     "padded_on_one_side"),
    ([(C1, "nn.Conv2d(1, 6, 5)"), (STAGE1, STAGE1.replace("x", "F.pad(x, (4, 0, 4, 0))"))],
     "padded_on_one_side"),
    ([(FLAT, "x.permute(0, 2, 3, 1).flatten(1)")], "flattened_in_other_order"),
    ([(FLAT, "x.transpose(2, 3).flatten(1)")], "flattened_in_other_order"),
    ([(FLAT, "x.reshape(400, -1).T")], "batch_mixed"),
    ([(FLAT, "x.transpose(0, 1).reshape(-1, 400)")], "batch_mixed"),
    ([("def forward(self, x):", "def forward(self, x):\n        x = x / 255")], "inputs_scaled"),
    ([("def forward(self, x):", "def forward(self, x):\n        x = (x - 0.5) / 0.5")],
     "inputs_scaled"),
    ([(BENT2, "F.dropout(torch.tanh(self.fc2(x)), 0.5, self.training)")], "random_in_training"),
    ([(SUPER, SUPER + "\n        self.drop = nn.Dropout(0.3)"), (FLAT, "self.drop(x).flatten(1)")],
     "random_in_training"),
    ([(SUPER, SUPER + "\n        self.norm = nn.BatchNorm1d(84, affine=False)"),
      (BENT2, "self.norm(torch.tanh(self.fc2(x)))")], "random_in_training"),
    ([(BENT2, "F.dropout(torch.tanh(self.fc2(x)), 0.5)")], None),
    ([(BENT1, "torch.tanh(self.fc1(x)) * 2")], None),
    # what it is made of
    ([(F3, "nn.Linear(84, 10)")], "classes_ignored"),
    ([(DEF, "def __init__(self, num_classes=10):\n        num_classes = 10")], "classes_ignored"),
    ([(SUPER, "pass")], "super_missing"),
    ([(SUPER, "super()")], "super_missing"),
    ([("def forward", "def forwards")], "forward_missing"),
    ([("    def forward(self, x):", "        def forward(self, x):"),
      *[(line, "    " + line) for line in (f"        x = {STAGE1}", f"        x = {STAGE2}",
        f"        x = {FLAT}", f"        x = {BENT1}", f"        x = {BENT2}",
        f"        {LAST}")]], "forward_missing"),
    ([(LAST, "self.fc3(x)")], "nothing_returned"),
    ([(LAST, "print(self.fc3(x))")], "nothing_returned"),
    ([("self.conv1 =", "self.all = [None] * 6; self.all[1] ="), ("self.conv2 =", "self.all[2] ="),
      ("self.fc1 =", "self.all[3] ="), ("self.fc2 =", "self.all[4] ="),
      ("self.fc3 =", "self.all[5] ="), *stages("F.avg_pool2d(torch.tanh(self.all[N](x)), 2)"),
      (BENT1, "torch.tanh(self.all[3](x))"), (BENT2, "torch.tanh(self.all[4](x))"),
      (LAST, "return self.all[5](x)")], "in_plain_list"),
    ([("self.fc1 =", "self.all = {}; self.all[3] ="), (BENT1, "torch.tanh(self.all[3](x))")],
     "in_plain_list"),
    ([("self.conv1 = " + C1, "self.n = num_classes"), ("        self.conv2 = " + C2 + "\n", ""),
      ("        self.fc1 = " + F1 + "\n", ""), ("        self.fc2 = " + F2 + "\n", ""),
      ("        self.fc3 = " + F3 + "\n", ""),
      *((f"self.{name}(x)", f"{layer}(x)") for name, layer in (
          ("conv1", C1), ("conv2", C2), ("fc1", F1), ("fc2", F2), ("fc3", "nn.Linear(84, self.n)"),
      ))], "not_registered"),
    (moved("self.fc3 = " + F3), "other_order"),
    (moved("self.conv2 = " + C2), "other_order"),
    ([(F1, "nn.Linear(16 * 5 * 5, 120, bias=False)")], "no_bias"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=2, bias=False)"), (C2, "nn.Conv2d(6, 16, 5, bias=False)")],
     "no_bias"),
    ([(SUPER, SUPER + "\n        self.norm = nn.BatchNorm2d(6)"),
      (STAGE1, "F.avg_pool2d(torch.tanh(self.norm(self.conv1(x))), 2)")], "parameters_added"),
    ([(SUPER, SUPER + "\n        self.scale = nn.Parameter(torch.ones(6))")], "parameters_added"),
    ([("        self.fc2 = " + F2 + "\n", ""), (F3, "nn.Linear(120, num_classes)"), (BENT2, "x")],
     "layers_missing"),
    ([("        self.conv2 = " + C2 + "\n", ""), (F1, "nn.Linear(6 * 14 * 14, 120)"),
      (STAGE2, "x")], "layers_missing"),
    ([(F3, F3 + "\n        self.fc4 = nn.Linear(num_classes, num_classes)"),
      (LAST, "return self.fc4(torch.tanh(self.fc3(x)))")], "layers_added"),
    ([("        self.conv2 = " + C2 + "\n", ""), (F1, "nn.Linear(6 * 14 * 14, 120)"),
      (F3, "nn.Linear(84, 84)\n        self.fc4 = nn.Linear(84, num_classes)"),
      (STAGE2, "x"), (LAST, "return self.fc4(self.fc3(x))")], "layers_other"),
    ([(C1, "nn.Conv2d(1, 16, 5, padding=2)"), (C2, "nn.Conv2d(16, 6, 5)"),
      (F1, "nn.Linear(6 * 5 * 5, 120)")], "filters_swapped"),
    ([(C1, "nn.Conv2d(3, 6, 5, padding=2)")], "three_channels"),
    ([(C1, "nn.Conv2d(1, 6, 3, padding=1)")], "other_kernel"),
    ([(C2, "nn.Conv2d(6, 16, 3)"), (F1, "nn.Linear(16 * 6 * 6, 120)")], "other_kernel"),
    ([(C1, "nn.Conv2d(1, 32, 5, padding=2)"), (C2, "nn.Conv2d(32, 16, 5)")], "other_filters"),
    ([(C1, "nn.Conv2d(1, 8, 5, padding=2)")], "other_filters"),  # and conv2 takes 6
    ([(C2, "nn.Conv2d(16, 16, 5)")], "other_filters"),
    ([(F1, "nn.Linear(400, 128)"), (F2, "nn.Linear(128, 84)")], "other_units"),
    ([(F1, "nn.Linear(400, 84)"), (F2, "nn.Linear(84, 120)"), (F3, "nn.Linear(120, num_classes)")],
     "other_units"),
    ([(F2, "nn.Linear(120, 64)"), (F3, "nn.Linear(64, num_classes)")], "other_units"),
    ([(C1, "nn.Conv2d(1, 6, 5)")], "no_padding"),
    ([(C1, "nn.Conv2d(1, 6, 5)"), (F1, "nn.Linear(16 * 4 * 4, 120)")], "no_padding"),
    ([(C1, "nn.Conv2d(1, 6, 5, padding=1)")], "padded_by_one"),
    ([(F1, "nn.Linear(784, 120)")], "dense_inputs"),
    ([(F1, "nn.Linear(16 * 4 * 4, 120)")], "dense_inputs"),
    ([(C2, "nn.Conv2d(6, 16, 5, padding=2)")], "padded_twice"),
    ([(C2, "nn.Conv2d(6, 16, 5, padding=2)"), (F1, "nn.Linear(16 * 7 * 7, 120)")], "padded_twice"),
    ([(FLAT, "x.mean(dim=(2, 3))")], "global_pooling"),
    ([(FLAT, "F.adaptive_avg_pool2d(x, 1).flatten(1)"), (F1, "nn.Linear(16, 120)")],
     "global_pooling"),
    ([(STAGE2, "torch.tanh(self.conv2(x))")], "maps_other_size"),
    ([(STAGE1, "torch.tanh(self.conv1(x))"), (F1, "nn.Linear(16 * 12 * 12, 120)")],
     "maps_other_size"),
    ([(FLAT, "x")], "not_flattened"),
    ([(FLAT, "torch.flatten(x)")], "batch_flattened"),
    ([(FLAT, "x.view(-1)")], "batch_flattened"),
    ([(BENT2, "x")], "layer_left_out"),
    ([(BENT2, "x"), (F3, "nn.Linear(120, num_classes)")], "layer_left_out"),
    ([(BENT1, "torch.tanh(self.fc1(torch.tanh(self.fc1(x))))")], "layer_used_twice"),
    ([(BENT2, "torch.tanh(self.fc2(torch.tanh(self.fc2(x))))")], "layer_used_twice"),
    ([(FLAT, "x.flatten(2)")], "not_flattened"),
    ([(FLAT, "x.reshape(400, -1)")], "not_flattened"),
    ([(BENT2, "torch.tanh(self.fc2(x)); return x")], "returned_too_early"),
    ([(STAGE1, "F.relu(F.avg_pool2d(self.conv1(x), 2))")], "relu"),
    (everywhere("torch.atan"), "other_activation"),
    (stages("F.avg_pool2d(torch.tanh(self.convN(x)), 3)"), "global_pooling"),
    ([(FLAT, "x.mean(dim=1).flatten(1)"), (F1, "nn.Linear(25, 120)")], "dense_inputs"),
    ([(STAGE2, "x")], "maps_other_size"),
    # right scores that teach nothing
    ([("        x = " + STAGE1, "        with torch.no_grad():\n            x = " + STAGE1)],
     "not_trainable"),
    ([(FLAT, "x.detach().flatten(1)")], "not_trainable"),
    ([(STAGE1, "F.avg_pool2d(torch.from_numpy(np.tanh(self.conv1(x).detach().numpy())), 2)")],
     "not_trainable"),
    ([(F3, F3 + "\n        self.requires_grad_(False)")], "not_trainable"),
    ([(F3, F3 + "\n        self.fc1.bias.requires_grad = False")], "not_trainable"),
    ([(BENT2, "torch.tanh(F.linear(x, self.fc2.weight.data, self.fc2.bias))")], "not_trainable"),
    # what ends in an error or is no module
    ([(LAST, "return self.fc4(x)")], None),
    ([(LAST, "return self.fc3(x), x")], "no_tensor"),
    ([(LAST, "return self.fc3(x).detach().numpy()")], "no_tensor"),
    ([(LAST, "return self.fc3(x).argmax(1)")], "one_number_a_picture"),
    ([(LAST, "return self.fc3(x)[:, :, None]")], None),
    ([(DEF, "def __init__(self):\n        num_classes = 10")], None),
    ([(DEF, "def __init__(self, num_classes):")], None),
    ([("(nn.Module)", ""), (SUPER, "pass")], None),
]  # fmt: skip

WRONG: list[tuple[Any, str | None]] = [(edited(LENET, "LeNet5", *e), name) for e, name in SLIPS]
