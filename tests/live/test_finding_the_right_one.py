"""A workbook that is open is taken for the file only if it is that file; a LibreOffice that does not answer is not left."""

import os
from pathlib import Path

import pytest

from crmbook.live import finding


@pytest.mark.parametrize(
    ("full", "path", "same"),
    [
        ("https://firm.sharepoint.com/sites/x/Documents/old/a.xlsx", "/home/me/OneDrive - Firm/a.xlsx", False),
        ("https://d.docs.live.net/1a2b/old/a.xlsx", "/home/me/OneDrive/a.xlsx", False),
        ("https://d.docs.live.net/1a2b/old/2026/a.xlsx", "/home/me/OneDrive/2026/a.xlsx", False),
        ("https://firm-my.sharepoint.com/personal/me/Documents/a.xlsx", "/home/me/OneDrive - Firm/a.xlsx", True),
        ("https://firm-my.sharepoint.com/personal/me/Documents/old/a.xlsx", "/home/me/OneDrive - Firm/a.xlsx", False),
        ("https://firm.sharepoint.com/sites/x/Documents/2026/a.xlsx", "/home/me/OneDrive - Firm/2026/a.xlsx", True),
    ],
)
def test_the_same_name_in_another_folder_is_another_file(full, path, same):
    assert finding.is_same(full, Path(path)) == same


@pytest.mark.office
@pytest.mark.skipif(os.name == "nt", reason="a program made of a shell script")
def test_a_libreoffice_that_we_started_and_that_never_listens_is_ended(tmp_path, monkeypatch):
    office = tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(finding, "PATIENCE", 0.5)
    assert finding.attach((tmp_path / "profile").as_uri()) is None
    number = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
