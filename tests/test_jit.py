"""Compiled code is never that of yesterday's sources, wherever it is kept and whatever was edited."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator import jit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PACKAGE = Path(jit.__file__).parent
COMPILED = sorted(PACKAGE.rglob("compiled.py"))

TOY = """
import numpy as np
from simulator.contacts import FEE
from simulator.jit import cells, inlined_kernel, kernel

@inlined_kernel
def fee(amount):
    return amount * FEE

@kernel
def pay(amount):
    return amount + fee(1)

@kernel
def product_and_sum(a, b, c):
    return a * b + c

@kernel
def total(array, count):
    inside = cells(array)
    found = 0.0
    for place in range(count):
        found += inside[place]
    return found
"""
"""A `compiled.py` that is compiled in an instant."""
PLAIN = """
import numba
from simulator.contacts import FEE

@numba.njit(cache=True)
def pay(amount):
    return amount + FEE
"""
"""The same as Numba by itself would keep it."""
PROGRAM = """
import os, numba
from simulator import jit
from simulator.toy import compiled, plain
assert numba.config.CACHE_DIR == os.environ["NUMBA_CACHE_DIR"]
paid = compiled.pay(10)
kept = sum(compiled.pay.stats.cache_hits.values())
print(paid, plain.pay(10), kept, jit.cache_directory())
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A package like ours, with this `simulator.jit` and little else; its folder."""
    package = tmp_path / "simulator"
    (package / "toy").mkdir(parents=True)
    for name in jit.MAY_IMPORT:
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).touch()
    shutil.copy(jit.__file__, package / "jit.py")
    for name, text in {
        "__init__.py": "",
        "contacts.py": "FEE = 1\n",
        "toy/__init__.py": "",
        "toy/compiled.py": TOY,
        "toy/plain.py": PLAIN,
    }.items():
        (package / name).write_text(text, encoding="utf-8")
    return package


def run(package: Path, cache: Path) -> tuple[int, int, int, Path | None]:
    """In a new process: what ours pays, what Numba's own cache pays, whether ours was kept, and where."""
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=environment, cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    paid, plainly, kept, directory = done.stdout.split()
    return int(paid), int(plainly), int(kept), None if directory == "None" else Path(directory)


def test_after_an_edit_the_new_code_runs_where_numbas_own_cache_gives_the_old(toy: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    paid, plainly, kept, first = run(toy, cache)
    assert (paid, plainly, kept) == (11, 11, 0)

    (toy / "contacts.py").write_text("FEE = 2\n", encoding="utf-8")
    paid, plainly, kept, second = run(toy, cache)
    assert (paid, kept) == (12, 0)
    assert plainly == 11  # the stale answer for which our cache is named after its sources

    (toy / "toy" / "compiled.py").write_text(TOY.replace("fee(1)", "fee(100)"), encoding="utf-8")
    paid, _, kept, third = run(toy, cache)
    assert (paid, kept) == (210, 0)

    (toy / "contacts.py").write_text("FEE = 1\n", encoding="utf-8")
    (toy / "toy" / "compiled.py").write_text(TOY, encoding="utf-8")
    paid, _, kept, fourth = run(toy, cache)
    assert (paid, kept) == (11, 1)  # the first process has left it
    assert len({first, second, third}) == 3
    assert fourth == first
    assert all(directory is not None and directory.parent == cache for directory in (first, second, third))


def test_where_nothing_can_be_written_it_compiles_without_keeping(toy: Path, tmp_path: Path) -> None:
    """A file stands where the directory should be; a right to write can be taken from anybody but root."""
    (tmp_path / "cache").write_text("", encoding="utf-8")
    (toy / "toy" / "plain.py").write_text("def pay(amount):\n    return 0\n", encoding="utf-8")
    assert run(toy, tmp_path / "cache") == (11, 0, 0, None)
    assert not list(tmp_path.rglob("*.nbc"))  # nor beside the sources, where Numba would not notice an edit


# -- In this process --------------------------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache, as if NUMBA_CACHE_DIR had been set to it."""
    monkeypatch.setattr(jit.numba_settings, "CACHE_DIR", str(tmp_path / "cache"))
    jit.cache_directory.cache_clear()
    yield tmp_path / "cache"
    jit.cache_directory.cache_clear()


def loaded(path: Path) -> ModuleType:
    """The toy's compiled functions, in this process."""
    path.write_text(TOY.replace("from simulator.contacts import FEE", "FEE = 3"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("toy_compiled", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_function_from_elsewhere_is_refused() -> None:
    for decorator in (jit.kernel, jit.inlined_kernel):
        with pytest.raises(ValueError, match=r"elsewhere is in test_jit\.py; .* a file called compiled\.py\."):
            decorator(elsewhere)


def elsewhere() -> None:
    """A function that is not in a file called `compiled.py`."""


def test_numba_keeps_its_own_settings(cache: Path, tmp_path: Path) -> None:
    settings = jit.numba_settings
    before = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    assert loaded(tmp_path / "compiled.py").pay(1) == 4
    assert {name: getattr(settings, name) for name in dir(settings) if name.isupper()} == before
    with pytest.raises(ValueError, match="belong into a file"):
        jit.kernel(elsewhere)
    assert str(cache) == settings.CACHE_DIR


def test_machine_code_lies_in_numbas_cache_directory_or_the_users(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loaded(tmp_path / "compiled.py").pay(1) == 4
    directory = jit.cache_directory()
    assert directory == cache / f"kernels-{jit.source_hash()}"
    assert any(directory.rglob("*.nbc"))

    monkeypatch.setattr(jit.numba_settings, "CACHE_DIR", "")
    monkeypatch.setattr("simulator.jit.platformdirs.user_cache_path", lambda *_, **__: tmp_path / "users")
    jit.cache_directory.cache_clear()
    assert jit.cache_directory() == tmp_path / "users" / f"kernels-{jit.source_hash()}"


def test_a_whole_run_is_remembered_for_these_sources_and_this_machine(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not jit.is_compiled()
    jit.remember_compiled()
    assert jit.is_compiled()
    with monkeypatch.context() as patch:
        patch.setattr("simulator.jit.llvm.get_host_cpu_name", lambda: "another")
        assert not jit.is_compiled()
    with monkeypatch.context() as patch:
        patch.setattr("simulator.jit.numba.__version__", "0")
        assert not jit.is_compiled()
    (other,) = cache.iterdir()
    other.rename(cache / "kernels-of-other-sources")
    jit.cache_directory.cache_clear()
    assert not jit.is_compiled()


def test_where_nothing_can_be_written_nothing_is_remembered(cache: Path) -> None:
    cache.write_text("", encoding="utf-8")
    assert jit.cache_directory() is None
    jit.remember_compiled()
    assert not jit.is_compiled()


@pytest.mark.usefixtures("cache")
def test_compiled_arithmetic_is_pythons_and_lets_other_threads_run(tmp_path: Path) -> None:
    """No product and sum in one rounding, which `fastmath` would allow and processors have."""
    toy = loaded(tmp_path / "compiled.py")
    rng = np.random.default_rng(5)
    numbers = rng.random((1000, 3)).tolist()
    assert [toy.product_and_sum(a, b, -c) for a, b, c in numbers] == [a * b - c for a, b, c in numbers]
    close = [(a, b, -(a * b)) for a, b, _ in numbers]  # one rounding would leave the error of the product here
    assert not any(toy.product_and_sum(*three) for three in close)
    assert toy.pay.targetoptions["nogil"]
    assert not toy.pay.targetoptions.get("fastmath")


@pytest.mark.usefixtures("cache")
def test_cells_are_those_of_the_array(tmp_path: Path) -> None:
    toy = loaded(tmp_path / "compiled.py")
    assert toy.total(np.array([1.0, 2.0, 4.0, 8.0]), 3) == 7.0


# -- What is hashed is all there is -----------------------------------------------------------------------------------


def test_the_hash_changes_with_every_source_of_machine_code_and_with_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(PACKAGE, tmp_path / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(jit, "PACKAGE", copy)
    sources = [*(path.relative_to(PACKAGE) for path in COMPILED), *map(Path, jit.MAY_IMPORT)]
    assert len(sources) >= 3
    hashes = {jit.source_hash()}
    for source in sources:
        with (copy / source).open("a", encoding="utf-8") as file:
            file.write("# edited\n")
        hashes.add(jit.source_hash())
    assert len(hashes) == len(sources) + 1
    before = jit.source_hash()
    with (copy / "engine" / "reference.py").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    assert jit.source_hash() == before


def project_imports(source: str, package: str) -> set[str]:
    """The modules of this project that a source imports when it runs, anywhere in it."""
    found = set()
    pending: list[ast.AST] = [ast.parse(source)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            pending += node.orelse
            continue
        pending += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" if module == "simulator" else module for alias in node.names}
    return {name for name in found if name.split(".")[0] == "simulator"}


MAY_IMPORT = {".".join(("simulator", *Path(name).with_suffix("").parts)) for name in jit.MAY_IMPORT}


def package_of(path: Path) -> str:
    """The package that a source file is in."""
    return ".".join(path.relative_to(PACKAGE.parent).parent.parts)


@pytest.mark.parametrize("path", COMPILED, ids=package_of)
def test_a_compiled_file_imports_nothing_that_is_not_hashed(path: Path) -> None:
    others = {f"{package_of(other)}.compiled" for other in COMPILED}
    assert project_imports(path.read_text(encoding="utf-8"), package_of(path)) <= MAY_IMPORT | others


@pytest.mark.parametrize("name", jit.MAY_IMPORT)
def test_what_a_compiled_file_may_import_imports_nothing_of_the_project_itself(name: str) -> None:
    assert project_imports((PACKAGE / name).read_text(encoding="utf-8"), "simulator") == set()


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import simulator.streams", "simulator.streams"),
        ("from simulator import streams", "simulator.streams"),
        ("from simulator.engine.centre import NO_SKILL", "simulator.engine.centre"),
        ("from .centre import NO_SKILL", "simulator.engine.centre"),
        ("from .. import streams", "simulator.streams"),
        ("def later():\n    from simulator.streams import stream", "simulator.streams"),
        ("if not TYPE_CHECKING:\n    import simulator.streams", "simulator.streams"),
        ("if TYPE_CHECKING:\n    import numpy\nelse:\n    import simulator.streams", "simulator.streams"),
    ],
)
def test_an_import_of_something_else_would_be_seen(line: str, module: str) -> None:
    assert project_imports(line, "simulator.engine") == {module}
    assert not {module} <= MAY_IMPORT


def test_imports_for_the_type_checker_do_not_count() -> None:
    assert project_imports("if TYPE_CHECKING:\n    import simulator.streams", "simulator.engine") == set()
