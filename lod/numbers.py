"""Numbers for people, as French typography groups them."""


def group_thousands(number: float) -> str:
    """Return a number with narrow no-break spaces between thousands and a decimal comma: 12 000, 0,5."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.10g}"
    return text.replace(",", "\u202f").replace(".", ",")
