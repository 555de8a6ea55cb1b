"""What MATCH looks for, taken letter by letter: ~ * ? would otherwise stand for any letters."""


def literal(text: str) -> str:
    """The formula of a text → the formula that MATCH is given to find just this text, whatever its case."""
    for sign in "~*?":
        text = f'SUBSTITUTE({text},"{sign}","~{sign}")'
    return text
