"""How quickly the explorers answer, beside the same made with `ipywidgets.interact` and Matplotlib.

    python benchmarks/widgets.py [--size 64] [--rounds 20] [--csv FILE]
    python benchmarks/widgets.py --only digit        # one widget alone, without JupyterLab

Opens one notebook in JupyterLab in headless Chromium, with the convolution explorer and an
`interact` of stride and padding that redraws input and output with Matplotlib, as its
documentation does. Each answers the same number of inputs. What is compared is the processor time
that an input takes in the page's own thread and in the kernel, which a busy machine does not
lengthen; the time by the clock to the next frame after the answer stands beside it.

Then each widget, with a picture of that size where it takes one, is mounted on a page of its own:
by the clock from the call that mounts it to the end of the first frame, and in processor time of
the page's own thread, off which a page with the same script that is not mounted is taken. For those
that are drawn on, the time from a stretch of a stroke to the frame with the network's answer.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from lab_harness import CHROMIUM_FLAGS, jupyterlab, open_notebook, run_all
from side_by_side import describe_machine, say

from coursekit.doctor.chromium import HOW_TO_GET_CHROMIUM, find_chromium

CELLS = (
    """import numpy as np
from coursekit.widgets import ConvolutionExplorer
image = np.random.default_rng(0).integers(0, 256, ({0}, {0}))
kernel = np.ones((3, 3)) / 9
ConvolutionExplorer(image, kernel)""",
    """import matplotlib.pyplot as plt
from ipywidgets import interact
from coursekit.scratch import conv2d_vectorized

def draw(stride=1, padding=0):
    output = conv2d_vectorized(image, kernel, stride=stride, padding=padding)
    figure, (left, right) = plt.subplots(1, 2)
    left.imshow(image, cmap="gray")
    right.imshow(output, cmap="gray")
    plt.show()

interact(draw, stride=(1, 4), padding=(0, 3));""",
)
HELPERS = """window.frame = () => new Promise(done => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = done;
  channel.port2.postMessage(0); }));
window.timed = async (act, rounds) => {
  const times = [];
  for (let i = 1; i <= rounds; i++) {
    const start = performance.now();
    act(i);
    await frame();
    times.push(performance.now() - start);
  }
  return times; };
window.hover = rounds => timed(i => {
  const node = document.querySelectorAll('.ck-board')[1], area = node.getBoundingClientRect();
  node.dispatchEvent(new PointerEvent('pointermove', {bubbles: true,
    clientX: area.x + 9 + 6 * (i % 40), clientY: area.y + 9 + 4 * (i % 50)})); }, rounds);
window.control = rounds => timed(i => {
  const node = document.querySelector('.ck-explorer .ck-count');
  node.value = 1 + i % 4;
  node.dispatchEvent(new Event('change', {bubbles: true})); }, rounds);
window.interacted = () => {
  const cell = document.querySelectorAll('.jp-Notebook .jp-Cell')[1];
  const before = cell.querySelector('.jp-OutputArea img').src;
  window.answer = new Promise(done => addEventListener('keydown', async () => {
    const start = performance.now();
    for (;;) {
      const image = cell.querySelector('.jp-OutputArea img');
      if (image && image.src !== before) { await image.decode().catch(() => {}); break; }
      await new Promise(later => setTimeout(later, 1));
    }
    await frame();
    done(performance.now() - start);
  }, {capture: true, once: true})); };"""
# Put around the call that mounts: the time until what it has drawn has been painted.
BEFORE = "\nconst start = performance.now();\n"
AFTER = """
window.framed = new Promise(done => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now() - start);
  channel.port2.postMessage(0); }));
"""
INPUTS = """async ([selector, how, rounds]) => {
  const node = [...document.querySelectorAll(selector)].at(how === 'point' ? -1 : 0);
  const area = node.getBoundingClientRect();
  for (let i = 0; i < rounds; i++) {
    if (how === 'point') node.dispatchEvent(new PointerEvent('pointermove', {bubbles: true,
      clientX: area.x + area.width * (i % 9 + 0.5) / 9,
      clientY: area.y + area.height * (i % 7 + 0.5) / 7}));
    else {
      node.value = Number(node.min || 0) + i % 4;
      node.dispatchEvent(new Event(how, {bubbles: true}));
    }
    await null; await null; await null; } }"""

STROKE = """async rounds => {
  const pad = document.querySelector('.ck-pad'), area = pad.getBoundingClientRect();
  pad.setPointerCapture = () => {};
  const send = (type, i) => pad.dispatchEvent(new PointerEvent(type, {bubbles: true,
    clientX: area.x + area.width * (0.2 + 0.6 * (i % 9) / 9),
    clientY: area.y + area.height * (0.2 + 0.6 * (i % 7) / 7)}));
  const frame = () => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0); }));
  send('pointerdown', 0);
  await frame();
  for (let i = 1; i <= rounds; i++) { send('pointermove', i); await frame(); }
  send('pointerup', 0); }"""


def every_widget(size: int) -> dict[str, tuple[Any, str | None, tuple[str, str] | None]]:
    """Return each widget with what a pointer moves over, and a control with its event."""
    import numpy as np

    from coursekit import widgets

    rng = np.random.default_rng(0)
    image, volume = rng.integers(0, 256, (size, size)), rng.integers(0, 9, (3, size, size))
    count = ".ck-count"
    return {
        "convolution": (
            widgets.ConvolutionExplorer(image, np.ones((3, 3)) / 9),
            ".ck-board",
            (count, "change"),
        ),
        "playground": (
            widgets.KernelPlayground(image),
            ".ck-board",
            (".ck-weights input", "change"),
        ),
        "signal": (
            widgets.Convolution1dExplorer(np.arange(200) % 17),
            None,
            (".ck-field:has(.ck-numbers) ~ .ck-field .ck-numbers", "change"),
        ),
        "sizes": (
            widgets.SizeCalculator(size, layers=[(3, 1)] * 6),
            ".ck-board[tabindex]",
            (count, "change"),
        ),
        "volume": (
            widgets.VolumeExplorer(volume, np.ones((4, 3, 3, 3))),
            ".ck-maps .ck-board",
            (count, "change"),
        ),
        "pooling": (widgets.PoolingExplorer(image), ".ck-board", (count, "change")),
        "softmax": (
            widgets.SoftmaxExplorer(list(range(10))),
            None,
            (".ck-slider", "input"),
        ),
        "descent": (widgets.DescentExplorer(), None, (".ckd-slider", "input")),
        "architecture": (widgets.ArchitectureExplorer("ResNet-50", "GoogLeNet"), None, None),
        "network": (widgets.NetworkExplorer(), ".ck-netlayer .ck-board", None),
        "digit": (widgets.DrawDigit(), ".ck-netlayer .ck-board", (".ck-count", "change")),
        "augmentation": (widgets.AugmentationExplorer(rotation=60), None, (".ck-slider", "input")),
        "monitor": (finished_monitor(), ".ck-board", None),
    }


def finished_monitor() -> Any:
    """Return a training monitor with as many points as it sends at most."""
    from coursekit.widgets import TrainingMonitor

    monitor = TrainingMonitor()
    records = [
        {"epoch": k, "loss": 1 / k, "accuracy": 1 - 0.5 / k, "lr": 0.01} for k in range(1, 200)
    ]
    points = [[199 * k / 300, 1 / (1 + k)] for k in range(300)]
    done = {"state": "done", "epochs": 199, "records": records, "batches": points, "words": ""}
    monitor.run = {**monitor.run, **done}
    return monitor


def stroke_ms(browser: Any, widget: Any) -> float:
    """Return the processor time from a stretch of a stroke to the frame that shows the answer."""
    from coursekit.widgets import standalone_page

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(standalone_page([widget], "Stroke"), encoding="utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 2400})
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        page.goto(path.as_uri())
        page.evaluate(STROKE, 40)
        spent = []
        for _ in range(9):
            before = processor_ms(session)
            page.evaluate(STROKE, 20)
            spent.append((processor_ms(session) - before) / 20)
        page.close()
    return statistics.median(spent)


def processor_ms(session: Any) -> float:
    """Return the processor time that the page's own thread has used so far."""
    found = session.send("Performance.getMetrics")["metrics"]
    return next(1000 * each["value"] for each in found if each["name"] == "ThreadTime")


def kernel_process() -> psutil.Process:
    """Find the kernel that the notebook's cells run in."""
    below = psutil.Process().children(recursive=True)
    return next(each for each in below if any("ipykernel" in part for part in each.cmdline()))


def kernel_ms(kernel: psutil.Process) -> float:
    """Return the processor time that the kernel has used so far."""
    times = kernel.cpu_times()
    return 1000 * float(times.user + times.system)


def wait_for_kernel(page: Any) -> None:
    """Wait until the kernel has answered everything."""
    page.evaluate("""() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
      .requestKernelInfo().then(() => null)""")


def alone(
    browser: Any, widget: Any, over: str | None, control: tuple[str, str] | None
) -> list[float]:
    """Return medians: mount by the clock and by the processor, then pointing and a control."""
    from coursekit.widgets import standalone_page

    text = standalone_page([widget], "Mount")
    begin = text.index("\nmountAll(")
    end = text.index("\n", begin + 1)
    mounted, still = (
        "".join([text[:begin], BEFORE, call, text[begin + 1 : end], AFTER, text[end:]])
        for call in ("", "0 && ")
    )
    clock, used, spent = [], {mounted: [], still: []}, []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        for _ in range(5):
            for page_text in (still, mounted):
                path.write_text(page_text, encoding="utf-8")
                page = browser.new_page(viewport={"width": 1280, "height": 2400})
                session = page.context.new_cdp_session(page)
                session.send("Performance.enable")
                before = processor_ms(session)
                page.goto(path.as_uri())
                took = page.evaluate("window.framed")
                used[page_text].append(processor_ms(session) - before)
                if page_text is still:
                    page.close()
                    continue
                clock.append(took)
                row = []
                for selector, how in ((over, "point"), control or (None, "")):
                    if selector is None:
                        row.append(float("nan"))
                        continue
                    page.evaluate(INPUTS, [selector, how, 4])
                    before = processor_ms(session)
                    page.evaluate(INPUTS, [selector, how, 20])
                    row.append((processor_ms(session) - before) / 20)
                spent.append(row)
                page.close()
    mount = statistics.median(a - b for a, b in zip(used[mounted], used[still], strict=True))
    return [statistics.median(clock), mount, *map(statistics.median, zip(*spent, strict=True))]


def beside_interact(browser: Any, size: int, rounds: int) -> dict[str, list[float]]:
    """Return ms of an input in JupyterLab: to the next frame, of the page and of the kernel."""
    cells = [new_code_cell(text.replace("{0}", str(size))) for text in CELLS]
    book = new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(book, Path(folder) / "widgets.ipynb")
        with jupyterlab(Path(folder), {"OMP_NUM_THREADS": "1"}) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 2400})
            open_notebook(page, address, "widgets.ipynb")
            run_all(page)
            page.wait_for_selector(".ck-explorer")
            page.wait_for_selector(".jp-OutputArea img")
            page.evaluate(HELPERS)
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            kernel = kernel_process()
            keys = cycle(["ArrowRight"] * 3 + ["ArrowLeft"] * 3)  # from a stride of 1 to 4 and back

            def change(rounds: int) -> list[float]:
                seen = []
                for _ in range(rounds):
                    page.locator(".jp-Cell [role=slider]").first.focus()
                    page.evaluate("interacted()")
                    page.keyboard.press(next(keys))
                    seen.append(page.evaluate("answer"))
                return seen

            acts = {
                "hover": lambda rounds: page.evaluate("hover", rounds),
                "control": lambda rounds: page.evaluate("control", rounds),
                "interact": change,
            }
            found = {}
            for name, act in acts.items():
                act(4)
                wait_for_kernel(page)
                before = processor_ms(session), kernel_ms(kernel)
                seen = act(rounds)
                wait_for_kernel(page)
                after = processor_ms(session), kernel_ms(kernel)
                spent = [(b - a) / rounds for a, b in zip(before, after, strict=True)]
                found[name] = [statistics.median(seen), *spent]
            page.close()
    return found


HEAD = ("widget", "input", "to_frame_ms", "page_ms", "kernel_ms", "times_as_fast", "machine")
Measured = tuple[str, str, float | None, float | None, float | None, float | None]


def measure(browser: Any, size: int, rounds: int, only: list[str] | None) -> list[Measured]:
    """Measure, and print each row as soon as it is there."""
    rows: list[Measured] = []

    def note(*row: Any) -> None:
        rows.append(row)
        cells = ("" if number is None else f"{number:.1f}" for number in row[2:])
        say(f"{row[0]:<14}{row[1]:<10}" + "".join(f"{cell:>14}" for cell in cells))

    say(f"{'':<24}{'to frame, ms':>14}{'page, ms':>14}{'kernel, ms':>14}{'times as fast':>14}")
    if only is None:
        found = beside_interact(browser, size, rounds)
        whole = sum(found["interact"][1:])
        for name, numbers in found.items():
            note("in JupyterLab", name, *numbers, whole / sum(numbers[1:]))
    for name, (widget, over, control) in every_widget(size).items():
        if only is not None and name not in only:
            continue
        clock, mount, pointing, changing = alone(browser, widget, over, control)
        note(name, "mount", clock, mount, None, None)
        for what, spent in (("pointing", pointing), ("control", changing)):
            if spent == spent:
                note(name, what, None, spent, None, None)
        if name in ("network", "digit"):
            note(name, "stroke", None, stroke_ms(browser, widget), None, None)
    return rows


def main(argv: list[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", action="append", help="measure this widget alone")
    parser.add_argument("--csv", type=Path, help="append the numbers to this file")
    wanted = parser.parse_args(argv)
    program = find_chromium()
    if program is None:
        raise SystemExit(f"Chromium is not here; get it with {HOW_TO_GET_CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, headless=True, args=list(CHROMIUM_FLAGS)
        )
        machine = describe_machine("jupyterlab", "anywidget", "ipywidgets", "matplotlib")
        machine += f", Chromium {browser.version}"
        say(machine, f"{wanted.size} x {wanted.size}, medians; page and kernel: processor time")
        rows = measure(browser, wanted.size, wanted.rounds, wanted.only)
        browser.close()
    if wanted.csv:
        record(wanted.csv, rows, machine)
    return 0


def record(path: Path, rows: list[Measured], machine: str) -> None:
    """Append the rows to a CSV file, each with where it was measured."""
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(HEAD)
        for widget, what, *numbers in rows:
            cells = ["" if number is None else f"{number:.1f}" for number in numbers]
            writer.writerow([widget, what, *cells, machine])


if __name__ == "__main__":
    raise SystemExit(main())
