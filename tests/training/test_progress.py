"""Progress: a bar, one line an epoch, or nothing; and it costs next to nothing."""

import io
import os
import re
import subprocess
import sys
import textwrap

import pytest

from coursekit.course.lint_outputs import Page
from coursekit.training.record import progress as progress_module
from coursekit.training.record.progress import Progress, duration
from coursekit.training.record.progress_views import choose_mode

# Its clock goes by the steps that are done: what is drawn does not depend on the machine.
RUN = """
from coursekit.training.record import progress as module

class Clock:
    now = 0.0

module.perf_counter = lambda: Clock.now
progress = module.Progress(3, 8, 100)
progress.start("device: cpu (2 threads)")
for epoch in (1, 2, 3):
    progress.begin_epoch(epoch)
    for step in range(8):
        Clock.now += 0.03
        progress.step(lambda: 0.25)
    progress.pause()
    progress.end_epoch({"epoch": epoch, "loss": 0.5, "accuracy": 0.8, "test_accuracy": 0.75})
progress.close("It ended early.")
"""
LINES = [
    "device: cpu (2 threads)",
    "epoch 1/3  loss 0.500  accuracy 0.800  test accuracy 0.750",
    "epoch 2/3  loss 0.500  accuracy 0.800  test accuracy 0.750",
    "epoch 3/3  loss 0.500  accuracy 0.800  test accuracy 0.750",
    "It ended early.",
]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("CI", "COURSEKIT_HEADLESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def drive(progress, epochs=3, steps=8):
    progress.start("device: cpu (2 threads)")
    for epoch in range(1, epochs + 1):
        progress.begin_epoch(epoch)
        for _ in range(steps):
            progress.step(lambda: 0.25)
        progress.pause()
        progress.end_epoch({"epoch": epoch, "loss": 0.5, "accuracy": 0.8, "test_accuracy": 0.75})
    progress.close("It ended early.")


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(progress_module, "perf_counter", lambda: self.now)


class Screen:
    """A view that remembers what it was told to draw."""

    def __init__(self):
        self.drawn = []

    def draw(self, done, title, parts):
        self.drawn.append((done, title, parts))

    def __getattr__(self, name):
        return lambda *_: None


def on_screen(progress):
    progress._view, progress._live = Screen(), True
    return progress._view.drawn


def test_plain_lines_where_nobody_sits(capsys):
    drive(Progress(3, 8, 100))
    assert capsys.readouterr() == ("\n".join(LINES) + "\n", "")


def in_terminal(columns, **variables):
    """Run it in a pseudo-terminal; gives what was written, and what a reader sees at the end."""
    pty, fcntl, struct, termios = (pytest.importorskip(m) for m in
                                   ("pty", "fcntl", "struct", "termios"))  # fmt: skip
    above, below = pty.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-c", RUN], stdout=below, stderr=below, env=os.environ | variables
    )
    os.close(below)
    written = b""
    try:
        while True:
            part = os.read(above, 4096)
            if not part:
                break
            written += part
    except OSError:  # the other side is closed
        pass
    os.close(above)
    assert child.wait(120) == 0
    text = written.decode()
    return text, [line.rstrip() for line in seen(text)]


def seen(text):
    """The lines of a screen after all this was written: a small terminal."""
    lines, column = [""], 0
    for char in text:
        if char == "\r":
            column = 0
        elif char == "\n":
            lines.append("")
        else:
            line = lines[-1].ljust(column)
            lines[-1] = line[:column] + char + line[column + 1 :]
            column += 1
    return lines[:-1] if not lines[-1].strip() else lines


@pytest.mark.parametrize("columns", [100, 0])
def test_a_bar_in_a_terminal_that_leaves_only_the_lines(columns):
    text, screen = in_terminal(columns)
    assert screen == LINES
    drawn = [part for part in re.split("[\r\n]", text) if "|" in part]
    # In each of three epochs of a quarter of a second: at the start, twice in it, at the end.
    assert 12 <= len(drawn) <= 16
    assert all(len(line) <= 100 for line in drawn)
    assert any(re.search(r"epoch 2/3 \|.*images/s, \d+ s left, loss 0\.250", d) for d in drawn)
    assert any("evaluating" in line for line in drawn)
    assert "█" in text


def test_lines_in_a_terminal_where_ci_is_set():
    text, screen = in_terminal(100, CI="true")
    assert screen == LINES and "\r" not in text.replace("\r\n", "")


def test_silence(capsys, monkeypatch):
    drive(Progress(3, 8, 100, mode=False))
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    drive(Progress(3, 8, 100))
    drive(Progress(3, 8, 100, mode="terminal"))
    assert capsys.readouterr() == ("", "")


def test_which_mode(monkeypatch):
    assert choose_mode(True) == "lines"
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", terminal)
    assert choose_mode(True) == "terminal"
    monkeypatch.setenv("TERM", "dumb")
    assert choose_mode(True) == "lines"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("CI", "false")
    assert choose_mode(True) == "terminal"
    monkeypatch.setattr(sys, "stdout", None)
    assert choose_mode(True) == "lines"
    with pytest.raises(ValueError, match="progress: found 'bar'; expected True, False or one of"):
        choose_mode("bar")


def test_a_notebook_gets_one_output_that_is_replaced(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(RUN)])
    shown = []
    client = nbclient.NotebookClient(
        notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=240
    )
    output = nbclient.NotebookClient.process_message

    def watch(message, *rest, **more):
        if message["msg_type"] in ("display_data", "update_display_data", "stream"):
            shown.append((message["msg_type"], message["content"]))
        return output(client, message, *rest, **more)

    client.process_message = watch
    client.execute()
    assert [o.output_type for o in notebook.cells[0].outputs] == ["display_data"]
    final = notebook.cells[0].outputs[0].data
    assert [kind for kind, _ in shown].count("display_data") == 1
    # The first line, in each epoch four as in a terminal, and what stays.
    assert len(shown) == 1 + 3 * 4 + 1
    pictures = [content["data"]["text/html"] for _, content in shown]
    assert any('<progress value="' in p and "images/s" in p for p in pictures)
    assert any("epoch 2/3" in p and "<td>1</td>" in p for p in pictures)
    # What stays: the first line, a table and the last sentence, and no bar.
    assert set(final) == {"text/html", "text/plain"}  # no widget, whose state would be lost
    assert "<progress" not in final["text/html"]
    words = [w for w in Page(final["text/html"]).text.split("\n") if w]
    assert (words[0], words[-1]) == (LINES[0], LINES[-1])
    assert final["text/html"].count("<tr>") == 4
    assert final["text/plain"] == "\n".join(LINES)


def test_at_most_ten_pictures_a_second_and_only_then_the_loss(monkeypatch):
    clock = Clock(monkeypatch)
    asked = []
    progress = Progress(1, 10_000, 32)
    drawn = on_screen(progress)
    progress.begin_epoch(1)
    for _ in range(10_000):
        clock.now += 0.001
        progress.step(lambda: asked.append(1) or 0.5)
    assert 90 <= len(drawn) <= 102  # ten seconds
    assert len(asked) == len(drawn) - 1  # the first one, before any step, has no loss
    assert drawn[-1][2][-1] == "loss 0.500"


def test_slow_drawing_is_done_less_often(monkeypatch):
    clock = Clock(monkeypatch)
    progress = Progress(1, 1000, 32)
    drawn = on_screen(progress)
    slow = progress._view.draw

    def draw(*arguments):
        clock.now += 0.02
        slow(*arguments)

    progress._view.draw = draw
    progress.begin_epoch(1)
    begun = clock.now
    for _ in range(1000):
        clock.now += 0.01
        progress.step()
    assert len(drawn) * 0.02 <= 0.06 * (clock.now - begun)


def test_the_rate_leaves_evaluation_and_the_first_step_out(monkeypatch):
    clock = Clock(monkeypatch)
    progress = Progress(2, 10, 64)
    on_screen(progress)
    progress.begin_epoch(1)
    assert progress.images_per_second is None and progress.seconds_left is None
    clock.now += 5  # the first step compiles
    progress.step()
    for _ in range(9):
        clock.now += 0.5
        progress.step()
    assert progress.images_per_second == pytest.approx(128)
    progress.pause()
    clock.now += 7
    assert progress.images_per_second == pytest.approx(128)
    progress.end_epoch({"epoch": 1, "loss": 0.5})
    clock.now += 100  # somebody else's hook
    progress.begin_epoch(2)
    assert progress.images_per_second == pytest.approx(128)
    # Ten steps of half a second, and one more evaluation of seven.
    assert progress.seconds_left == pytest.approx(12)
    for _ in range(4):
        clock.now += 0.5
        progress.step()
    assert progress.seconds_left == pytest.approx(10)


def test_a_run_taken_up_again_counts_what_is_left(monkeypatch):
    clock = Clock(monkeypatch)
    progress = Progress(4, 10, 64, examples=625)
    drawn = on_screen(progress)
    progress.begin_epoch(3, 4)
    assert drawn[-1][0] == 24
    for _ in range(3):
        clock.now += 1
        progress.step()
    assert progress.images_per_second == pytest.approx(62.5)
    assert progress.seconds_left == pytest.approx(13)
    clock.now += 1
    progress.step()
    assert drawn[-1][:2] == (28, "epoch 3/4")


def test_steps_cost_nothing_where_nothing_is_drawn(monkeypatch):
    def forbidden():
        raise AssertionError("the clock was read")

    for mode in ("lines", "silent"):
        progress = Progress(1, 10, 32, mode)
        progress.begin_epoch(1)
        with monkeypatch.context() as patch:
            patch.setattr(progress_module, "perf_counter", forbidden)
            progress.step(forbidden)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599.7, "1 h 00 min"),
     (90000, "25 h 00 min")],
)  # fmt: skip
def test_times_in_words(seconds, words):
    assert duration(seconds) == words


def test_names_in_a_notebook_are_escaped():
    from coursekit.training.record.progress_views import Notebook

    view, contents = Notebook(10), []
    view._handle = type("H", (), {"update": lambda _, content, raw: contents.append(content)})()
    view.say("model: <b>mine</b>")
    view.result({"epoch": 1, "<i>": 0.5}, "epoch 1")
    view.close("<script>")
    html = contents[-1]["text/html"]
    assert "<b>" not in html and "<i>" not in html and "<script>" not in html


def test_importing_it_draws_in_nothing_heavy():
    code = textwrap.dedent("""
        import sys
        from coursekit.training.record.progress import Progress
        progress = Progress(1, 1, 1, "lines")
        progress.begin_epoch(1)
        print([m for m in ("tqdm", "torch", "IPython", "matplotlib") if m in sys.modules])
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_fit_is_silent_where_outputs_are_stored_and_plain_in_logs(capsys, monkeypatch):
    import torch

    from coursekit.training import fit

    data, new = ((torch.rand(40, 1, 8, 8), torch.arange(40) % 4) for _ in range(2))

    def train(**arguments):
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 4))
        return fit(model, data, new, epochs=2, batch_size=20, seed=0, device="cpu", **arguments)

    history = train()
    begun, *lines = capsys.readouterr().out.splitlines()
    assert begun.startswith("device: cpu (") and "batch 20; 40 images, 2 steps an epoch" in begun
    assert [line.split("  images/s")[0][:10] for line in lines] == ["epoch 1/2 ", "epoch 2/2 "]
    assert f"test accuracy {history.final['test_accuracy']:.3f}" in lines[-1]
    train(progress=False)
    monkeypatch.setenv("COURSEKIT_HEADLESS", "1")
    train()
    assert capsys.readouterr() == ("", "")
