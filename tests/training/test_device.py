"""The device that is taken, and what is said about it."""

import pytest
import torch

from coursekit.training import describe_device
from coursekit.training.machine.devices import choose_device, processor_name


def machine(monkeypatch, gpus=0, mps=False, built=True):
    monkeypatch.setattr("torch.cuda.is_available", lambda: gpus > 0)
    monkeypatch.setattr("torch.cuda.device_count", lambda: gpus)
    monkeypatch.setattr("torch.cuda.current_device", lambda: 0)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: mps)
    monkeypatch.setattr("torch.version.cuda", "13.0" if built else None)


@pytest.mark.parametrize(
    ("gpus", "mps", "expected"),
    [(0, False, "cpu"), (1, False, "cuda:0"), (2, True, "cuda:0"), (0, True, "mps")],
)
def test_the_fastest_that_is_there(monkeypatch, gpus, mps, expected):
    machine(monkeypatch, gpus, mps)
    assert choose_device() == choose_device("auto") == torch.device(expected)


def test_a_device_asked_for(monkeypatch):
    machine(monkeypatch, gpus=2, mps=True)
    for asked in ("cpu", "cuda:1", "mps", torch.device("cuda", 1)):
        assert choose_device(asked) == torch.device(asked)
    assert choose_device("cuda") == torch.device("cuda", 0)


@pytest.mark.parametrize("word", ["gpu", "", "cuda:x", "xpu", None, 3.5])
def test_no_device(word):
    with pytest.raises(ValueError, match=r'device is .*; expected "auto", "cpu"'):
        choose_device(word)


@pytest.mark.parametrize(
    ("here", "asked", "said"),
    [
        ({"built": False}, "cuda", "built without CUDA"),
        ({"built": True}, "cuda", "nvidia-smi"),
        ({"gpus": 1}, "cuda:1", r"has 1 GPU, .*cuda:0"),
        ({"gpus": 2}, "cuda:5", r"has 2 GPUs, .*cuda:1"),
        ({}, "mps", "only a Mac"),
    ],
)
def test_a_device_that_is_not_there(monkeypatch, here, asked, said):
    machine(monkeypatch, **here)
    with pytest.raises(ValueError, match=said):
        choose_device(asked)


def test_the_report_on_a_processor(monkeypatch):
    machine(monkeypatch)
    monkeypatch.delenv("COURSEKIT_HEADLESS", raising=False)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: True)
    report = describe_device()
    text = str(report)
    assert report.device == torch.device("cpu") and report.precision.name == "bfloat16"
    for part in (
        "no GPU that PyTorch can use", processor_name(), "GiB memory free",
        "device cpu, bfloat16, channels last in memory", "batches of 256 for 60,000 images",
        "because this device has units for bfloat16", "torch.compile: not used",
        'fit(..., device="cpu", precision="float32", batch_size=128)',
    ):  # fmt: skip
        assert part in text
    assert "not tried by the course" not in text
    assert report._repr_html_().count("<li>") == len(report.lines)


def test_a_stored_notebook_says_nothing_about_the_machine(monkeypatch):
    report = describe_device()
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    assert repr(report) == "Run this cell: it says what your machine has."
    assert report._repr_html_() == f"<p>{report!r}</p>"
    assert processor_name() in str(report)
    monkeypatch.setenv("COURSEKIT_HEADLESS", "0")
    assert repr(report) == str(report)


def test_the_report_without_units_for_bfloat16(monkeypatch):
    machine(monkeypatch)
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: False)
    monkeypatch.setattr("torch.cpu._is_amx_tile_supported", lambda: False)
    text = str(describe_device())
    assert "device cpu, float32" in text and "batches of 128" in text
    assert "no units for bfloat16" in text


def test_the_report_on_gpus(monkeypatch):
    class Known:
        name, total_memory, major, minor = "Some <GPU>", 80 << 30, 8, 0

    machine(monkeypatch, gpus=2)
    monkeypatch.delenv("COURSEKIT_HEADLESS", raising=False)
    monkeypatch.setattr("torch.cuda.get_device_properties", lambda index: Known)
    monkeypatch.setattr("torch.cuda.get_device_capability", lambda device: (8, 0))
    report = describe_device()
    text = str(report)
    assert "found: GPU cuda:1, Some <GPU>, 80 GiB, compute capability 8.0" in text
    assert "device cuda:0, bfloat16" in text and "TF32" in text and "batches of 512" in text
    assert "not tried by the course: MPS and several GPUs" in text
    assert "&lt;GPU&gt;" in report._repr_html_()


def test_the_report_on_a_mac(monkeypatch):
    machine(monkeypatch, mps=True)
    text = str(describe_device())
    assert "found: GPU mps" in text and "device mps, float32" in text
    assert "not tried by the course" in text
