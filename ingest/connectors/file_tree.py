"""What file-like systems have in common: whose folder is which dataset's, and what a file's place there says of it."""

from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ingest.inbox import is_left_out
from ingest.receipts import Kind

_FOLDER_KINDS: dict[str, Kind] = {"correction": "correction", "withdrawal": "withdrawal"}


class FileDataset(BaseModel):
    """Where one dataset lies below the system's root; a folder named like the dataset where nothing is stated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(default="", max_length=500)

    @field_validator("path")
    @classmethod
    def _below_the_root(cls, given: str) -> str:
        if given and (given.startswith("/") or "\0" in given or {"..", "."} & set(PurePosixPath(given).parts)):
            raise ValueError("a folder below the root, without .. and without a leading /")
        return str(PurePosixPath(given)) if given else ""

    def folder(self, dataset: str) -> str:
        """Return the dataset's folder, relative to the root."""
        return self.path or dataset


def kind_at(inside: tuple[str, ...]) -> Kind | None:
    """Return the kind that a file's place below its dataset's folder states; None where the contract decides."""
    return _FOLDER_KINDS.get(inside[0]) if len(inside) > 1 else None


def is_offered(inside: tuple[str, ...]) -> bool:
    """Whether no part of the place is a program's leftover."""
    return not any(is_left_out(part) for part in inside)
