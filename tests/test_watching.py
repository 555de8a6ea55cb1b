"""Watched workbooks: refreshed once saved and closed, whatever program saves them and however."""

import errno
import math
import os
from datetime import timedelta

import openpyxl
import pytest
from click.testing import CliRunner

from crmbook.cli import cli
from crmbook.many import Ended
from crmbook.problems import CannotProceedError
from crmbook.watching import Watch, once
from tests import small_book
from tests.keep.test_owners import OPEN
from tests.libreoffice_holding import held

DAY = small_book.TODAY
AMOUNT = "金额"


@pytest.fixture
def book(small, tmp_path):
    """A copy of the small book, in a folder where nothing else lies."""
    folder = tmp_path / "watched"
    folder.mkdir()
    path = folder / "客户.xlsx"
    path.write_bytes(small.read_bytes())
    return path


@pytest.fixture
def said():
    return []


@pytest.fixture
def pauses():
    """What happens while the watch pauses; nothing, unless a test puts something here."""
    return []


@pytest.fixture
def watch(book, said, pauses):
    """A watch over the folder, which has had its first look."""
    watch = Watch([book.parent], said.append, lang="zh", pause=lambda _: [done() for done in pauses], retry=0, still=0)
    watch.look(DAY)
    assert told(said) == ["same"]
    return watch


def told(said):
    """What was said since the last time: how refreshes ended, and the other lines."""
    found = [event.state if isinstance(event, Ended) else event.text.zh for event in said]
    said.clear()
    return found


def pay_more(path, to=None):
    """Another amount in the first order line, saved by openpyxl, which writes into the file itself."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["订单"]
    header = next(cell for row in sheet.iter_rows() for cell in row if cell.value == AMOUNT)
    sheet.cell(header.row + 1, header.column).value += 1000
    workbook.save(to or path)


def save_unchanged(path):
    """A save that changes nothing in the workbook."""
    os.utime(path, (1_800_000_000, 1_800_000_000))


def save_beside_and_replace(path):
    """As Excel and LibreOffice save: the whole file beside the old one, then in its place."""
    beside = path.with_name("lu8231xk.tmp")
    pay_more(path, beside)
    beside.replace(path)


def delete_and_rename(path):
    """As Excel saves where it cannot replace a file."""
    beside = path.with_name("3F2A1000")
    pay_more(path, beside)
    path.unlink()
    beside.rename(path)


def test_a_saved_book_is_refreshed_once_and_our_own_write_is_no_change(book, watch, said):
    for save in (pay_more, save_beside_and_replace, delete_and_rename):
        save(book)
        watch.look(DAY)
        assert told(said) == ["refreshed"]
        written = book.read_bytes()
        watch.look(DAY)
        assert (told(said), book.read_bytes()) == ([], written)
    save_unchanged(book)
    watch.look(DAY)
    assert (told(said), book.read_bytes()) == (["same"], written)


def test_a_book_still_being_written_is_left_for_the_next_look(book, watch, said, pauses):
    save_unchanged(book)
    pauses.append(lambda: book.write_bytes(book.read_bytes()))
    watch.look(DAY)
    assert told(said) == []
    pauses.clear()
    watch.look(DAY)
    assert told(said) == ["same"]


def test_a_book_that_is_held_open_waits_until_it_is_closed(book, watch, said):
    marks = {program: book.with_name(mark.format(book.name)) for program, (mark, _, _) in OPEN.items()}
    marks["WPS"].write_bytes(OPEN["WPS"][1])
    watch.look(DAY)
    assert told(said) == []  # opened, not saved
    save_unchanged(book)
    watch.look(DAY)
    (line,) = told(said)
    assert all(word in line for word in (book.name, "WPS", "李雷", "关闭后会自动更新"))
    marks["Excel"].write_bytes(OPEN["Excel"][1])
    marks["WPS"].unlink()
    watch.look(DAY)
    assert told(said) == []
    marks["Excel"].unlink()
    watch.look(DAY)
    assert told(said) == ["same"]


def test_new_renamed_and_deleted_books_are_noticed(small, book, watch, said):
    other = book.with_name("二店.xlsx")
    other.write_bytes(small.read_bytes())
    watch.look(DAY)
    assert told(said) == ["same"]
    renamed = other.rename(book.with_name("三店.xlsx"))
    watch.look(DAY)
    assert told(said) == ["same", f"{other}：已被移走、改名或删除"]
    renamed.unlink()
    watch.look(DAY)
    assert told(said) == [f"{renamed}：已被移走、改名或删除"]
    watch.look(DAY)
    assert told(said) == []


def test_other_files_are_no_books_and_another_workbook_is_skipped_and_said_so_once(book, watch, said):
    for name in ("~$客户.xls", ".~二店.xlsx", ".~lock.二店.xlsx#", "lu8231xk.tmp", "3F2A1000", "客户.csv", "客户.xls"):
        (book.parent / name).write_bytes(b"x")
    (book.parent / "文件夹.xlsx").mkdir()
    watch.look(DAY)
    assert told(said) == []
    other = book.with_name("别的.xlsx")
    openpyxl.Workbook().save(other)
    watch.look(DAY)
    assert told(said) == ["skipped"]
    save_unchanged(other)
    watch.look(DAY)
    assert told(said) == []


def test_a_book_that_fails_is_said_once_and_the_others_go_on(book, watch, said):
    torn = book.with_name("坏.xlsx")
    torn.write_bytes(book.read_bytes()[:5000])
    watch.look(DAY)
    (ended,) = said
    assert (ended.book, ended.state) == (torn, "failed")
    assert "损坏" in ended.problem.line("zh")
    said.clear()
    pay_more(book)
    watch.look(DAY)
    assert told(said) == ["refreshed"]
    torn.write_bytes(book.read_bytes())
    watch.look(DAY)
    assert told(said) == ["same"]


def test_a_file_of_which_a_part_is_there_is_no_damaged_one_until_it_stands_still(book, watch, said):
    watch.still = math.inf
    whole, copied = book.read_bytes(), book.with_name("二店.xlsx")
    for part in (b"", whole[:5000], whole[: len(whole) // 2]):  # a slow copy, that pauses for longer than we wait
        copied.write_bytes(part)
        watch.look(DAY)
    assert told(said) == [f"{copied}：文件还没有写完，或已损坏；稍后再看"]
    copied.write_bytes(whole)
    watch.look(DAY)
    assert told(said) == ["same"]
    book.write_bytes(whole[:5000])
    watch.look(DAY)
    assert "还没有写完" in told(said)[0]
    watch.still = 0
    for _ in range(2):
        watch.look(DAY)
    assert told(said) == ["failed"]


def test_one_pass_waits_for_a_file_of_which_a_part_is_there_and_the_others_are_done_meanwhile(book, said):
    whole, copied = book.read_bytes(), book.with_name("二店.xlsx")
    copied.write_bytes(whole[:5000])
    parts = [whole[: len(whole) // 2], whole[:-1], whole]
    seen = []

    def pause(_):
        seen.append(told(said))
        if parts:
            copied.write_bytes(parts.pop(0))

    once([book.parent], said.append, lang="zh", pause=pause, still=math.inf)
    assert seen[0] == [f"{copied}：文件还没有写完，或已损坏；稍后再看", "same"]
    assert (seen[1:], parts, told(said)) == ([[]] * (len(seen) - 1), [], ["same"])


def test_one_pass_calls_a_file_damaged_that_stands_still(book, said):
    book.write_bytes(book.read_bytes()[:5000])
    pauses = []
    once([book.parent], said.append, lang="zh", pause=pauses.append, still=0.001)
    assert (len(pauses) > 0, told(said)) == (True, [f"{book}：文件还没有写完，或已损坏；稍后再看", "failed"])


def test_only_workbooks_of_crmbook_count_as_watched(book, watch):
    for name in ("别的.xlsx", "又一个.xlsx"):
        openpyxl.Workbook().save(book.with_name(name))
    watch.look(DAY)
    assert watch.count == 1


@pytest.mark.skipif(os.name == "nt", reason="a file's mode is no hindrance there")
def test_a_book_that_could_not_be_written_is_tried_again_without_another_save(book, watch, said):
    pay_more(book)
    book.chmod(0o444)
    watch.look(DAY)
    assert told(said) == ["failed"]
    watch.look(DAY)
    assert told(said) == []  # tried again, and for the same reason in vain
    book.chmod(0o644)
    watch.look(DAY)
    assert told(said) == ["refreshed"]


def test_a_folder_out_of_reach_is_said_once_and_watched_again_when_it_is_back(book, watch, said):
    away = book.parent.rename(book.parent.with_name("away"))
    for _ in range(2):
        watch.look(DAY)
    (line,) = told(said)
    assert "找不到这个文件夹" in line
    away.rename(book.parent)
    watch.look(DAY)
    assert told(said) == []


def test_a_drive_that_fails_in_its_own_way_is_out_of_reach_too(book, watch, said, monkeypatch):
    with monkeypatch.context() as drive:
        for call in ("listdir", "scandir"):
            drive.setattr(os, call, lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "unexpected network error")))
        watch.look(DAY)
    assert "找不到这个文件夹" in told(said)[0]


def test_on_another_day_the_figures_are_made_anew(book, watch, said):
    watch.look(DAY + timedelta(days=1))
    assert told(said) == []  # its own day stands in its settings
    watch.options["as_of"] = DAY - timedelta(days=60)
    watch.look(DAY + timedelta(days=2))
    assert told(said) == ["refreshed"]


def test_a_named_book_may_go_and_come_back(book, said):
    watch = Watch([book], said.append, lang="en", pause=lambda _: None)
    watch.look(DAY)
    content = book.read_bytes()
    book.unlink()
    watch.look(DAY)
    assert told(said) == ["same", f"{book}：已被移走、改名或删除"]  # in the book's own language
    book.write_bytes(content)
    save_unchanged(book)
    watch.look(DAY)
    assert told(said) == ["same"]


def test_a_place_that_is_not_there_stops_the_watch(tmp_path, said):
    with pytest.raises(CannotProceedError, match="no such file or folder"):
        Watch([tmp_path / "nowhere"], said.append, lang="zh")
    assert CliRunner().invoke(cli, ["watch", str(tmp_path / "nowhere")]).exit_code == 1


@pytest.mark.office
def test_a_book_open_in_a_running_libreoffice_waits(book, watch, said, tmp_path):
    with held(book, tmp_path / "profile", ("客户", "A1")):
        save_unchanged(book)
        watch.look(DAY)
        (line,) = told(said)
        assert "LibreOffice" in line
    watch.look(DAY)
    assert told(said) == ["same"]
