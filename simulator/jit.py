"""Compiled code: one decorator for it, and a cache on disk that cannot give the code of yesterday's sources.

Numba notices that a file has changed, but not that another file has whose functions or constants were compiled into it.
So our cache lies in a directory named after a hash of all that compiled code is made of: every file called
`compiled.py`, and the few that such files may import. The decorator refuses functions from elsewhere.
"""

from __future__ import annotations

import hashlib
import platform
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import llvmlite.binding as llvm
import numba
import platformdirs
from numba import types
from numba.core import config
from numba.extending import intrinsic, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Function = TypeVar("Function", bound="Callable[..., object]")
Array = TypeVar("Array", bound="NDArray[Any]")

numba_settings: Any = config
"""Its type is not told: Numba makes the names at run time."""
PACKAGE = Path(__file__).parent
COMPILED = "compiled.py"
"""The name of every file with compiled functions."""
MAY_IMPORT = ("contacts.py", "demand/as241.py", "jit.py")
"""All that such files may import from this package besides each other; a test sees to it."""


def kernel(function: Function, *, inlined: bool = False) -> Function:
    """Compile a function when it is first called, and keep the machine code for later processes.

    Arithmetic is plain IEEE 754 in the order written (no `fastmath`), so that the compiled function and the Python that
    it is written in give the same bits. The GIL is released: threads run kernels side by side.

    Parameters
    ----------
    function
        A module-level function of a file called `compiled.py`.
    inlined
        Put its code into its callers: for the few small functions in which the call would be the dearest part.

    Raises
    ------
    ValueError
        If the function is from another file, because the cache would not notice that it has changed.
    """
    source = Path(function.__code__.co_filename)
    if source.name != COMPILED:
        msg = f"{function.__qualname__} is in {source.name}; compiled functions belong into a file called {COMPILED}."
        raise ValueError(msg)
    directory = cache_directory()
    # Numba asks its configuration when a function is decorated; others in this process keep their own.
    before, numba_settings.CACHE_DIR = numba_settings.CACHE_DIR, str(directory or "")
    try:
        compiled = numba.njit(cache=directory is not None, nogil=True, error_model="numpy", forceinline=inlined)
        return cast("Function", compiled(function))
    finally:
        numba_settings.CACHE_DIR = before


def inlined_kernel(function: Function) -> Function:
    """Compile a function into its callers: for small ones, of which the call would be the dearest part."""
    return kernel(function, inlined=True)


def cells(array: Array) -> Array:
    """Where an array's first element lies: for compiled code that indexes it in every line.

    It is indexed as the array is, but travels through a call as one word instead of seven, and no index is looked at to
    see whether it is negative: that more than halves the engine's time. Nothing stops an index that is out of range.
    The array must live as long. (In plain Python it is the array.)

    A function that puts pointers into a tuple must leave it to others, to which it gives the tuple, to write through
    them: Numba takes the writes of that very function to be without effect, and drops them.
    """
    return array


def _cells(_context: Any, array: Any) -> Any:
    """What Numba makes of `cells`: the pointer to the data."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    pointer: Any = types.CPointer
    return pointer(array.dtype)(array), code


_pointer: Any = intrinsic(_cells)


@overload(cells, inline="always")
def _compiled_cells(array: Any) -> Any:  # noqa: ARG001 - Numba passes the type; the name has to be the same
    def pointer(array: Any) -> Any:
        return _pointer(array)

    return pointer


def is_compiled() -> bool:
    """Whether an earlier run has left its machine code, so that this one need not compile."""
    directory = cache_directory()
    return directory is not None and _mark(directory).exists()


def remember_compiled() -> None:
    """Say that machine code for a whole run lies in the cache now."""
    directory = cache_directory()
    if directory is not None:
        with suppress(OSError):  # whoever cannot write it is told once more that it compiles
            _mark(directory).touch()


@cache
def cache_directory() -> Path | None:
    """Where machine code is kept, made from just these sources; None if nothing can be written there.

    The directory of NUMBA_CACHE_DIR if that is set, otherwise of the user's caches.
    """
    base = Path(numba_settings.CACHE_DIR or platformdirs.user_cache_path("ruuhka", appauthor=False))
    directory = base.absolute() / f"kernels-{source_hash()}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=directory).close()
    except OSError:
        return None
    return directory


def source_hash() -> str:
    """Twelve hexadecimal digits that change with any source that machine code is made from."""
    digest = hashlib.blake2b(digest_size=6)
    for source in [*sorted(PACKAGE.rglob(COMPILED)), *(PACKAGE / name for name in MAY_IMPORT)]:
        digest.update(source.relative_to(PACKAGE).as_posix().encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


def _mark(directory: Path) -> Path:
    """An empty file; beside the sources, machine code depends on Python, Numba and the processor."""
    made_by = f"{platform.python_version()}-{numba.__version__}-{llvm.get_host_cpu_name()}"
    return directory / f"compiled-by-{made_by}"
