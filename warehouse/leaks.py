"""What must not stand in a released file: persons' numbers, and in the marts persons at all.

Zero tolerance is possible because tokens are spelled in the letters a to p only (measured: of a million tokens
in hexadecimal 8,294 contain what looks like a mobile number, in letters none).
"""

import re

import duckdb

from warehouse.fingerprint import Column, Relation, quote
from warehouse.layout import MARTS

DIGIT = "[0-9０-９]"
BEFORE, AFTER = "(?:^|[^0-9０-９])", "(?:$|[^0-9０-９])"
MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
# GB 11643: area (6), birth date (8, before 1999 also 6), sequence (3), check character (none before 1999).
IDENTITY_18 = f"[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{MONTH_DAY}[0-9]{{3}}[0-9Xx]"
IDENTITY_15 = f"[1-9][0-9]{{7}}{MONTH_DAY}[0-9]{{3}}"
IDENTITY_WIDE = "[１-９][０-９]{16}[０-９ＸｘXx]"
MOBILE = f"[1１][3-9３-９]{DIGIT}[- ]?{DIGIT}{{4}}[- ]?{DIGIT}{{4}}"

EVERYWHERE = {
    "identity_number": f"{BEFORE}(?:{IDENTITY_18}|{IDENTITY_15}|{IDENTITY_WIDE}){AFTER}",
    "phone_number": f"{BEFORE}{MOBILE}{AFTER}",
}
IN_MARTS = {"token": "(?:^|[^A-Za-z])[a-p]{32}(?:$|[^A-Za-z])"}
# GB 32100: a firm's public code may have digits only, and one in some thousand then looks like a number of GB 11643.
FIRM = re.compile(r"^firm_(key|id)$")
FIRM_CODE = "9[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
# A digest of a file or of a rule set is long, and has letters: its digits mean nothing.
DIGEST = "[0-9]*[a-f][0-9a-f]*"

ROLES = [
    "child",
    "volunteer",
    "guardian",
    "parent",
    "trainee",
    "contact",
    "person",
    "participant",
    "streamer",
    "leader",
    "applicant",
    "lecturer",
    "legal_person",
]
ROLE = f"({'|'.join(ROLES)})"
PERSONAL = re.compile(
    r"(^|_)(id_no|id_number|id_card|identity_no|phone|phone_no|phone_number|mobile|telephone|address|birthday"
    rf"|birth_on|birth_date|full_name|{ROLE}_name)$|^name$"
)
PERSON = re.compile(rf"_tokens?$|^{ROLE}_(key|id)$")


def names(relation: Relation) -> list[tuple[str, str]]:
    """Return (column, rule) for every column of ``relation`` whose name says that it describes one person."""
    found = []
    for column in relation.columns:
        if PERSONAL.search(column.name) and column.type != "BOOLEAN":
            found.append((column.name, "personal_column"))
        elif relation.schema == MARTS.schema and PERSON.search(column.name):
            found.append((column.name, "person_in_marts"))
    return found


def suspicious(relation: Relation) -> str:
    """Return an SQL condition on one row: some text of it may hold what must not be there.

    One pass over all text of the row; what it finds, ``values`` looks at column by column.
    """
    text = [f"cast({quote(column.name)} as varchar)" for column in relation.columns if column.is_text]
    if not text:
        return "false"
    return f"regexp_matches(concat_ws(chr(31), {', '.join(text)}), '{'|'.join(_rules(relation).values())}')"


def values(connection: duckdb.DuckDBPyConnection, relation: Relation) -> list[tuple[str, str, int]]:
    """Return (column, rule, rows) for every text column of ``relation`` that breaks a rule; never a value."""
    asked = [(column, rule) for column in relation.columns if column.is_text for rule in _rules(relation)]
    counts = [f"count(*) filter (where {_breaks(column, _rules(relation)[rule])})" for column, rule in asked]
    [row] = connection.execute(f"select {', '.join(counts)} from {relation.quoted}").fetchall()
    return [(column.name, rule, count) for (column, rule), count in zip(asked, row, strict=True) if count]


def _rules(relation: Relation) -> dict[str, str]:
    return EVERYWHERE | IN_MARTS if relation.schema == MARTS.schema else EVERYWHERE


def _breaks(column: Column, pattern: str) -> str:
    text = f"cast({quote(column.name)} as varchar)"
    digest = f"(length({text}) between 16 and 64 and regexp_full_match({text}, '{DIGEST}'))"
    firm = f" and not regexp_full_match({text}, '{FIRM_CODE}')" if FIRM.search(column.name) else ""
    return f"regexp_matches({text}, '{pattern}') and not {digest}{firm}"
