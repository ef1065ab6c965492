"""Which pages the browser looks at."""

from typing import Literal

STATES_SHOWN = ("disputed", "empty", "first", "down")

#: The longest words are in these.
LANGUAGES_SHOWN = {"disputed": ("en", "ru", "az", "tr")}

WIDTHS = (320, 390, 768, 1280)

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
