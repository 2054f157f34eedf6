"""The kernel playground: its arithmetic against coursekit.scratch, and students' pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from coursekit.scratch import KERNELS, filter_image
from coursekit.widgets import KernelPlayground
from coursekit.widgets.base import script


def as_page(image):
    return {"rows": image.shape[0], "columns": image.shape[1], "grey": image.ravel().tolist()}


def test_sums_and_bytes_are_those_of_scratch(page):
    rng = np.random.default_rng(4)
    cases = []
    for _ in range(60):
        image = rng.integers(0, 256, rng.integers(1, 20, 2)).astype(np.uint8)
        # Eighths are exact in binary, so that halves are halves on both sides.
        kernel = rng.integers(-16, 17, 2 * rng.integers(0, 4, 2) + 1) / 8
        cases.append((image, kernel))
    page.goto("about:blank")
    results = page.evaluate(
        """async ([source, cases]) => {
          const file = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          const { slidingSums, viewed, pixelTerms } = await import(file);
          return cases.map(([image, kernel]) => {
            const sums = slidingSums(image, kernel);
            const last = pixelTerms(image, kernel, image.rows - 1, image.columns - 1);
            return [[...sums], [...viewed(sums, 'clipped')], last.map(({product}) => product)];
          }); }""",
        [script("kernel_playground"), [[as_page(i), k.tolist()] for i, k in cases]],
    )
    for (image, kernel), (sums, clipped, last) in zip(cases, results, strict=True):
        up, left = (n // 2 for n in kernel.shape)
        padded = np.pad(image.astype(float), ((up, up), (left, left)), mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
        want = (windows * kernel).sum(axis=(2, 3))
        np.testing.assert_allclose(np.reshape(sums, image.shape), want, atol=1e-9)
        assert np.reshape(clipped, image.shape).tolist() == filter_image(image, kernel).tolist()
        assert sum(last) == pytest.approx(want[-1, -1])


def test_the_kernels_of_its_menu_are_those_of_the_course(show):
    page = show(KernelPlayground(np.arange(64).reshape(8, 8)))
    menu = page.get_by_label("Kernel", exact=True)
    names = menu.evaluate("node => [...node.options].map(o => o.value).filter(Boolean)")
    assert len(names) >= 12 and set(names) <= set(KERNELS)


def spoken(page):
    return page.get_by_role("status").inner_text()


def choose(page, image, name="mine.png"):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    picture = {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}
    page.get_by_label("A picture of your own").set_input_files(picture)


def test_a_picture_of_the_student_is_filtered_and_never_leaves_the_page(show):
    page = show(KernelPlayground(np.zeros((8, 8)), KERNELS["box"]))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    colours = np.zeros((40, 60, 3), dtype=np.uint8)
    colours[:, 30:] = (90, 60, 30)  # a mean of 60
    choose(page, colours)
    page.get_by_text("Your picture, 40 × 60").wait_for()
    assert "stays in this browser" in page.locator(".ck-stays").inner_text()
    page.get_by_label("Kernel", exact=True).select_option("sobel_x")
    result = page.locator(".ck-board[tabindex]")
    result.focus()
    result.press("ArrowLeft")
    assert spoken(page) == "Row 20, column 29: sum 240, shown as 240."
    # Nothing went anywhere, and nothing of it is kept where a page can keep things.
    assert [url for url in asked if not url.startswith("blob:")] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    page.get_by_label("Picture", exact=True).select_option("given")
    assert "Picture, 8 × 8" in page.locator(".ck-playground").inner_text()


def test_no_trait_holds_a_picture_of_the_student():
    names = set(KernelPlayground().traits(page=True))
    assert names == {"image", "kernel", "view"}


def test_a_large_picture_is_made_smaller_and_what_is_none_is_refused(show):
    page = show(KernelPlayground(np.zeros((8, 8))))
    choose(page, np.zeros((300, 600, 3), dtype=np.uint8))
    page.get_by_text("Your picture, 128 × 256").wait_for()
    page.get_by_label("A picture of your own").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
    )
    page.get_by_text("“notes.txt” could not be read as a picture.").wait_for()
    assert "Your picture, 128 × 256" in page.locator(".ck-playground").inner_text()


def test_where_there_is_no_camera_it_says_why(own_context, page, show):
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    show(KernelPlayground(np.zeros((8, 8))))
    page.get_by_role("button", name="Use the camera").click()
    assert "served securely" in page.get_by_role("alert").inner_text()


def test_the_camera_is_filtered_live_and_stopped(own_context, page, show):
    # A camera of our own: a canvas that is white on its right half.
    page.add_init_script(
        """navigator.mediaDevices ??= {};
        Object.defineProperty(window, 'isSecureContext', {value: true});
        Object.defineProperty(navigator, 'mediaDevices', {value: { async getUserMedia() {
          const canvas = document.createElement('canvas'); canvas.width = 64; canvas.height = 32;
          const pen = canvas.getContext('2d');
          const paint = () => { pen.fillStyle = '#000'; pen.fillRect(0, 0, 32, 32);
            pen.fillStyle = '#fff'; pen.fillRect(32, 0, 32, 32); requestAnimationFrame(paint); };
          paint();
          return window.stream = canvas.captureStream(30); } }});"""
    )
    show(KernelPlayground(np.zeros((8, 8)), [[1]]))
    page.get_by_role("button", name="Use the camera").click()
    page.get_by_text("Your picture, 32 × 64").wait_for()
    page.get_by_role("button", name="Keep this picture").click()
    assert page.evaluate("window.stream.getTracks().every(track => track.readyState === 'ended')")
    result = page.locator(".ck-board[tabindex]")
    result.press("End")
    bright = int(spoken(page).split("shown as ")[1].rstrip("."))
    result.press("Home")
    dark = int(spoken(page).split("shown as ")[1].rstrip("."))
    assert bright > 230 and dark < 25


def test_the_play_tasks_of_its_documentation(show):
    page = show(KernelPlayground([[10, 200, 90], [10, 200, 90], [10, 200, 90]]))
    result = page.locator(".ck-board[tabindex]")
    result.press("End")
    assert spoken(page) == "Row 1, column 2: sum −440, shown as 0."
    page.get_by_label("Shown").select_option("signed")
    assert spoken(page).endswith("sum −440, shown as 0.")
    result.press("Home")
    assert spoken(page) == "Row 1, column 0: sum 760, shown as 255."
    for row in range(3):
        for column in range(3):
            box = page.get_by_label(f"Weight in row {row}, column {column}")
            box.fill("1")
            box.press("Enter")
    assert "even areas become 9 times as bright" in page.locator(".ck-playground").inner_text()
    page.get_by_role("button", name="Divide by the sum").click()
    assert page.get_by_label("Kernel", exact=True).input_value() == "box"
