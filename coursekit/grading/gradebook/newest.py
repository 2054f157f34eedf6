"""Which attempts count: everybody's newest."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer, joinedload

from coursekit.grading.gradebook.tables import Attempt, Run


def newest_attempts(
    session: Session, set_name: str, before: int | None = None
) -> dict[str, Attempt]:
    """Return everybody's newest attempt at a set, those of a run and later ones left out.

    Its `result` is read from the file only when it is asked for.
    """
    latest = latest_runs(set_name, before).subquery()
    rows = session.scalars(
        select(Attempt)
        .join(
            latest,
            (Attempt.student_id == latest.c.student_id) & (Attempt.run_id == latest.c.run_id),
        )
        .options(defer(Attempt.result), joinedload(Attempt.student))
    )
    return {attempt.student.key: attempt for attempt in rows}


def latest_runs(set_name: str, before: int | None = None) -> Select[int, int]:
    """Select which run graded each student last."""
    wanted = (
        select(Attempt.student_id, func.max(Attempt.run_id).label("run_id"))
        .join(Attempt.run)
        .where(Run.set_name == set_name)
        .group_by(Attempt.student_id)
    )
    return wanted if before is None else wanted.where(Attempt.run_id < before)
