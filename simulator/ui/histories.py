"""Histories that the desk reads from uploaded files, and fits of scenarios to them: errands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.files.workbook import sheet_titles
from simulator.history.fitted_scenario import fit_history
from simulator.history.importing.uploads import history_of_uploads, text_of
from simulator.language import speaking
from simulator.ui.errands import Errand, Errands

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date

    from simulator.history.fitted_scenario import FittedScenario, Wishes
    from simulator.history.importing.imported import Imported
    from simulator.history.importing.mapping_file import HistoryMapping
    from simulator.history.importing.uploads import Upload
    from simulator.ui.turns import Turns

MOST_BYTES = 1 << 28
"""Of histories kept, and of fits; the last one of each is kept in any case."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one form."""

    uploads: tuple[Upload, ...]
    digests: tuple[str, ...]
    sheets: tuple[str, ...]
    """Of the first one, if it is a workbook."""

    @classmethod
    def of(cls, uploads: tuple[Upload, ...]) -> Files:
        """These files."""
        first = uploads[0]
        return cls(uploads, tuple(upload.digest for upload in uploads), sheet_titles(first.name, first.content))


@dataclass(frozen=True, slots=True)
class FilesQuestion:
    """What is to be read."""

    files: Files
    mapping: HistoryMapping
    language: str
    """In which it is said what is wrong."""

    @property
    def key(self) -> Hashable:
        """All that the history follows from."""
        return self.files.digests, text_of(self.files.uploads, self.mapping)


@dataclass(frozen=True, eq=False)
class Read:
    """The history in the files."""

    history: Imported

    @property
    def nbytes(self) -> int:
        """Bytes of memory that its tables take."""
        return sum(_bytes_of(self.history.table(kind)) for kind in self.history.kinds)


class Reading(Errand[FilesQuestion, Read]):
    """Files being read."""

    def _done(self) -> Read:
        with speaking(self.question.language):
            return Read(history_of_uploads(self.question.files.uploads, self.question.mapping))


class Readings(Errands[FilesQuestion, Reading]):
    """Histories of all sessions."""

    def __init__(self, most_bytes: int = MOST_BYTES, turns: Turns | None = None) -> None:
        super().__init__(Reading, "read", most_bytes, turns)


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """What a scenario is to be fitted to."""

    history: Imported
    of: Hashable
    """All that the history follows from."""
    wishes: Wishes
    days: tuple[date, date]
    play: bool
    """Whether the scenario is played until customers wait as they did."""
    language: str
    """In which it is said why nothing can be fitted; the scenario is in the words of its file."""

    @property
    def key(self) -> Hashable:
        """All that the fit follows from."""
        return self.of, self.wishes, self.days, self.play


@dataclass(frozen=True, eq=False)
class Fit:
    """A scenario, and what it rests on."""

    fitted: FittedScenario
    seconds: float

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        return _bytes_of(self.fitted)


class Fitting(Errand[FitQuestion, Fit]):
    """A scenario being fitted."""

    def __init__(self, question: FitQuestion) -> None:
        super().__init__(question)
        self.stage = ""
        """What is being done, as `fit_history` tells it."""

    def _done(self) -> Fit:
        asked = self.question
        with speaking(asked.language):
            fitted = fit_history(asked.history, asked.wishes, asked.days, play=asked.play, on_stage=self._saw)
        self._go_on()
        return Fit(fitted, self.seconds)

    def _saw(self, stage: str) -> None:
        self._go_on()
        self.stage = stage


class Fittings(Errands[FitQuestion, Fitting]):
    """Fits of all sessions."""

    def __init__(self, most_bytes: int = MOST_BYTES, turns: Turns | None = None) -> None:
        super().__init__(Fitting, "fit", most_bytes, turns)


def _bytes_of(value: object) -> int:
    """Bytes of all arrays within a value."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if is_dataclass(value):
        return sum(_bytes_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return sum(map(_bytes_of, value.values()))
    return sum(map(_bytes_of, value)) if isinstance(value, tuple | list) else 0
