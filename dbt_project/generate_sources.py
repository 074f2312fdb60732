"""Write what dbt must know about the clean datasets: models/sources.yml, seeds/dataset_code_labels.csv and the macro
that lists them.

Run from the project's root as ``python -m dbt_project.generate_sources``. Columns are described in
``ingest.contracts`` only; a test fails when these files differ from what this script would write.
"""

import csv
import io
from pathlib import Path

import polars as pl

from ingest.contracts import CONTRACTS, Contract

HERE = Path(__file__).parent
SOURCES = HERE / "models" / "sources.yml"
LABELS = HERE / "seeds" / "dataset_code_labels.csv"
DATASETS_MACRO = HERE / "macros" / "datasets.sql"
HOME = "{{ env_var('JINGUO_HOME') }}"

FINDING = {
    "sender": "报送单位代号",
    "delivery_id": "报送批次代号",
    "batch_id": "清洗批号",
    "sheet_no": "第几张表，从1起；CSV为0",
    "row_no": "文件中的行号，从1起",
    "record_key": "该行的业务键（只含代号），读不出则为空",
    "code": "原因代码",
    "column_name": "列名",
    "column_letter": "列号",
    "masked_value": "遮蔽后的原值",
}
CLASS = {"class": "类别：explain 须说明、warn 提醒、fix 已自动修正"}
DELIVERIES = {
    "delivery_id": "报送批次代号",
    "batch_id": "清洗批号",
    "sender": "报送单位代号",
    "dataset": "数据集",
    "kind": "种类：snapshot 全量、increment 增量、correction 更正、withdrawal 撤回",
    "as_of_on": "数据截至日期",
    "received_at": "收到时间（UTC）",
    "sequence": "收到次序",
    "state": "状态：clean 已接收、refused 退回、held 待核实",
    "reason_code": "退回或待核实的原因代码",
    "detail_code": "原因涉及的列名或程序错误类名",
    "records_in": "报送记录数",
    "clean_records": "接收记录数",
    "rejected_records": "退回记录数",
    "duplicate_records": "重复记录数",
    "non_data_records": "非数据行数（标题、空行、合计）",
    "unreadable_keys": "业务键读不出的退回记录数",
    "proves_absence": "缺席是否可作退出的依据",
    "cells": "单元格数",
    "spec_version": "报送格式版本",
    "rules_version": "规则版本",
    "token_key_id": "代号密钥编号",
    "byte_size": "文件字节数",
    "file_kind": "文件种类",
    "encoding": "文字编码",
}
REASONS = {"code": "原因代码", "severity": "类别", "zh": "中文说明", "en": "英文说明", "advice_zh": "给报送单位的建议"}
DATASETS = {"dataset": "数据集", "label": "中文名", "delivers": "报送方式", "cadence": "报送周期", "due_day": "截止日"}
RECORDS = {
    "deliveries": ("报送批次登记：一行为一个报送批次。", DELIVERIES),
    "reasons": ("原因目录：一行为一个原因代码。", REASONS),
    "datasets": ("数据集目录：一行为一个数据集。", DATASETS),
}


def quoted(text: str) -> str:
    """Return ``text`` as a YAML scalar that never changes its type."""
    return "'" + text.replace("'", "''") + "'"


def table(name: str, description: str, columns: dict[str, str]) -> list[str]:
    """Return the YAML lines of one source table; ``columns`` maps names to Chinese descriptions."""
    lines = [f"      - name: {name}", f"        description: {quoted(description)}", "        columns:"]
    for column, about in columns.items():
        lines += [f"          - name: {column}", f"            description: {quoted(about)}"]
    return lines


def source(name: str, description: str, location: str, tables: list[str]) -> list[str]:
    """Return the YAML lines of one source whose tables are read from ``location``."""
    head = [f"  - name: {name}", f"    description: {quoted(description)}", "    config:", "      meta:"]
    return [*head, f"        external_location: {quoted(location)}", "    tables:", *tables]


def _clean_table(contract: Contract) -> list[str]:
    columns = {name: column.description or name for name, column in contract.schema.columns().items()}
    return table(contract.dataset, f"{contract.label}。{contract.grain}", columns)


def sources_yml() -> str:
    """Return the text of models/sources.yml."""
    many = "read_parquet(''{}/{}/{{name}}/*.parquet'', union_by_name = true)".replace("''", "'")
    clean = [line for contract in CONTRACTS.values() for line in _clean_table(contract)]
    rejects, findings = [], []
    for name, contract in CONTRACTS.items():
        rejects += table(name, f"{contract.label}：被退回记录的一处原因。", FINDING)
        findings += table(name, f"{contract.label}：已接收记录的一处发现。", FINDING | CLASS)
    records = [line for name, (about, columns) in RECORDS.items() for line in table(name, about, columns)]
    lines = [
        "# Written by dbt_project/generate_sources.py from ingest/contracts; do not edit.",
        "version: 2",
        "sources:",
    ]
    lines += source("clean", "每个批次说了什么：已定型、用我们的词。", many.format(HOME, "clean"), clean)
    lines += source("rejects", "退回了什么，为什么。", many.format(HOME, "rejects"), rejects)
    lines += source("findings", "接收了但有疑问的是什么。", many.format(HOME, "findings"), findings)
    lines += source("deliveries", "报送登记。", f"read_parquet('{HOME}/deliveries/{{name}}.parquet')", records)
    return "\n".join(lines) + "\n"


def code_labels_csv() -> str:
    """Return the text of seeds/dataset_code_labels.csv: code_list (dataset.column), code, label_zh (official word)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code_list", "code", "label_zh"))
    for name, contract in CONTRACTS.items():
        for column, one in contract.written.items():
            if contract.frame_schema.get(column) == pl.Boolean:
                continue
            writer.writerows((f"{name}.{column}", code, words[0]) for code, words in one.codes.items())
    writer.writerows(("deliveries.dataset", name, contract.label) for name, contract in CONTRACTS.items())
    return out.getvalue()


def datasets_sql() -> str:
    """Return the text of macros/datasets.sql: a macro that returns the names of all datasets."""
    names = "".join(f"    '{name}',\n" for name in CONTRACTS)
    return (
        "{# Written by dbt_project/generate_sources.py from ingest/contracts; do not edit. #}\n"
        f"{{% macro datasets() %}}{{{{ return([\n{names}]) }}}}{{% endmacro %}}\n"
    )


def main() -> None:
    """Write all files."""
    DATASETS_MACRO.write_text(datasets_sql(), encoding="utf-8")
    SOURCES.write_text(sources_yml(), encoding="utf-8")
    LABELS.write_text(code_labels_csv(), encoding="utf-8")


if __name__ == "__main__":
    main()
