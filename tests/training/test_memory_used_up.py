"""Used-up memory becomes a sentence with a smaller batch, whoever says it and however."""

import gc
import os
import subprocess
import sys
import textwrap
import weakref

import pytest
import torch
from torch import nn

from coursekit.training import TrainingError, fit
from coursekit.training.diagnosis.memory import is_out_of_memory, out_of_memory

SAID = {
    "torch on a CPU": RuntimeError(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
        "you tried to allocate 25690112000 bytes. Error code 12 (Cannot allocate memory)"
    ),
    "torch on Windows": RuntimeError(
        "[enforce fail at alloc_cpu.cpp:80] data. DefaultCPUAllocator: not enough memory: you "
        "tried to allocate 25690112000 bytes."
    ),
    "CUDA": torch.OutOfMemoryError(
        "CUDA out of memory. Tried to allocate 24.00 GiB. GPU 0 has a total capacity of 79.11 GiB"
    ),
    "MPS": RuntimeError(
        "MPS backend out of memory (MPS allocated: 8.81 GB, other allocations: 3.2 GB, max "
        "allowed: 9.07 GB). Tried to allocate 24.00 GB on private pool."
    ),
    "cuBLAS": RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"),
    "C++": RuntimeError("std::bad_alloc"),
    "NumPy": MemoryError("Unable to allocate 24.0 GiB for an array with shape (1, 2)"),
    "oneDNN": RuntimeError("could not create a memory object"),
}


@pytest.mark.parametrize("who", SAID)
def test_it_is_known_whoever_says_it(who):
    found = out_of_memory(SAID[who], 512)
    assert found.code == "out_of_memory" and found.level == "error"
    assert "batches of 512" in found.sentence and found.mend == "batch_size = 128"
    if "24." in str(SAID[who]) or "256" in str(SAID[who]):
        assert "another 2" in found.sentence and "GB were asked for" in found.sentence


@pytest.mark.parametrize(
    "error",
    [RuntimeError("mat1 and mat2 shapes cannot be multiplied"), ValueError("out of memory"),
     KeyError("x"), RuntimeError("CUDA error: device-side assert triggered")],
)  # fmt: skip
def test_other_errors_are_left_alone(error):
    assert not is_out_of_memory(error) and out_of_memory(error, 8) is None


def test_a_single_image_asks_for_another_mend():
    found = out_of_memory(SAID["C++"], 1, "the GPU")
    assert found.sentence.startswith("The memory of the GPU is used up with one image at a time")
    assert "batch_size" not in found.mend


class Hungry(nn.Module):
    def __init__(self, kept):
        super().__init__()
        self.layer, self.calls, self.kept = nn.Linear(4, 2), 0, kept

    def forward(self, x):
        x = self.layer(x)
        if len(x) > 40:  # the look before the start takes fewer
            big = torch.zeros(1000)
            self.kept.append(weakref.ref(big))
            raise RuntimeError(str(SAID["torch on a CPU"]))
        return x


def test_fit_says_it_and_keeps_hold_of_nothing():
    kept = []
    data = torch.rand(256, 4), torch.arange(256) % 2
    with pytest.raises(TrainingError, match="batch_size = 32") as stopped:
        fit(Hungry(kept), data, batch_size=128, lr=0.01, seed=0, device="cpu", progress=False)
    error = stopped.value
    assert error.finding.code == "out_of_memory" and error.history.stopped
    assert error.__context__ is None and error.__cause__ is None
    gc.collect()
    assert kept[0]() is None


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_under_a_real_limit_of_memory():
    code = textwrap.dedent("""
        import resource, torch
        from torch import nn
        from coursekit.training import TrainingError, fit
        from coursekit.models import LeNet5
        torch.set_num_threads(1)
        data = torch.rand(8192, 1, 28, 28), torch.arange(8192) % 10
        fit(LeNet5(), (data[0][:64], data[1][:64]), batch_size=32, lr=0.01, device="cpu",
            precision="float32", progress=False)          # everything that is loaded late is loaded
        used = int(open("/proc/self/statm").read().split()[0]) * 4096
        resource.setrlimit(resource.RLIMIT_AS, (used + 150_000_000,) * 2)
        try:
            fit(LeNet5(), data, batch_size=8192, lr=0.01, device="cpu", precision="float32",
                progress=False)
        except TrainingError as error:
            print(error.finding.code, error.finding.mend)
        try:
            fit(LeNet5(), data, batch_size=128, lr=0.01, device="cpu", precision="float32",
                progress=False)
            print("smaller batches go on")
        except TrainingError as error:
            print(error)
    """)
    environment = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.stdout.splitlines() == [
        "out_of_memory batch_size = 2048", "smaller batches go on",
    ], done.stdout + done.stderr  # fmt: skip
