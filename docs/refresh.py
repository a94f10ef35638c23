"""Run the commands that README.md and docs/*.md show, and write what they print below them.

    python docs/refresh.py             rewrite the printed lines from a real run
    python docs/refresh.py --check     change nothing; fail where a page is wrong

A page shows commands in fenced blocks of the language `console`: each line that starts with `$ ` is a
command, what it prints stands below it. All commands of a page run one after the other in a fresh copy of
this checkout. Tags after the word `console`, in this order:

    exact              --check also compares what is printed, line by line
    exit=2             the commands end with this exit code; without the tag, with 0
    real-data          the commands are only run where the folder of real data is, $RUUHKA_DATA or ../shared/data;
                       they name it as $RUUHKA_DATA
    no-run: REASON     the commands are not run, because of this
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("cat", "grep", "ls", "python", "ruuhka", "sed", "wc")
BLOCK = re.compile(r"^```console(?P<tags>.*)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
TAGS = re.compile(r"(?P<exact> exact)?(?: exit=(?P<exit>\d+))?(?P<real_data> real-data)?|(?P<no_run> no-run: .*\w.*)")
DATA = Path(os.environ.get("RUUHKA_DATA", ROOT.parent / "shared" / "data"))
"""The folder of real data, as tests/conftest.py has it."""


class PageError(Exception):
    """What is wrong with a page, and where."""


@dataclass(frozen=True)
class Page:
    """A page of documentation, as read."""

    path: Path
    text: str

    def error(self, position: int, message: str) -> PageError:
        """`message` with the file and line it is about."""
        line = self.text.count("\n", 0, position) + 1
        return PageError(f"{self.path}:{line}: {message}")

    def blocks(self) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
        """Each console block that runs, with its tags.

        Raises
        ------
        PageError
            A block is indented, not closed or wrongly tagged: left alone, it would never run.
        """
        seen = set()
        for block in BLOCK.finditer(self.text):
            seen.add(block.start())
            tags = TAGS.fullmatch(block["tags"].rstrip())
            if tags is None:
                raise self.error(
                    block.start(), f"tags{block['tags']!r}: allowed are exact, exit=CODE, real-data, or no-run: REASON"
                )
            if not tags["no_run"] and (DATA.is_dir() or not tags["real_data"]):
                yield block, tags
        for fence in re.finditer(r"^[ \t>]*`{3,}console", self.text, re.MULTILINE):
            if fence.start() not in seen:
                raise self.error(fence.start(), "a console block starts at the left margin and ends with ```")

    def refreshed(self, *, check: bool) -> str:
        """The text with every output from a run made now.

        Raises
        ------
        PageError
            A command may not run here or ends with another exit code; with `check`: an exact output differs.
        """
        parts, end = [], 0
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "ruuhka"
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
            for block, tags in self.blocks():
                shown = block["body"]
                printed = "".join(
                    f"$ {command}\n{self.run(command, block.start(), int(tags['exit'] or 0), copy)}"
                    for command in self.commands(block)
                )
                if check and tags["exact"] and printed != shown:
                    lines = difflib.unified_diff(shown.splitlines(), printed.splitlines(), "page", "run", lineterm="")
                    raise self.error(block.start(), "\n".join(["a run prints other lines (docs/refresh.py)", *lines]))
                parts += [self.text[end : block.start("body")], printed]
                end = block.end("body")
        if not parts and self.path.name == "README.md":
            raise self.error(0, "no ```console block that runs; show a real command and what it prints")
        return "".join([*parts, self.text[end:]])

    def commands(self, block: re.Match[str]) -> list[str]:
        r"""The commands of a block; one that ends in `\` goes on in the next line."""
        commands = re.findall(r"^\$ ((?:.*\\\n)*.*)$", block["body"], re.MULTILINE)
        if not block["body"].startswith("$ "):
            raise self.error(block.start(), "a console block starts with a command: `$ ` and what to run")
        for command in commands:
            words = shlex.shlex(command.replace("\\\n", " "), posix=True, punctuation_chars="|&;")
            words.whitespace_split = True
            for before, word in pairwise(["|", *words]):
                if set(before) <= set("|&;") and word not in PROGRAMS:
                    raise self.error(
                        block.start(),
                        f"{word!r} is not run from a page, only {', '.join(PROGRAMS)}; tag the block no-run: REASON",
                    )
        return commands

    def run(self, command: str, position: int, exit_code: int, folder: Path) -> str:
        """What `command` prints in `folder`, the same on every machine as far as that can be had."""
        here = Path(sys.executable).parent
        plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
        plain["RUUHKA_DATA"] = str(DATA)
        result = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=folder,
            env={**os.environ, **plain, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        output = result.stdout.replace(f"{folder}/", "")
        if result.returncode != exit_code:
            raise self.error(
                position, f"$ {command}\nended with exit code {result.returncode}, not {exit_code}:\n{output}"
            )
        return "".join(f"{line.rstrip()}\n" for line in output.rstrip().splitlines())


def main() -> int:
    """Refresh or check the pages named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a page is wrong")
    parser.add_argument("pages", nargs="*", type=Path, help="default: README.md and docs/*.md")
    options = parser.parse_args()
    wrong = 0
    for path in options.pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        page = Page(path, path.read_text(encoding="utf-8"))
        try:
            fresh = page.refreshed(check=options.check)
        except PageError as error:
            print(error)
            wrong += 1
            continue
        if not options.check and fresh != page.text:
            path.write_text(fresh, encoding="utf-8")
            print(f"{path}: rewritten")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
