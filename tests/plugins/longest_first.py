"""The files that take longest come first, so that two workers end at about the same time.

A file that is not named here is short. What is named and gone does no harm.
"""

import pytest

# By seconds of the processor, the longest first: one list for each step with two workers.
NOTEBOOKS = (
    "lessons/11_training_loop.ipynb",
    "lessons/10_fashion_mnist_keras.ipynb",
    "solutions/12_lenet.ipynb",
    "lessons/12_lenet.ipynb",
    "lessons/21_capstone.ipynb",
    "solutions/21_capstone.ipynb",
    "solutions/11_training_loop.ipynb",
    "lessons/04_kernels.ipynb",
    "lessons/17_augmentation.ipynb",
    "lessons/16_looking_inside.ipynb",
    "lessons/15_resnet.ipynb",
    "solutions/10_fashion_mnist_keras.ipynb",
    "lessons/18_transfer_learning.ipynb",
    "lessons/19_backpropagation.ipynb",
    "lessons/",
    "solutions/",
)
# JupyterLab, which these share, is started by one worker alone.
IN_JUPYTERLAB = (
    "tests/browser/test_lab_widgets.py",
    "tests/browser/test_widgets_lab.py",
    "tests/browser/test_lessons.py",
    "tests/browser/test_descent_lab.py",
)
BROWSER = (
    *IN_JUPYTERLAB,
    "tests/browser/test_site.py",
    "tests/browser/test_every_widget.py",
    "tests/browser/test_review_page.py",
    "tests/browser/test_descent_page.py",
    "tests/browser/test_explorer_page.py",
    "tests/browser/test_answers_page.py",
    "tests/browser/test_volume_page.py",
    "tests/browser/test_three_explorers.py",
)
UNITS = (
    "tests/checks/test_wrong_answers.py",
    "tests/security/test_security_users.py",
    "tests/test_extras.py",
    "tests/checks/test_torch_training.py",
    "tests/course/test_new.py",
    "tests/checks/test_augmentation.py",
    "tests/grading/test_killed_grader.py",
    "tests/checks/test_beginners.py",
    "tests/checks/test_torch_blocks.py",
    "tests/grading/test_grade_command.py",
    "tests/checks/test_torch_lenet.py",
    "tests/site/",
    "tests/learn/test_lab.py",
    "tests/training/test_processes.py",
    "tests/course/test_build.py",
    "tests/grading/test_nbgrader.py",
    "tests/figures/test_figures.py",
    "tests/security/test_security_ends.py",
    "tests/security/test_security_neighbours.py",
    "tests/datasets/test_datasets_real.py",
    "tests/checks/test_three_steps.py",
    "tests/checks/test_dropout.py",
    "tests/notebooks/test_frontend.py",
    "tests/runs/test_full_run.py",
    "tests/learn/test_keras_settings.py",
    "tests/notebooks/test_committed.py",
    "tests/checks/test_torch_transfer.py",
    "tests/checks/test_torch_messages.py",
    "tests/grading/test_course_totals.py",
    "tests/review/test_decisions.py",
    "tests/grading/test_similar.py",
    "tests/grading/test_question_set.py",
    "tests/benchmarks/",
    "tests/security/test_security_traces.py",
    "tests/course/test_release.py",
    "tests/security/test_security_replies.py",
    "tests/project/test_openings.py",
    "tests/checks/test_right_answers.py",
)
LONGEST = (*NOTEBOOKS, *BROWSER, *UNITS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give a worker a file at a time, and all that needs JupyterLab together."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return IN_JUPYTERLAB[0] if file in IN_JUPYTERLAB else file

    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: place(item.nodeid))


def place(nodeid):
    """Where in the list a test's file stands; files that are not in it come last."""
    return next((n for n, start in enumerate(LONGEST) if nodeid.startswith(start)), len(LONGEST))
