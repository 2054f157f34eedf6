"""How quickly the explorers answer, beside the same made with `ipywidgets.interact` and Matplotlib.

    python benchmarks/widgets.py [--size 64] [--rounds 20]

Opens one notebook in JupyterLab in headless Chromium, with the convolution explorer and an
`interact` of stride and padding that redraws input and output with Matplotlib, as its
documentation does. In every round both answer once, in turn, from the event to the next frame
after it is on the page; what is told is medians and their ratio. Handler times are those of the
event's own work and the drawing, without the wait for a frame.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from lab_harness import CHROMIUM_FLAGS, jupyterlab, open_notebook, run_all

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
window.timed = async (act, until) => {
  const start = performance.now();
  act();
  await null; await null; await null;
  const handled = performance.now() - start;
  if (until) await until();
  await frame();
  return [handled, performance.now() - start]; };
window.hover = i => timed(() => {
  const node = document.querySelectorAll('.ck-board')[1], area = node.getBoundingClientRect();
  node.dispatchEvent(new PointerEvent('pointermove', {bubbles: true,
    clientX: area.x + 9 + 6 * (i % 40), clientY: area.y + 9 + 4 * (i % 50)})); });
window.control = i => timed(() => {
  const node = document.querySelector('.ck-explorer .ck-count');
  node.value = 1 + i % 4;
  node.dispatchEvent(new Event('change', {bubbles: true})); });
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
    done([0, performance.now() - start]);
  }, {capture: true, once: true})); };"""
MOUNT = """() => new Promise(done => requestAnimationFrame(() => done(performance.now()
  - performance.getEntriesByName('before')[0].startTime)))"""


def standalone_mount(browser, size: int, rounds: int) -> float:
    """Return the median milliseconds from the start of the script to the next frame."""
    import numpy as np

    from coursekit.widgets import ConvolutionExplorer, standalone_page

    image = np.random.default_rng(0).integers(0, 256, (size, size))
    text = standalone_page([ConvolutionExplorer(image, np.ones((3, 3)))], "Mount")
    text = text.replace("\nmountAll(", "\nperformance.mark('before');\nmountAll(")
    times = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(text, encoding="utf-8")
        for _ in range(rounds):
            page = browser.new_page()
            page.goto(path.as_uri())
            times.append(page.evaluate(MOUNT))
            page.close()
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=20)
    wanted = parser.parse_args()
    program = find_chromium()
    if program is None:
        raise SystemExit(f"Chromium is not here; get it with {HOW_TO_GET_CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        cells = [new_code_cell(text.replace("{0}", str(wanted.size))) for text in CELLS]
        book = new_notebook(cells=cells)
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, Path(folder) / "widgets.ipynb")
        browser = playwright.chromium.launch(
            executable_path=program, headless=True, args=list(CHROMIUM_FLAGS)
        )
        with jupyterlab(Path(folder), {"OMP_NUM_THREADS": "1"}) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 2400})
            open_notebook(page, address, "widgets.ipynb")
            run_all(page)
            page.wait_for_selector(".ck-explorer")
            page.wait_for_selector(".jp-OutputArea img")
            page.evaluate(HELPERS)
            times: dict[str, list[list[float]]] = {"hover": [], "control": [], "interact": []}
            for i in range(1, wanted.rounds + 1):
                for name in ("hover", "control"):
                    times[name].append(page.evaluate(f"{name}({i})"))
                page.locator(".jp-Cell [role=slider]").first.focus()
                page.evaluate("interacted()")
                page.keyboard.press("ArrowRight" if (i - 1) % 6 < 3 else "ArrowLeft")
                times["interact"].append(page.evaluate("answer"))
        mount = standalone_mount(browser, wanted.size, 7)
        browser.close()
    print(f"{wanted.size} x {wanted.size}, {wanted.rounds} rounds, medians")
    for name, found in times.items():
        handled, seen = (statistics.median(part) for part in zip(*found, strict=True))
        line = f"{name:10} to the next frame {seen:7.1f} ms"
        if name != "interact":
            pairs = zip(times["interact"], found, strict=True)
            ratio = statistics.median(slow[1] / quick[1] for slow, quick in pairs)
            line += f"   handler and drawing {handled:5.1f} ms   {ratio:5.1f} times as fast"
        print(line)
    print(f"mount      to the next frame {mount:7.1f} ms")


if __name__ == "__main__":
    main()
