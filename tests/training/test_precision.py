"""What is chosen from what a device can do; and that the layout goes through the whole network."""

import copy

import pytest
import torch
from torch import nn

from coursekit.models import LeNet5, resnet8
from coursekit.training.machine.compiling import should_compile
from coursekit.training.machine.precision import (
    Precision,
    apply_precision,
    as_channels_last,
    bfloat16_units,
    choose_precision,
)

CPU, CUDA = torch.device("cpu"), torch.device("cuda", 0)
LAST = Precision("bfloat16", True, False, "")


def processor(monkeypatch, amx=False, avx512=False):
    monkeypatch.setattr("torch.cpu._is_amx_tile_supported", lambda: amx)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: avx512)


def gpu(monkeypatch, *capability):
    monkeypatch.setattr("torch.cuda.get_device_capability", lambda device: capability)


def dense(width):
    return nn.Sequential(nn.Flatten(), nn.Linear(784, width), nn.ReLU(), nn.Linear(width, 10))


@pytest.mark.parametrize(
    ("amx", "avx512", "name", "reason"),
    [
        (True, True, "bfloat16", "AMX"),
        (False, True, "bfloat16", "AVX-512 BF16"),
        (False, False, "float32", "no units"),
    ],
)
def test_a_processor_is_read(monkeypatch, amx, avx512, name, reason):
    processor(monkeypatch, amx, avx512)
    chosen = choose_precision("auto", CPU, LeNet5())
    assert (chosen.name, chosen.channels_last, chosen.tf32) == (name, True, False)
    assert reason in chosen.reason


def test_a_pytorch_that_cannot_tell_means_float32(monkeypatch):
    monkeypatch.delattr("torch.cpu._is_amx_tile_supported", raising=False)
    monkeypatch.delattr("torch.cpu._is_avx512_bf16_supported", raising=False)
    assert bfloat16_units(CPU) == ""


@pytest.mark.parametrize(
    ("capability", "expected"),
    [((9, 0), ("bfloat16", True, True)), ((8, 0), ("bfloat16", True, True)),
     ((7, 5), ("float32", False, False))],
)  # fmt: skip
def test_a_gpu_is_read(monkeypatch, capability, expected):
    gpu(monkeypatch, *capability)
    chosen = choose_precision("auto", CUDA, resnet8())
    assert (chosen.name, chosen.channels_last, chosen.tf32) == expected


def test_a_mac_gets_float32():
    assert choose_precision("auto", torch.device("mps"), LeNet5()).name == "float32"


def test_small_dense_models_stay_in_float32(monkeypatch):
    processor(monkeypatch, avx512=True)
    small, large = (choose_precision("auto", CPU, dense(width)) for width in (64, 512))
    assert (small.name, small.channels_last) == ("float32", False)
    assert "too small" in small.reason
    assert (large.name, large.channels_last) == ("bfloat16", False)


def test_float32_asked_for_is_the_plain_loop(monkeypatch):
    processor(monkeypatch, avx512=True)
    gpu(monkeypatch, 9, 0)
    for device in (CPU, CUDA):
        chosen = choose_precision("float32", device, LeNet5())
        assert (chosen.name, chosen.channels_last, chosen.tf32) == ("float32", False, False)


def test_bfloat16_asked_for_is_given_everywhere(monkeypatch):
    processor(monkeypatch)
    chosen = choose_precision("bfloat16", CPU, dense(8))
    assert (chosen.name, chosen.channels_last) == ("bfloat16", False)
    assert "slow" in chosen.reason


@pytest.mark.parametrize("word", ["float16", "bf16", "", None])
def test_another_word_is_refused(word):
    with pytest.raises(ValueError, match=r'precision is .* expected one of .*"auto"'):
        choose_precision(word, CPU, LeNet5())


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16, torch.float16])
def test_a_model_in_other_numbers_is_named(kind):
    with pytest.raises(ValueError, match=r"model: its parameter .* is .*model\.float\(\)"):
        choose_precision("auto", CPU, LeNet5().to(kind))


@pytest.mark.parametrize(
    "make",
    [
        LeNet5,
        lambda: resnet8(in_channels=1),
        lambda: nn.Sequential(nn.Conv2d(1, 1, 3), nn.Conv2d(1, 2, 1)),
    ],
)
def test_channels_last_goes_through_from_the_first_layer_on(make):
    model = make()
    before = copy.deepcopy(model.state_dict())
    apply_precision(model, LAST, CPU)
    seen = []
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(lambda _, given, made: seen.append(made))
    model.eval()(torch.rand(4, 1, 28, 28))  # one channel: the input's strides say nothing
    assert seen
    assert all(made.stride(1) == 1 for made in seen)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


def test_plain_float32_leaves_the_layout_alone():
    model = resnet8()
    strides = [p.stride() for p in model.parameters()]
    apply_precision(model, Precision("float32", False, False, ""), CPU)
    assert [p.stride() for p in model.parameters()] == strides


def test_an_optimizer_made_before_steps_the_same_parameters():
    model = LeNet5()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    apply_precision(model, LAST, CPU)
    weight = model.get_parameter(next(name for name, _ in model.named_parameters()))
    weight.grad = torch.ones_like(weight)
    before = weight.detach().clone()
    optimizer.step()
    assert torch.equal(weight.detach(), before - 1)


def test_as_channels_last_keeps_every_value():
    for channels in (1, 3):
        images = torch.randn(2, channels, 4, 5)
        made = as_channels_last(images)
        assert torch.equal(made, images)
        assert made.stride() == (20 * channels, 1, 5 * channels, channels)


def test_autocast_computes_products_in_bfloat16_alone():
    with LAST.autocast(CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
        assert nn.functional.cross_entropy(torch.zeros(2, 2), torch.zeros(2).long()).dtype == (
            torch.float32
        )
    assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


def test_tf32_is_put_back_after_a_run():
    before = torch.get_float32_matmul_precision()
    with pytest.raises(KeyboardInterrupt), Precision("bfloat16", True, True, "").in_force():
        assert torch.get_float32_matmul_precision() == "high"
        raise KeyboardInterrupt
    assert torch.get_float32_matmul_precision() == before
    with Precision("float32", False, False, "").in_force():
        assert torch.get_float32_matmul_precision() == before


def test_compiling_must_earn_back_its_time(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    model = resnet8()
    assert not should_compile("auto", CPU, 10**9, model)
    assert not should_compile("auto", torch.device("mps"), 10**9, model)
    assert not should_compile("auto", CUDA, 1_000, model)
    assert should_compile("auto", CUDA, 1_000_000, model)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # no Triton: Windows
    assert not should_compile("auto", CUDA, 1_000_000, model)


def test_compiling_as_asked():
    assert should_compile(True, CPU, 1, LeNet5())
    assert not should_compile(False, CUDA, 10**9, LeNet5())
    with pytest.raises(ValueError, match="compile is 'yes'"):
        should_compile("yes", CPU, 1, LeNet5())
