"""The catalogue of what can be wrong: each broken folder or workbook gives its message, in both languages, and is not touched."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmbook import doubts, many
from crmbook.cli import cli
from crmbook.figures import ledger
from crmbook.paths import as_typed
from crmbook.problems import CannotProceedError, Problem
from crmbook.reading import tuning
from crmbook.settings import in_force
from crmbook.sources import csv_folder
from crmbook.text import LANGS
from tests import broken_books

BROKEN = Path(__file__).parent / "broken_data"
FOLDERS = sorted(p for p in BROKEN.iterdir() if p.is_dir())
STOPPING = (
    "missing_column",
    "missing_file",
    "empty_file",
    "no_customers",
    "uneven_line",
    "open_quote",
    "wrong_encoding",
)
every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
every_book = pytest.mark.parametrize("broken", [*broken_books.STOPS, *broken_books.PROBLEMS], ids=lambda f: f.__name__)


def found(folder: Path) -> list[Problem]:
    """Every problem in a folder, or the one that stops the run."""
    try:
        reading = csv_folder.read(folder)
    except CannotProceedError as stopped:
        return [stopped.problem]
    wrong = tuning.read(reading.raw.get("settings"), lambda row, column: f"settings.csv:{row + 2}:{column}")[1]
    today = in_force({"PERIOD_START": date(2026, 6, 1)}, date(2026, 6, 30))
    facts = ledger.facts(reading.tables, today)
    doubtful = doubts.found(
        reading, facts, today, today.today, lambda table, row, column: f"{table}.csv:{row + 2}:{column}"
    )
    return [*reading.problems, *wrong, *doubtful]


def told(problems: list[Problem], place: Path) -> str:
    """The problems as both languages tell them, one to a line, with their severity and count."""
    return "".join(
        f"[{lang}]\n" + "".join(f"{p.severity} {p.count}: {p.line(lang)}\n" for p in problems) for lang in LANGS
    ).replace(str(place), "PLACE")


@every_folder
def test_a_broken_folder_gives_its_messages(folder, golden):
    problems = found(folder)
    assert problems
    golden(f"problem.{folder.name}.txt", told(problems, folder))


@pytest.mark.parametrize("name", STOPPING)
def test_a_folder_that_stops_the_build_leaves_no_workbook(name, tmp_path):
    folder, book = BROKEN / name, tmp_path / "book.xlsx"
    done = CliRunner().invoke(cli, ["build", str(book), "--from", str(folder), "--lang", "en"])
    assert (done.exit_code, done.stderr) == (1, found(folder)[0].line("en") + "\n")
    assert not book.exists()


@pytest.mark.parametrize(
    ("name", "left"), [("text_in_amount", 1), ("settings_out_of_order", 1), ("no_orders", 1), ("odd_writing", 0)]
)
def test_a_folder_with_problems_becomes_a_workbook_that_still_has_those_nobody_could_mend(name, left, tmp_path):
    book = tmp_path / "book.xlsx"
    done = CliRunner().invoke(cli, ["build", str(book), "--from", str(BROKEN / name), "--as-of", "2026-06-30"])
    assert (done.exit_code, book.exists()) == (0, True), done.stderr
    told = CliRunner().invoke(cli, ["check", str(book)])
    assert (told.exit_code, told.stderr, bool(told.stdout)) == (left, "", True)  # a file can take the list
    assert ("没有数据" in told.stdout) == (name == "no_orders")  # a warning is told all the same


def test_a_file_that_is_given_as_source_is_answered_with_its_folder(tmp_path):
    file = BROKEN / "no_orders" / "customers.csv"
    done = CliRunner().invoke(cli, ["build", str(tmp_path / "book.xlsx"), "--from", str(file), "--lang", "en"])
    assert done.exit_code == 1
    assert f"Give the folder in which it lies: {as_typed(file.parent)}" in done.stderr


@every_book
def test_a_broken_workbook_gives_its_message_and_is_not_touched(broken, built, golden, tmp_path):
    path = tmp_path / "book.xlsx"
    said = []
    for lang in LANGS:
        path.write_bytes(broken(built(lang)))
        before = path.read_bytes()
        done = CliRunner().invoke(cli, ["check", str(path), "--lang", lang])
        assert (done.exit_code, bool(done.stdout)) == (1, not done.stderr)  # the list asked for, or why there is none
        assert many.UNEXPECTED[lang].split("{")[0] not in done.stderr
        assert path.read_bytes() == before
        said.append(f"[{lang}]\n{done.output}".replace(str(path), "PLACE"))
    golden(f"problem.book.{broken.__name__}.txt", "".join(said))


@pytest.mark.parametrize("broken", broken_books.STOPS, ids=lambda f: f.__name__)
def test_refresh_stops_and_leaves_the_file_and_nothing_beside_it(broken, built, tmp_path):
    path = tmp_path / "books" / "book.xlsx"
    path.parent.mkdir()
    path.write_bytes(broken(built("zh")))
    before = path.read_bytes()
    done = CliRunner().invoke(cli, ["refresh", str(path)])
    assert (done.exit_code, path.read_bytes()) == (1, before)
    assert [p.name for p in path.parent.iterdir()] == ["book.xlsx"]
