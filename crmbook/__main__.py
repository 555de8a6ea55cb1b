"""`python -m crmbook` is the same as `crmbook`."""

from crmbook.cli import main

main()
