"""The commands that README.md and docs/*.md show run; the program that runs them is tried on bad pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REFRESH = ROOT / "docs" / "refresh.py"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def refresh(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, REFRESH, *arguments], capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_on_a_page_runs_and_prints_what_is_shown(page: Path) -> None:
    result = refresh("--check", page)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("```console\n$ python -c 'raise SystemExit(1)'\n```\n", "page.md:1: $ python"),
        ("text\n\n```console exit=2\n$ ls\n```\n", "page.md:3: $ ls\nended with exit code 0, not 2"),
        ("```console\n$ ls no-such-file | cat\n```\n", "ended with exit code 2, not 0"),
        ("```console exact\n$ python -c 'print(7)'\n8\n```\n", "-8\n+7"),
        ("```console exact\n$ python -c 'print(7)'\n```\n", "+7"),
        ("```console\n$ ls && rm -r scenarios\n```\n", "'rm' is not run from a page"),
        ("```console\nls\n```\n", "starts with a command"),
        ("```console no-run\n$ ls\n```\n", "tags' no-run'"),
        ("```console exactly\n$ ls\n```\n", "tags' exactly'"),
        ("- item\n  ```console\n  $ ls\n  ```\n", "page.md:2: a console block starts at the left margin"),
        ("```console\n$ ls\n\n```console\n$ ls\n```\n", "page.md:4: a console block"),
    ],
)
def test_a_wrong_page_fails_and_the_message_says_where(page: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(page, encoding="utf-8")
    result = refresh("--check", path)
    assert result.returncode == 1
    assert complaint in result.stdout
    assert path.read_text(encoding="utf-8") == page


def test_a_readme_without_a_command_that_runs_fails(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("```console no-run: needs a display\n$ xeyes\n```\n", encoding="utf-8")
    result = refresh("--check", path)
    assert result.returncode == 1
    assert "no ```console block that runs" in result.stdout


def test_commands_on_real_data_run_where_it_is_and_are_left_alone_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.md"
    shown = "```console exact real-data\n$ cat $RUUHKA_DATA/calls.csv\n{}\n```\n"
    path.write_text(shown.format("stale"), encoding="utf-8")
    monkeypatch.setenv("RUUHKA_DATA", str(tmp_path / "nowhere"))
    assert refresh("--check", path).returncode == 0
    (tmp_path / "calls.csv").write_text("fresh\n", encoding="utf-8")
    monkeypatch.setenv("RUUHKA_DATA", str(tmp_path))
    assert refresh("--check", path).returncode == 1
    assert refresh(path).returncode == 0
    assert path.read_text(encoding="utf-8") == shown.format("fresh")


def test_refresh_writes_what_a_run_prints_and_then_the_page_is_right(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    stale = "```console exact\n$ python -c 'print(1)' > one\n$ cat \\\n  one\nold\n$ wc -c < one\n```\nend\n"
    path.write_text(stale, encoding="utf-8")
    assert refresh(path).returncode == 0
    assert path.read_text(encoding="utf-8") == stale.replace("old\n", "1\n").replace("< one\n", "< one\n2\n")
    assert refresh("--check", path).returncode == 0
