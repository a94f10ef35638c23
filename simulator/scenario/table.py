"""The base of the models in `document`: strict tables whose errors come out all at once and in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from simulator.scenario.errors import Problem, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic_core import ErrorDetails

_MUST_BE = {
    "bool_type": "true or false",
    "dict_type": "a table",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "int_type": "a whole number, without quotes",
    "list_type": "a list, in brackets",
    "model_type": "a table",
    "string_type": "text, in quotes",
}
_MOST_ERRORS = 100
"""Of one table; a file with more of them is no scenario, and every hint takes time."""

_LIMITS = {"ge": "at least", "le": "at most"}


def _title(model: type) -> str:
    """What a table is called where editors and docs show it: "ChannelTopicTable" as "Channel topic"."""
    words = re.sub("([A-Z])", r" \1", model.__name__.removesuffix("Table"))
    return words.strip().capitalize()


class Table(BaseModel):
    """A table of the scenario file: every field known, nothing converted that is not meant to be."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, validate_default=True, model_title_generator=_title
    )

    def findings(self) -> Iterator[Problem]:
        """What is wrong between the fields of this table, each with its path from here."""
        return iter(())

    @model_validator(mode="after")
    def _raise_findings(self) -> Self:
        if found := list(self.findings()):
            raise _validation_error(type(self).__name__, found)
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _explain(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Say of an unknown or missing field what this table does take."""
        try:
            return handler(data)
        except ValidationError as error:
            shown_errors = error.errors()[:_MOST_ERRORS]
            raise _validation_error(cls.__name__, [cls._explained(item) for item in shown_errors]) from None

    @classmethod
    def _explained(cls, error: ErrorDetails) -> Problem:
        problem = _problem(error)
        if len(problem.field) != 1:
            return problem
        name = problem.field[0]
        if error["type"] == "extra_forbidden":
            message = (
                f"This field is unknown.{_hint(name, cls.model_fields)} Allowed here: {', '.join(cls.model_fields)}."
            )
            return Problem(message, (name,), problem.value)
        if error["type"] == "missing":
            return Problem(f"This field is missing. What it means: {cls.model_fields[name].description}", (name,))
        return problem


def problems_of(error: ValidationError) -> list[Problem]:
    """What a failed validation of a `Table` found; each field is a path from that table."""
    return [_problem(item) for item in error.errors()]


def _validation_error(title: str, problems: Iterable[Problem]) -> ValidationError:
    details = [
        InitErrorDetails(
            type=PydanticCustomError("said", "{message}", {"message": problem.message}),
            loc=problem.field,
            input=problem.value,
        )
        for problem in problems
    ]
    return ValidationError.from_exception_data(title, details)


def _problem(error: ErrorDetails) -> Problem:
    # Pydantic's own steps in a path: the form of a table that has several, by our tags "<...>", and "[key]".
    steps = [str(step) for step in error["loc"]]
    field = tuple(step for step in steps if step != "[key]" and not step.startswith("<"))
    return Problem(_message(error), field, error["input"])


def _message(error: ErrorDetails) -> str:
    """Put one of Pydantic's errors in plain words; "said" is one that has been already."""
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "said":
        return str(context["message"])
    if kind == "value_error":
        return str(context["error"])
    if kind in _MUST_BE:
        return f"This must be {_MUST_BE[kind]}."
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"This must be {' and '.join(f'{_LIMITS[sign]} {limit}' for sign, limit in context.items())}."
    if kind == "literal_error":
        allowed = re.findall("'([^']*)'", str(context["expected"]))
        return f"Allowed are {', '.join(map(shown, allowed))}.{_hint(str(error['input']), allowed)}"
    if kind == "too_short":
        return "This must not be empty."
    if kind == "too_long":
        return f"This has {context['actual_length']} entries; at most {context['max_length']} are allowed."
    return f"{error['msg']}."


def _hint(word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f' Did you mean "{near}"?' if near else ""
