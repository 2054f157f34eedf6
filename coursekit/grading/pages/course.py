"""The course's pages and table: everybody's total, and how it comes about."""

from collections.abc import Iterator, Mapping, Sequence

from coursekit.grading.gradebook.course import Part, Total, TotalRules
from coursekit.grading.pages.classfacts import distribution, final_points
from coursekit.grading.pages.exports import Cell
from coursekit.grading.pages.feedback import page_environment


def worth_of(totals: Sequence[Total]) -> dict[str, float]:
    """Return what each set is worth."""
    found: dict[str, float] = {}
    for one in totals:
        for part in one.parts:
            most = part.mark.max_points if part.mark is not None else 0.0
            found[part.set_name] = max(most, found.get(part.set_name, 0.0))
    return found


def course_page(
    totals: Sequence[Total], rules: TotalRules, *, source: str = "", hidden: bool = False
) -> str:
    """Return the instructor's page over the whole course as HTML without scripts.

    Parameters
    ----------
    totals
        Everybody's, in the order of names.
    rules
        What the totals are made of.
    source
        Where these rules come from, in a sentence.
    hidden
        True: the students have aliases here, and their pages are not linked.
    """
    worth = worth_of(totals)
    finals, said = final_points([one.as_mark() for one in totals], rules.points)
    return (
        page_environment()
        .get_template("course.html")
        .render(
            totals=totals,
            sets=list(worth),
            worth=worth,
            rules=rules,
            source=source,
            said=said,
            hidden=hidden,
            named=any(one.name and not one.student.startswith(one.name) for one in totals),
            cell=_cell,
            distribution=distribution(finals, rules.points),
            orders={
                "name": totals,
                "total": sorted(totals, key=lambda t: -1.0 if t.points is None else t.points),
            },
        )
    )


def total_page(one: Total, rules: TotalRules, worth: Mapping[str, float]) -> str:
    """Return a student's page over the whole course as HTML without scripts."""
    page = page_environment().get_template("total.html")
    return page.render(one=one, rules=rules, worth=worth)


def totals_table(totals: Sequence[Total]) -> Iterator[list[Cell]]:
    """Give the rows of ``totals.csv``: one student a line, with a column for each set."""
    sets = list(worth_of(totals))
    head: list[Cell] = ["student", "name", "number", "email", "total", "max_points"]
    yield [*head, *sets, "excused", "dropped", "open"]
    for one in totals:
        left = {
            why: " ".join(part.set_name for part in one.parts if part.left_out == why)
            for why in ("excused", "dropped")
        }
        row: list[Cell] = [one.student, one.name, one.number, one.email, one.points]
        row.append(one.max_points)
        row += [None if part.mark is None else part.mark.final for part in one.parts]
        yield [*row, left["excused"], left["dropped"], " ".join(one.unmarked)]


def _cell(part: Part) -> str:
    """Return what stands for a set in a student's row."""
    if part.left_out == "excused":
        return "excused"
    if part.mark is None or part.mark.final is None:
        shown = "none"
    else:
        shown = f"{round(part.mark.final, 2):g}" + (", open" if part.mark.unmarked else "")
    return f"({shown})" if part.left_out else shown
