"""Right and wrong answers to set 18, as students write them, in PyTorch.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import copy

import torch
from torch import nn
from wrong_answers_11 import edited

FREEZE = """
def freeze(module):
    for parameter in module.parameters():
        parameter.requires_grad = False
    module.eval()
    return module
"""
LOOP, OFF, EVAL = "in module.parameters():", "parameter.requires_grad = False", "module.eval()"
BODY = f"    for parameter {LOOP}\n        {OFF}\n"


def frozen_by_method(module):
    return module.requires_grad_(False).eval()


def frozen_norms_alone(module):
    """Only batch norm is put in evaluation mode, and stays there."""
    for parameter in module.parameters():
        parameter.detach_()
    for layer in module.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.eval()
            layer.train = lambda mode=True, layer=layer: layer


def frozen_by_recursion(module):
    for _, parameter in module.named_parameters(recurse=False):
        parameter.requires_grad_(False)
    for child in module.children():
        frozen_by_recursion(child)
    module.training = False


def frozen_by_train(module):
    [p.requires_grad_(False) for p in module.state_dict(keep_vars=True).values()]
    return module.train(False)


RIGHT_FREEZING = [
    edited(FREEZE, "freeze"),
    edited(FREEZE, "freeze", ("    return module\n", "")),
    edited(FREEZE, "freeze", (EVAL, f"{EVAL}; module.zero_grad()")),
    frozen_by_method,
    frozen_norms_alone,
    frozen_by_recursion,
    frozen_by_train,
]


def freezes_a_copy(module):
    other = copy.deepcopy(module)
    return other.requires_grad_(False).eval()


def blocks_forward(module):
    module.forward = torch.no_grad()(module.forward)
    module.eval()
    return module


def detaches_what_comes_out(module):
    module.requires_grad_(False).eval()
    module.register_forward_pre_hook(lambda layer, inputs: (inputs[0].detach(),))
    return module


def by_hooks(module):
    """Gradients are set to 0: weight decay moves the weights all the same."""
    for parameter in module.parameters():
        if parameter.requires_grad:
            parameter.register_hook(torch.zeros_like)
    module.eval()


_OF = "isinstance(layer, (nn.Conv2d, nn.Linear)): layer.requires_grad_(False)"


def of_layers(condition):
    new = f"    for layer in module.modules():\n        if {condition}\n"
    return [(BODY, new)]


_FREEZE_SLIPS = [
    ([(EVAL, "pass")], "batch_norm_moves"),
    ([(EVAL, "module.train()")], "batch_norm_moves"),
    ([(EVAL, "module.eval")], "batch_norm_moves"),
    ([("return module", "return module.train()")], "batch_norm_moves"),
    ([(EVAL, "module.dense.eval()")], "batch_norm_moves"),
    ([(OFF, "parameter.requires_grad == False")], "eval_only"),
    ([(OFF, "parameter.requires_grad == False"), (EVAL, "pass")], "nothing_frozen"),
    ([(OFF, "parameter = parameter.detach()"), (EVAL, "pass")], "nothing_frozen"),
    ([(OFF, "parameter.grad = None")], "eval_only"),
    ([(OFF, "parameter.requires_grad = True")], "switched_on"),
    ([(OFF, "parameter.requires_grad = not parameter.requires_grad")], "toggled"),
    ([(BODY, "    module.requires_grad = False\n")], "set_on_module"),
    ([(BODY, "    module.requires_grad = False\n"), (EVAL, "pass")], "set_on_module"),
    ([(LOOP, "in module.children():")], "set_on_module"),
    ([(LOOP, "in module.modules():")], "set_on_module"),
    ([(BODY, "")], "eval_only"),
    ([(BODY, "    with torch.no_grad():\n        module.eval()\n")], "no_grad_only"),
    ([(BODY, "    torch.no_grad()\n"), (EVAL, "pass")], "no_grad_only"),
    ([(BODY, "    torch.set_grad_enabled(False)\n")], "eval_only"),
    ([(BODY, "    torch.set_grad_enabled(False)\n"), (EVAL, "pass")], "nothing_frozen"),
    ([(OFF, f"{OFF}; break")], "first_only"),
    ([(LOOP, "in list(module.parameters())[:1]:")], "first_only"),
    ([(LOOP, "in module.parameters(recurse=False):")], "own_only"),
    ([(LOOP, "in list(module.parameters())[:-1]:")], "last_left"),
    ([(LOOP, "in list(module.parameters())[:-2]:")], "last_layer_left"),
    ([(BODY, "    for layer in list(module.children())[:-1]:\n"
       "        layer.requires_grad_(False)\n")], "last_layer_left"),
    ([(BODY, "    for layer in module.children():\n        layer.requires_grad_(False)\n")],
     "own_left"),
    (of_layers("hasattr(layer, 'weight'): layer.requires_grad_(False)"), "own_left"),
    (of_layers("hasattr(layer, 'weight'): layer.weight.requires_grad = False"), "weights_only"),
    (of_layers("isinstance(layer, (nn.Conv2d, nn.Linear)): layer.weight.requires_grad = False"),
     "weights_only"),
    (of_layers("getattr(layer, 'bias', None) is not None: layer.bias.requires_grad = False"),
     "biases_only"),
    (of_layers(_OF), "norm_left"),
    (of_layers("isinstance(layer, nn.BatchNorm2d): layer.requires_grad_(False)"), "norm_only"),
    (of_layers("isinstance(layer, nn.Conv2d): layer.requires_grad_(False)"), "convolution_only"),
    (of_layers("isinstance(layer, nn.Linear): layer.requires_grad_(False)"), "dense_only"),
    ([(OFF, "parameter.requires_grad = parameter.ndim == 1")], "rows_left"),
    ([(LOOP, "in list(module.parameters())[::2]:")], "some_left"),
    ([(OFF, f"{OFF}; parameter.data.zero_()")], "weights_changed"),
    ([(EVAL, "module.eval(); module.block[1].reset_running_stats()")], "statistics_reset"),
    ([(EVAL, "module.block[1].momentum = 0")], "batch_norm_uses_batch"),
    ([(EVAL, "module.block[1].track_running_stats = False")], "batch_norm_uses_batch"),
    ([(LOOP, "in module.parameters:")], None),
    ([(BODY, "    module.parameters().requires_grad = False\n")], None),
    ([(LOOP, "in module.named_parameters():")], None),
    ([(LOOP, "in module.state_dict():")], None),
    ([(BODY, "    module.weight.requires_grad = False\n")], None),
]  # fmt: skip


def without_norm(module):
    for name, part in list(module.named_modules()):
        if isinstance(part, nn.BatchNorm2d):
            owner, _, last = name.rpartition(".")
            setattr(module.get_submodule(owner), last, nn.Identity())
    return module.requires_grad_(False)


WRONG_FREEZING = [
    *((edited(FREEZE, "freeze", *edits), expected) for edits, expected in _FREEZE_SLIPS),
    (freezes_a_copy, "copy_frozen"),
    (blocks_forward, "no_grad_only"),
    (detaches_what_comes_out, "way_blocked"),
    (by_hooks, "eval_only"),
    (lambda module: module.requires_grad_(True).eval(), "switched_on"),
    (without_norm, "parameters_gone"),
]

HEAD = """
def replace_head(model, num_classes):
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            found, old = name, layer
    new = nn.Linear(old.in_features, num_classes)
    owner, _, last = found.rpartition(".")
    setattr(model.get_submodule(owner), last, new)
    return model
"""
NEW, SET = (
    "nn.Linear(old.in_features, num_classes)",
    "setattr(model.get_submodule(owner), last, new)",
)
KIND, KEEP, BACK = "isinstance(layer, nn.Linear)", "found, old = name, layer", "return model"


def by_owners(model, num_classes):
    """Every module is asked for its own layers."""
    places = [
        (owner, name, layer)
        for owner in model.modules()
        for name, layer in owner.named_children()
        if isinstance(layer, nn.Linear)
    ]
    owner, name, layer = places[-1]
    owner._modules[name] = nn.Linear(layer.weight.shape[1], num_classes)
    return model


def in_the_old_layer(model, num_classes):
    """The layer stays; its numbers are new."""
    last = [layer for layer in model.modules() if type(layer) is nn.Linear][-1]
    last.__init__(last.in_features, num_classes)
    return model


def by_recursion(model, num_classes):
    for name, child in reversed(list(model.named_children())):
        if isinstance(child, nn.Linear):
            setattr(model, name, nn.Linear(child.in_features, num_classes, bias=True))
            return model
        if any(isinstance(part, nn.Linear) for part in child.modules()):
            by_recursion(child, num_classes)
            return model
    return model


def begins_at_zero(model, num_classes):
    edited(HEAD, "replace_head")(model, num_classes)
    head = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return model


RIGHT_HEADS = [
    edited(HEAD, "replace_head"),
    edited(HEAD, "replace_head", (SET, "model.set_submodule(found, new)")),
    edited(HEAD, "replace_head", (NEW, "nn.LazyLinear(num_classes)")),
    edited(HEAD, "replace_head", (NEW, "nn.Sequential(nn.Linear(old.in_features, num_classes))")),
    edited(HEAD, "replace_head", (NEW, f"{NEW}.requires_grad_(True)")),
    by_owners,
    by_recursion,
    begins_at_zero,
]


def of_a_copy(model, num_classes):
    return edited(HEAD, "replace_head")(copy.deepcopy(model), num_classes)


def in_a_row(model, num_classes):
    layers = list(model.children())
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    return nn.Sequential(*layers[:-1], nn.Linear(old.in_features, num_classes))


def behind_the_old_one(model, num_classes):
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    return nn.Sequential(model, nn.Linear(old.out_features, num_classes))


def beside_the_old_one(model, num_classes):
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    if isinstance(model, nn.Sequential):
        old.head = nn.Linear(old.in_features, num_classes)
    else:
        model.head = nn.Linear(old.in_features, num_classes)
    return model


def every_one(model, num_classes):
    for name, layer in list(model.named_modules()):
        if isinstance(layer, nn.Linear):
            model.set_submodule(name, nn.Linear(layer.in_features, num_classes))
    return model


def cut_out(model, num_classes):
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    new = nn.Linear(old.in_features, num_classes)
    with torch.no_grad():
        count = min(num_classes, old.out_features)
        new.weight[:count] = old.weight[:count]
    for name, layer in list(model.named_modules()):
        if layer is old:
            model.set_submodule(name, new)
    return model


def new_weights_in_the_old_one(model, num_classes):
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    old.weight = nn.Parameter(torch.randn(num_classes, old.in_features))
    return model


def weights_alone(model, num_classes):
    """Right numbers come out; the layer is the old one and says so."""
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    old.out_features = num_classes
    return model


def only_fc(model, num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model


def last_of_a_row(model, num_classes):
    model[-1] = nn.Linear(model[-1].in_features, num_classes)
    return model


def last_of_any_kind(model, num_classes):
    """As after a loop that keeps every name and layer: those of the last module, dense or not."""
    name, layer = list(model.named_modules())[-1]
    new = nn.Linear(layer.in_features, num_classes)
    owner, _, last = name.rpartition(".")
    setattr(model.get_submodule(owner), last, new)
    return model


def not_if_alike(model, num_classes):
    old = [layer for layer in model.modules() if isinstance(layer, nn.Linear)][-1]
    return model if old.out_features == num_classes else edited(HEAD, "replace_head")(
        model, num_classes
    )  # fmt: skip


_HEAD_SLIPS = [
    ([(BACK, "return None")], "nothing_returned"),
    ([(BACK, "return new")], "layer_returned"),
    ([(BACK, "return num_classes")], "no_module"),
    ([(SET, "old = new")], "nothing_replaced"),
    ([(SET, "old = new"), (BACK, "pass")], "nothing_replaced"),
    ([(SET, "model.head = new")], "old_head_kept"),
    ([(SET, "old.out_features = num_classes")], "only_number_changed"),
    ([(KEEP, f"{KEEP}; break")], "other_layer"),
    ([(NEW, "nn.Linear(num_classes, old.in_features)")], "sizes_swapped"),
    ([(NEW, "nn.Linear(old.out_features, num_classes)")], "other_inputs"),
    ([(NEW, "nn.Linear(512, num_classes)")], "other_inputs"),
    ([(NEW, "nn.Linear(old.in_features, 10)")], "other_classes"),
    ([(NEW, "nn.Linear(old.in_features, num_classes + 1)")], "other_classes"),
    ([(NEW, "nn.Linear(old.in_features, old.out_features + num_classes)")], "other_classes"),
    ([(NEW, "nn.Linear(old.in_features, num_classes, bias=False)")], "no_bias"),
    ([(NEW, "nn.Sequential(nn.Linear(old.in_features, num_classes), nn.Softmax(dim=1))")],
     "softmax_added"),
    ([(NEW, "nn.Sequential(nn.Linear(old.in_features, num_classes), nn.LogSoftmax(1))")],
     "softmax_added"),
    ([(NEW, "nn.Sequential(nn.Linear(old.in_features, num_classes), nn.Sigmoid())")], None),
    ([(NEW, "nn.Sequential(nn.Linear(old.in_features, 32), nn.ReLU(), "
       "nn.Linear(32, num_classes))")], "layers_added"),
    ([(NEW, "nn.Sequential(nn.Linear(old.in_features, num_classes), old)")], "old_head_kept"),
    ([(NEW, "nn.Sequential(old, nn.Linear(old.out_features, num_classes))")], "old_head_kept"),
    ([(NEW, "nn.Identity()")], "head_missing"),
    ([(BACK, "model.requires_grad_(False); return model")], "head_frozen"),
    ([(NEW, f"{NEW}.requires_grad_(False)")], "head_frozen"),
    ([(NEW, f"{NEW}; new.weight.requires_grad = False")], "head_frozen"),
    ([(BACK, "model.requires_grad_(True); return model")], "body_opened"),
    ([("    new =", "    model.requires_grad_(False)\n    new =")], "body_frozen"),
    ([("    new =", "    [p.requires_grad_(False) for p in model.parameters()]\n    new =")],
     "body_frozen"),
    ([(BACK, "model.train(); return model")], "mode_changed"),
    ([(BACK, "model.eval(); return model")], "mode_changed"),
    ([(BACK, "[p.data.mul_(2) for p in model.parameters()]; return model")], "body_changed"),
    ([(KIND, "name == 'fc'")], None),
    ([("model.named_modules()", "model.named_children()")], None),
]  # fmt: skip
WRONG_HEADS = [
    *((edited(HEAD, "replace_head", *edits), expected) for edits, expected in _HEAD_SLIPS),
    (of_a_copy, "another_model"),
    (in_a_row, "another_model"),
    (behind_the_old_one, "another_model"),
    (beside_the_old_one, "old_head_kept"),
    (every_one, "every_layer"),
    (cut_out, "old_rows_kept"),
    (weights_alone, "only_number_changed"),
    (new_weights_in_the_old_one, "old_layer_filled"),
    (only_fc, None),
    (last_of_a_row, None),
    (last_of_any_kind, None),
    (not_if_alike, "nothing_replaced"),
]
