"""Volumes, pooling and softmax in JupyterLab: page and kernel in step."""

import nbformat
from lab_harness import kernel_says, open_notebook, run_all, run_code
from nbformat.v4 import new_code_cell, new_notebook

SOURCE = """from coursekit.widgets import PoolingExplorer, SoftmaxExplorer, VolumeExplorer
volume, pooling, softmax = VolumeExplorer(), PoolingExplorer(), SoftmaxExplorer(compare=True)
volume"""


def test_page_and_kernel_stay_in_step(page, lab, lab_root, violations):
    book = new_notebook(cells=[new_code_cell(text) for text in (SOURCE, "pooling", "softmax")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab_root / "three.ipynb")
    open_notebook(page, lab, "three.ipynb")
    run_all(page)
    page.locator(".ck-softmax").wait_for()

    volume, pooling, softmax = (
        page.locator(f".ck-{kind}") for kind in ("volume", "pooling", "softmax")
    )
    volume.get_by_role("button", name="Step by step").click()
    volume.get_by_role("button", name="Next number").click()
    volume.get_by_label("Bias").fill("5")
    volume.get_by_label("Bias").press("Enter")
    volume.get_by_label("Filters").fill("3")
    volume.get_by_label("Filters").press("Enter")
    seen = "print(volume.w.shape, volume.b.tolist(), volume.output[0, 0, 0], volume.step)"
    kernel_says(page, seen, "(3, 3, 3, 3) [5.0, 0.0, 0.0] 6.0 0")
    run_code(page, "volume.step = 4; volume.stride = 1")
    page.wait_for_function("document.querySelector('.ck-volume .ck-total').innerText === '= 6'")
    assert volume.get_by_label("Stride").input_value() == "1"

    pooling.get_by_label("Shifted image, ").focus()
    page.keyboard.press("ArrowRight")
    pooling.get_by_label("Pooling").select_option("average")
    kernel_says(page, "print(pooling.shift, pooling.mode, *pooling.changed)", "[0, 1] average 14 4")
    run_code(page, "pooling.shift = (0, 0)")
    page.wait_for_function(
        "document.querySelector('.ck-pooling .ck-sharetext').innerText.startsWith('0 of 16')"
    )

    softmax.get_by_label("Network 2, picture 3").click()
    softmax.get_by_label("Score of dog, as a number").fill("0")
    softmax.get_by_label("Score of dog, as a number").press("Enter")
    seen = (
        "print(softmax.chosen, softmax.target, softmax.scores.round(3), *softmax.errors.round(2))"
    )
    kernel_says(page, seen, "[1, 2] 0 [ 0.    -0.105] 0.33 0.0")
    run_code(page, "softmax.compare = False\nsoftmax.scores = [0, 3]\nsoftmax.target = 1")
    page.wait_for_function(
        "document.querySelector('.ck-softmax .ck-loss').innerText.endsWith('= 0.049')"
    )
    assert softmax.get_by_role("radio", name="cat").is_checked()
    assert violations(page) == []
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []
