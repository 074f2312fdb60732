"""``jinguo explain``: what a file looks like to us, before it is anybody's delivery."""

from pathlib import Path
from typing import Annotated

import typer


def explain(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    sender: Annotated[str, typer.Option(help="Use this sender's own headers as well.")] = "",
    dataset: Annotated[str | None, typer.Option(help="Which ledger it is; guessed from the headers otherwise.")] = None,
) -> None:
    """Show encoding, sheets, header row, matched and unmatched columns of FILE, and draft a TOML. Nothing is landed."""
    from ingest.contracts import CONTRACTS
    from ingest.explain import explain as explained
    from ingest.reasons import REASONS, Refused
    from orchestration.problems import Problem
    from orchestration.screen import say, table

    if dataset and dataset not in CONTRACTS:
        raise Problem("dataset_unknown", dataset, "one of: " + ", ".join(CONTRACTS), usage=True)
    try:
        found = explained(file, sender, dataset)
    except Refused as refused:
        reason = REASONS[refused.code]
        raise Problem(refused.code, f"{reason.zh}（{reason.en}）", reason.advice_zh) from None
    kind = "，".join(filter(None, (found.file_kind, found.encoding)))
    if not any(sheet.header_row for sheet in found.sheets):
        what = f"{kind}：哪张表都找不到表头行。No header row was found in any sheet."
        raise Problem("header_not_found", what, "请核对文件，或用 --dataset 指明是哪种台账：" + "、".join(CONTRACTS))
    say(f"{kind}；{CONTRACTS[found.dataset].label}（{found.dataset}）", "bold")
    for sheet in found.sheets:
        header = f"表头第{sheet.header_row}行" if sheet.header_row else "找不到表头行"
        hidden = "，隐藏（不读）" if sheet.is_hidden else ""
        name = f"表{sheet.sheet_no} {sheet.sheet_name}：" if sheet.sheet_no else ""
        title = f"{name}{sheet.records}行，{header}{hidden}"
        if not sheet.columns:
            say(title, "bold")
            continue
        rows = [(one.letter, one.header, one.name or "—", one.profile) for one in sheet.columns]
        table(title, ["列", "表头", "对应 matched", "值的样子 profile"], rows)
    if found.missing:
        say("缺少必填列：" + "、".join(found.missing), "bold red")
    place = f"ingest/senders/{sender or '<sender>'}/{found.dataset}.toml"
    say(f"草稿 draft of {place}:", "bold")
    say(found.draft_toml)
