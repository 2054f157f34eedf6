"""Grading one submission: its cells are run, then each of its functions is asked."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from coursekit.checks.engine.spec import Exercise
from coursekit.grading.judging import outcome
from coursekit.grading.judging.function_outcomes import (
    for_a_person,
    not_there,
    nothing,
    outcome_of,
)
from coursekit.grading.judging.judge import Judge
from coursekit.grading.judging.outcome import FailedCell, FunctionOutcome, Outcome
from coursekit.grading.reading.grading_set import GradingSet
from coursekit.grading.reading.library_work import handed_over, redefined
from coursekit.grading.sandbox.asking import Asker, plain_text
from coursekit.grading.sandbox.limits import Limits
from coursekit.grading.sandbox.process import Ending, Gone, StudentProcess
from coursekit.grading.sandbox.worker import Worker
from coursekit.notebooks.cell_facts import cell_facts, imported_modules
from coursekit.notebooks.open_answers import OpenAnswer, open_answers
from coursekit.notebooks.reading import Cell, Event, Unreadable, read_notebook

_MOST_OUTPUT = 64_000  # characters that a cell may print without it being mentioned
_MOST_EVENTS = 50
_MOST_LACKS = 5  # statements of a cell that were left out, told one by one
_MOST_TEXT = 1000
_MOST_CODE = 20_000  # characters of a function's cell that are kept for the pages
_MOST_LINES = 10_000_000


@dataclass
class _Run:
    """What is known so far of one submission."""

    student: str
    events: list[Event]
    status: str = outcome.GRADED
    first_failed: FailedCell | None = None
    functions: dict[str, FunctionOutcome] = field(default_factory=dict)
    cells: Sequence[Cell] = ()
    answers: tuple[OpenAnswer, ...] = ()

    def note(self, code: str, detail: str) -> None:
        """Keep an event, once."""
        event = Event(code, detail[:_MOST_TEXT])
        if event not in self.events and len(self.events) < _MOST_EVENTS:
            self.events.append(event)


class SubmissionGrader:
    """Grades submissions of one set with one worker.

    Parameters
    ----------
    asked
        The set.
    worker
        Where students' code runs.
    judge
        Knows what is asked and what is right.
    limits
        What a submission may use.
    isolated
        False where the worker has no sandbox.
    strict
        True: a function that leaves its work to a library earns nothing.
    """

    def __init__(
        self,
        asked: GradingSet,
        worker: Worker,
        judge: Judge,
        limits: Limits,
        isolated: bool = True,
        strict: bool = False,
    ) -> None:
        self._set, self._worker, self._judge = asked, worker, judge
        self._limits, self._isolated, self._strict = limits, isolated, strict

    def outcome(self, student: str, content: bytes) -> Outcome:
        """Return what comes of one submission, whatever it holds and does.

        Raises
        ------
        SandboxError
            When there is no sandbox to be had any more.
        """
        begin = time.monotonic()
        try:
            notebook = read_notebook(content)
        except Unreadable as problem:
            run = _Run(student, [problem.event], outcome.UNREADABLE)
            return self._outcome(run, begin)
        answers = open_answers(content, self._set.open_questions)
        run = _Run(student, list(notebook.events), cells=notebook.cells, answers=answers)
        if notebook.source and notebook.source != self._set.name:
            run.note("wrong_set", f"the notebook says that it is {notebook.source}")
        names = [exercise.name for exercise in self._set.exercises]
        for name, numbers in redefined(notebook.cells, names).items():
            cells = ", ".join(map(str, numbers))
            run.note("redefined", f"{name} is defined in code cells {cells}; the last counts")
        chosen, _ = self._set.selection.choose(notebook.cells)
        if chosen:
            self._asked_until_done(run, chosen)
        for exercise in self._set.exercises:
            self._handed_over(run, exercise, notebook.cells)
        if copied := ", ".join(self._set.copied(notebook.cells)):
            run.note("same_as_solution", f"{copied}: the same code as the course's own")
        return self._outcome(run, begin)

    def _handed_over(self, run: _Run, exercise: Exercise, cells: Sequence[Cell]) -> None:
        """Remark that a library does the work; take the points where that is wanted."""
        function = run.functions.get(exercise.name)
        libraries = handed_over(cells, exercise.name)
        if function is None or exercise.prepare or not libraries or not function.attempted:
            return  # an exercise that prepares a library asks for its use
        remark = f"It leaves the work to {', '.join(libraries)}."
        run.note("library_does_the_work", f"{exercise.name}: {', '.join(libraries)}")
        if self._strict and function.points:
            remark += " That earns no points here: write it yourself."
            function = replace(
                function,
                points=0.0,
                passed=False,
                checks=tuple(replace(c, passed=False, message=remark) for c in function.checks),
                message=f"{function.message}\n{remark}",
                html=f"{function.html}<p>{escape(remark)}</p>",
            )
        run.functions[exercise.name] = replace(function, remarks=(*function.remarks, remark))

    def _asked_until_done(self, run: _Run, cells: list[Cell]) -> None:
        """Run the cells and ask every function; begin again where the process ends on the way."""
        waiting = list(self._set.exercises)
        modules = [name for cell in cells for name in imported_modules(cell.source)]
        second_chance = True
        while waiting:
            with self._worker.submission(modules) as process:
                lost = self._run_cells(run, process, cells)
                before = len(waiting)
                if lost is None:
                    self._ask(run, process, waiting)
            if lost is not None:
                self._ended_in(run, lost, process.ending)
                if not second_chance:
                    return
                second_chance = False
                cells = [cell for cell in cells if cell is not lost[0]]
            elif len(waiting) == before:  # cannot be, and must not go on for ever
                return

    def _run_cells(
        self, run: _Run, process: StudentProcess, cells: list[Cell]
    ) -> tuple[Cell, Gone] | None:
        """Run all cells; return the one that ended the process, None where none did."""
        reports = process.run_cells([cell.source for cell in cells])
        for cell in cells:
            try:
                said = next(reports)
            except Gone as gone:
                return cell, gone
            self._heard(run, cell, said)
        return None

    def _heard(self, run: _Run, cell: Cell, said: dict[str, Any]) -> None:
        """Keep what a cell is said to have come to."""
        if said.get("late") is True:
            run.status = outcome.TIMEOUT
            limit = self._limits.all_cells
            run.note("notebook_timeout", f"not all cells could be run in {limit:g} seconds")
            return
        written = said.get("written")
        if type(written) is int and _MOST_OUTPUT < written < 10**15:
            run.note("output_cut", f"code cell {cell.number} printed {written:,} characters")
        lacks = said.get("lacks")
        for one in lacks[:_MOST_LACKS] if isinstance(lacks, list) else ():
            if isinstance(one, dict):
                left_out = _failed(cell, one)
                run.note("left_out", f"{left_out}; this statement was left out, the rest was run")
                run.first_failed = run.first_failed or left_out
        error = said.get("error")
        if said.get("ok") is True or not isinstance(error, dict):
            return
        failed = _failed(cell, error)
        kind = failed.error
        if kind == "CellTimeout":
            run.status = outcome.TIMEOUT
            failed = replace(failed, text="stopped at the limit of time")
            run.note("cell_timeout", str(failed))
        elif kind == "MemoryError" or "can't allocate memory" in failed.text:
            run.status = outcome.OUT_OF_MEMORY
            run.note("cell_out_of_memory", str(failed))
        elif kind in ("SyntaxError", "IndentationError", "TabError"):
            run.note("syntax_error", str(failed))
        else:
            run.note("cell_failed", str(failed))
        run.first_failed = run.first_failed or failed

    def _ended_in(self, run: _Run, lost: tuple[Cell, Gone], ending: Ending) -> None:
        """Keep that a cell ended the process."""
        cell, gone = lost
        kind, text = gone.kind, gone.detail
        if ending.out_of_memory:
            kind, text = outcome.OUT_OF_MEMORY, "it used up the memory"
        run.status = kind
        code = {outcome.TIMEOUT: "cell_timeout", outcome.OUT_OF_MEMORY: "cell_out_of_memory"}
        run.note(code.get(kind, "cell_ended_process"), f"code cell {cell.number}: {text}")
        run.first_failed = run.first_failed or FailedCell(cell.number, "ProcessEnded", text, 0)

    def _ask(self, run: _Run, process: StudentProcess, waiting: list[Exercise]) -> None:
        """Ask one function after another; what has been asked is taken out of `waiting`."""
        names = [exercise.name for exercise in waiting]
        fresh = True
        try:
            kinds = process.kinds(names)
        except Gone:
            kinds = dict.fromkeys(names, "function")
        for exercise in list(waiting):
            if kinds[exercise.name] != "function":
                self._not_there(run, exercise, kinds[exercise.name])
                waiting.remove(exercise)
                continue
            try:
                with process.function(exercise.name, last=len(waiting) == 1) as channel:
                    asker = Asker(channel, exercise, self._limits, process.tasks)
                    run.functions[exercise.name] = self._judged(run, exercise, asker)
                waiting.remove(exercise)
                fresh = False
            except Gone as gone:
                if fresh:  # nothing was asked before in this process
                    waiting.remove(exercise)
                    run.note("function_lost", f"{exercise.name} could not be asked: {gone.detail}")
                    run.functions[exercise.name] = nothing(exercise, "it could not be asked")
                else:
                    run.note("asked_again", f"the process had ended before {exercise.name}")
                return

    def _not_there(self, run: _Run, exercise: Exercise, kind: str) -> None:
        """Keep that a name stands for nothing, or for something else."""
        if kind == "missing":
            run.note("missing_function", f"{exercise.name} is not defined")
        else:
            run.note("not_a_function", f"{exercise.name} is {kind}")
        run.functions[exercise.name] = not_there(exercise, kind, run.first_failed)

    def _judged(self, run: _Run, exercise: Exercise, asker: Asker) -> FunctionOutcome:
        """Ask a function and judge it; nothing that it replies can stop the grading."""
        try:
            judged = self._judge.judged(exercise, run.student, asker)
            found = outcome_of(exercise, judged, asker.seconds)
        except Exception as error:
            run.note("not_judged", f"{exercise.name}: {type(error).__name__}")
            return nothing(exercise, "what it gives could not be judged")
        kind = judged.verdict.kind
        if asker.ended == "timeout" or kind == "stopped":
            run.note("function_timeout", f"{exercise.name} was still running at the limit")
        elif asker.ended == "crashed":
            run.note("function_ended_process", f"{exercise.name} ended its process")
        elif asker.ended:
            run.note("odd_reply", f"{exercise.name} sent something that is not a result")
        return found

    def _outcome(self, run: _Run, begin: float) -> Outcome:
        written = {name: cell for cell in run.cells for name in cell_facts(cell.source).defines}
        functions = tuple(
            replace(
                run.functions.get(exercise.name) or nothing(exercise, ""),
                code=written[exercise.name].source[:_MOST_CODE] if exercise.name in written else "",
            )
            for exercise in self._set.exercises
        )
        parts = tuple(for_a_person(one, run.answers) for one in self._set.marked_questions)
        return Outcome(
            run.student,
            run.status,
            (*functions, *parts),
            tuple(run.events),
            time.monotonic() - begin,
            run.first_failed,
            self._isolated,
            answers=run.answers,
        )


def _failed(cell: Cell, error: dict[str, Any]) -> FailedCell:
    """Return what is said of an error in a cell, cleaned of all that is no plain text."""
    line = error.get("line")
    return FailedCell(
        cell.number,
        plain_text(error.get("type"))[:80] or "Error",
        plain_text(error.get("text")),
        line if type(line) is int and 0 < line < _MOST_LINES else 0,
        plain_text(cell.heading),
    )
