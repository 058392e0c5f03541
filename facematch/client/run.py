"""Where a call stands in a labelled run; its row in the log says so."""

from dataclasses import dataclass

from facematch.log import Draft


@dataclass(frozen=True, slots=True)
class RunItem:
    """One item of a run; ``run_id`` and ``item_id`` together occur once in a log."""

    run_id: str
    item_id: str
    mated: bool | None  # do both photos show one person? None: not known

    def mark(self, draft: Draft) -> None:
        """Fill in the row's columns."""
        draft.run_id, draft.item_id = self.run_id, self.item_id
        draft.label = None if self.mated is None else int(self.mated)
