"""The shelf of sources: the places that crmbook can read, in the order in which they are asked."""

from crmbook.source import Source
from crmbook.sources import csv_folder, workbook

ALL: tuple[Source, ...] = (workbook.SOURCE, csv_folder.SOURCE)
