"""The contracts that a page offers: those beside the scenarios, and those that this session has opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from simulator.scenario import ScenarioError, read_upload
from simulator.scenario.contract_file import contract_from
from simulator.ui.titles import told_apart

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.scenario import Scenario, Source
    from simulator.scenario.contract import Contract

FOLDER = "contracts"
"""Within the folder of scenarios."""
OPENED = "contract files opened"
"""In the session's state: name -> content of the contracts that it has opened."""
MOST_OPENED = 12


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A contract as it was read; what it says is judged against a scenario."""

    name: str
    text: str
    source: Source

    @classmethod
    def read(cls, name: str, content: bytes) -> ContractFile:
        """Read a contract.

        Raises
        ------
        ScenarioError
            If it is no text, no TOML, or too large.
        """
        source = read_upload(f"{name}.toml", content)
        return cls(name, content.decode("utf-8-sig"), source)

    def contract(self, scenario: Scenario, overrides: Mapping[str, object]) -> Contract:
        """What it says of a scenario, with single fields of it set.

        Raises
        ------
        ScenarioError
            With everything that is wrong with it, each with its clause.
        """
        return contract_from(self.source, scenario, overrides)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The contracts that can be chosen for a scenario, and those that do not go with it."""

    files: Mapping[str, ContractFile]
    """By name."""
    contracts: Mapping[str, Contract]
    """The same, as their files have them."""
    refused: Mapping[str, ScenarioError]

    @classmethod
    def of(cls, folder: Path, scenario: Scenario) -> Shelf:
        """The contracts of a folder of scenarios, and this session's own; of two of one name its own counts."""
        files: dict[str, ContractFile] = {}
        contracts: dict[str, Contract] = {}
        refused: dict[str, ScenarioError] = {}
        for name, content in {**_contents(folder / FOLDER), **opened()}.items():
            try:
                file = ContractFile.read(name, content)
                contracts[name] = file.contract(scenario, {})
            except ScenarioError as error:
                refused[name] = error
            else:
                files[name] = file
        return cls(files, contracts, refused)

    @property
    def titles(self) -> dict[str, str]:
        """Name -> title, no two the same."""
        return told_apart({name: contract.title for name, contract in self.contracts.items()})


def opened() -> dict[str, bytes]:
    """Name -> content of what this session has opened."""
    found: dict[str, bytes] = st.session_state.setdefault(OPENED, {})
    return found


def open_contract(name: str, content: bytes) -> None:
    """Put a contract on this session's shelf; of too many, the first one goes."""
    mine = opened()
    mine.pop(name, None)
    mine[name] = content
    while len(mine) > MOST_OPENED:
        del mine[next(iter(mine))]


def _contents(folder: Path) -> dict[str, bytes]:
    """Name -> content of each contract of a folder. No path from a user reaches it."""
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.toml")) if path.is_file()}
