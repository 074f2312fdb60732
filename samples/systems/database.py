"""The national federation's database: one table of organisations, as its office keeps it, in an SQLite file."""

import csv
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

TABLE = "妇联组织机构"
ORDER = "顺序"


@contextmanager
def serve_database(export: Path) -> Generator[Path]:
    """Put the rows of the CSV ``export`` into a table of text, in its order; yield the database file while it lasts."""
    with TemporaryDirectory(prefix="jinguo-database.") as folder:
        file = Path(folder) / "organisations.sqlite"
        with export.open(encoding="utf-8", newline="") as lines, closing(sqlite3.connect(file)) as database:
            header, *rows = csv.reader(lines)
            columns = ", ".join(f'"{name}" TEXT' for name in header)
            database.execute(f'CREATE TABLE "{TABLE}" ("{ORDER}" INTEGER PRIMARY KEY, {columns})')
            places = ", ".join("?" * (len(header) + 1))
            listed = ([number, *(cell or None for cell in row)] for number, row in enumerate(rows, 1))
            database.executemany(f'INSERT INTO "{TABLE}" VALUES ({places})', listed)
            database.commit()
        yield file
