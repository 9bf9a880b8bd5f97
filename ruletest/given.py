"""The keys of a test: its own, or those that its file has for all tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruletest import durations
from ruletest.yamlfile import FileError, a_list, line_of, written


@dataclass(frozen=True, slots=True)
class Given:
    """One test of a file. Its readers raise FileError with the line and the test's name."""

    file: Mapping[str, Any]
    test: Mapping[str, Any]
    where: str  # the test's name, as messages write it

    def text(self, name: str) -> str:
        """Return the test's text, or else its file's; empty when neither has one."""
        return written(self.test, name, self.where) or written(self.file, name, "the file")

    def line(self, name: str) -> int:
        """Return the line of a key, to give a FileError."""
        return line_of(self.test if name in self.test else self.file, name)

    def one_of(self, name: str, known: tuple[str, ...], default: str) -> str:
        """Return a text; raises FileError unless it is one of ``known``."""
        text = self.text(name) or default
        if text not in known:
            raise FileError(
                f"{self.where}: {name} must be one of {', '.join(known)}, not {text!r}",
                self.line(name),
            )
        return text

    def boolean(self, name: str, default: bool = True) -> bool:
        """Return true or false."""
        value = self.test.get(name, self.file.get(name, default))
        if not isinstance(value, bool):
            raise FileError(f"{self.where}: {name} must be true or false", self.line(name))
        return value

    def entries(self, name: str) -> list[Any]:
        """Return a list's entries, those of the file first: they add up."""
        return [*a_list(self.file, name, "the file"), *a_list(self.test, name, self.where)]

    def offset(self, mapping: Mapping[str, Any], name: str, *, signed: bool = True) -> float:
        """Return a duration of a mapping in seconds, such as ``-6m`` after the start."""
        text = written(mapping, name, self.where)
        try:
            return durations.offset(text) if signed else durations.seconds(text)
        except ValueError as error:
            raise FileError(f"{self.where}: {name}: {error}", line_of(mapping, name)) from None
