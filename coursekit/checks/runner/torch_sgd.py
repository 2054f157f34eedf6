"""SGD that does not load PyTorch's compiler, which takes two seconds of a fresh kernel.

`torch.optim.SGD` loads it with the first `add_param_group`, `zero_grad` and `step`. A check of a
training loop needs none of it, and its student should not wait.
"""

from collections.abc import Iterable
from typing import Any


def sgd(
    parameters: Iterable[Any], lr: float, momentum: float = 0.0, weight_decay: float = 0.0
) -> Any:
    """Return an optimizer that steps as `torch.optim.SGD` does with the same arguments."""
    import torch

    class SGD(torch.optim.Optimizer):
        def add_param_group(self, group: dict[str, Any]) -> None:
            self.param_groups.append({**self.defaults, **group, "params": list(group["params"])})

        def zero_grad(self, set_to_none: bool = True) -> None:
            for parameter in self._parameters():
                if set_to_none or parameter.grad is None:
                    parameter.grad = None
                else:
                    parameter.grad = torch.zeros_like(parameter.grad)

        def step(self, closure: Any = None) -> Any:
            loss = None
            if closure is not None:
                with torch.enable_grad():
                    loss = closure()
            with torch.no_grad():
                for group in self.param_groups:
                    for parameter in group["params"]:
                        if parameter.grad is not None:
                            self._move(parameter, group)
            return loss

        def _move(self, parameter: Any, group: dict[str, Any]) -> None:
            change = parameter.grad.add(parameter, alpha=group["weight_decay"])
            if group["momentum"]:
                state = self.state[parameter]
                if "momentum_buffer" in state:
                    change = change.add(state["momentum_buffer"], alpha=group["momentum"])
                state["momentum_buffer"] = change
            parameter.add_(change, alpha=-group["lr"])

        def _parameters(self) -> list[Any]:
            return [parameter for group in self.param_groups for parameter in group["params"]]

    return SGD(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
