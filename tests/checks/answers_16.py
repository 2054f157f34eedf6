"""Right and wrong answers to set 16, as students write them, in PyTorch.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import torch
from wrong_answers_11 import edited

SALIENCY = """
def saliency(model, image, target):
    x = image.detach().clone()[None]
    x.requires_grad_()
    score = model(x)[0, target]
    gradient = torch.autograd.grad(score, x)[0]
    return gradient[0].abs().amax(dim=0)
"""
COPY, OPEN, SCORE = "image.detach().clone()[None]", "x.requires_grad_()", "model(x)[0, target]"
GRAD, LAST = "torch.autograd.grad(score, x)[0]", "gradient[0].abs().amax(dim=0)"

# backward, as most tutorials have it, and then everything put back.
CAREFUL = """
def saliency(model, image, target):
    modes = [part.training for part in model.modules()]
    grads = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    model.eval()
    x = torch.stack([image.detach().clone()]).requires_grad_(True)
    scores = model(x)
    scores.backward(torch.eye(scores.shape[1])[[target]])
    for p, old in zip(model.parameters(), grads):
        p.grad = old
    for part, mode in zip(model.modules(), modes):
        part.training = mode
    return x.grad.squeeze(0).abs().max(dim=0).values.numpy()
"""
BY_FUNC = """
def saliency(model, image, target):
    slope = torch.func.grad(lambda x: model(x.unsqueeze(0)).flatten()[target])(image)
    return torch.max(torch.maximum(slope, -slope), 0)[0]
"""


def by_jacobian(model, image, target):
    """Gradients of all scores, of which one is taken; as lists."""
    rows = torch.autograd.functional.jacobian(lambda x: model(x[None])[0], image.clone())
    return rows[target].abs().amax(0).tolist()


RIGHT = [
    edited(SALIENCY, "saliency"),
    edited(CAREFUL, "saliency"),
    edited(BY_FUNC, "saliency"),
    by_jacobian,
    edited(SALIENCY, "saliency", (GRAD, "torch.autograd.grad(score, x, create_graph=True)[0]")),
    edited(SALIENCY, "saliency", (LAST, f"{LAST}.double()")),
]
_BACK = "score.backward(); gradient = x.grad"
_IN_PLACE = "image.requires_grad_(); x = image[None]"
_SLIPS = [
    ([(LAST, "gradient[0].amax(dim=0)")], "signed"),
    ([(LAST, "gradient[0].sum(dim=0)")], "signed"),
    ([(LAST, "gradient[0].mean(0)")], "signed"),
    ([(LAST, "gradient[0].clamp(min=0).amax(dim=0)")], "negative_thrown_away"),
    ([(LAST, "gradient[0].amax(dim=0).abs()")], "abs_after_max"),
    ([(LAST, "gradient[0].abs().mean(dim=0)")], "mean_over_channels"),
    ([(LAST, "gradient[0].mean(dim=0).abs()")], "mean_over_channels"),
    ([(LAST, "gradient[0].abs().sum(dim=0)")], "sum_over_channels"),
    ([(LAST, "gradient[0].norm(dim=0)")], "length_over_channels"),
    ([(LAST, "(gradient[0] ** 2).amax(dim=0)")], "squared"),
    ([(LAST, "gradient[0].abs().amin(dim=0)")], "smallest"),
    ([(LAST, "gradient[0, 0].abs()")], "one_channel"),
    ([(LAST, "gradient[0].abs()")], "channels_kept"),
    ([(LAST, "gradient.abs().amax(dim=0)")], "channels_kept"),
    ([(LAST, "gradient.abs().amax(dim=1)")], "batch_kept"),
    ([(LAST, "gradient.abs()")], "batch_kept"),
    ([(LAST, "gradient[0].abs().amax(dim=1)")], "wrong_axis"),
    ([(LAST, "gradient[0].abs().amax(dim=-1)")], "wrong_axis"),
    ([(LAST, "gradient[0].abs().max(dim=0)")], "values_and_places"),
    ([(LAST, "gradient[0].abs().max(dim=0)[1]")], "places"),
    ([(LAST, "gradient[0].abs().argmax(dim=0)")], "places"),
    ([(LAST, "gradient[0].abs().max()")], "one_number"),
    ([(SCORE, "model(x).sum()")], "all_scores"),
    ([(SCORE, "model(x).mean()")], "all_scores"),
    ([(SCORE, "model(x).max()")], "highest_score"),
    ([(SCORE, "model(x)[0, target - 1]")], "wrong_target"),
    ([(SCORE, "model(x)[0, 0]")], "wrong_target"),
    ([(SCORE, "model(x).softmax(dim=1)[0, target]")], "probability"),
    ([(SCORE, "model(x).log_softmax(dim=1)[0, target]")], "loss"),
    ([(SCORE, "F.cross_entropy(model(x), torch.tensor([target]))")], "loss"),
    ([(LAST, "(gradient[0] * image).abs().amax(dim=0)")], "times_picture"),
    ([(LAST, f"{LAST} / {LAST}.max()")], "scaled"),
    ([(OPEN, f"{OPEN}; model.train()")], "training_mode"),
    ([(OPEN, f"{OPEN}; model.eval()")], "mode_left"),
    ([(OPEN, f"{OPEN}; model.eval()"), (LAST, f"(model.train(), {LAST})[1]")], "mode_left"),
    ([(f"gradient = {GRAD}", _BACK)], "gradients_left"),
    ([(f"gradient = {GRAD}", f"model.zero_grad(); {_BACK}")], "gradients_left"),
    ([(f"gradient = {GRAD}", _BACK), (OPEN, f"{OPEN}; model.eval()")], "gradients_left"),
    ([(f"gradient = {GRAD}", f"{_BACK}; model.zero_grad()")], "gradients_cleared"),
    ([(f"x = {COPY}", _IN_PLACE), ("    x.requires_grad_()\n", ""),
      (f"gradient = {GRAD}", "score.backward(); gradient = image.grad[None]")], "accumulates"),
    ([(f"x = {COPY}", _IN_PLACE), ("    x.requires_grad_()\n", "")], "picture_left_open"),
    ([(f"x = {COPY}", _IN_PLACE), ("    x.requires_grad_()\n", ""),
      (LAST, f"({LAST}, image.requires_grad_(False))[0]")], "picture_closed"),
    ([(f"x = {COPY}", "image.data -= 0.5; x = image.detach().clone()[None]")], "picture_changed"),
    ([(OPEN, f"{OPEN}; [p.requires_grad_(False) for p in model.parameters()]")], "model_frozen"),
    ([(OPEN, f"{OPEN}; [p.requires_grad_(True) for p in model.parameters()]")], "model_frozen"),
    ([(LAST, f"({LAST}, [p.data.mul_(2) for p in model.parameters()])[0]")], "model_changed"),
    ([("[None]", "")], None),  # no batch: the network refuses it
    ([("    x.requires_grad_()\n", "")], None),
    ([(SCORE, "model(x)[target]")], None),
    ([(SCORE, "model(x)[0]")], None),
    ([(LAST, "gradient[0].abs().amax(dim=0).T")], "rows_for_columns"),
    ([(LAST, "torch.zeros(image.shape[1:])")], None),
    ([(LAST, "image.abs().amax(dim=0)")], None),
]  # fmt: skip
WRONG = [(edited(SALIENCY, "saliency", *edits), expected) for edits, expected in _SLIPS]
