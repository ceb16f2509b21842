import logging
import traceback
from types import TracebackType


class WithoutValues(logging.Formatter):
    """Where an error happened and of which type, without its message.

    A message such as "invalid literal for int(): '70.3'" quotes what a patient's form held,
    and clinical values do not go into logs.
    """

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        lines = []
        error: BaseException | None = ei[1]
        while error is not None:
            lines += [f"{type(error).__name__} (message withheld)\n"]
            lines += traceback.format_tb(error.__traceback__)
            error = error.__cause__ or error.__context__
        return "".join(lines).rstrip()
