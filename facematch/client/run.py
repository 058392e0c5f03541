"""Where a call stands in a labelled run; its row in the log says so."""

from dataclasses import dataclass

from facematch.log import Draft


@dataclass(frozen=True, slots=True)
class RunItem:
    """One item of a run; ``run_id`` and ``item_id`` together occur once in a log."""

    run_id: str
    item_id: str
    mated: bool | None  # do both photos show one person? None: not known


def mark(draft: Draft, run: RunItem | None) -> None:
    """Fill in the row's columns."""
    if run is not None:
        draft.run_id, draft.item_id = run.run_id, run.item_id
        draft.label = None if run.mated is None else int(run.mated)
