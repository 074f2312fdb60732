"""One night as one graph of four steps, and every asset and check that they tell of.

A step says what became of an asset with one event. An output each, as ``multi_asset`` wants them, would be one line
more a night for every asset, and would skip a step for want of an asset that did not change; here a step waits for
nothing but the word of the one before it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from orchestration.problems import guarded

GO_ON = "go_on"
_HELD = AssetCheckExecutionRecordStatus.SUCCEEDED
Told = Iterator[dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckResult | dg.Output]


@dataclass(frozen=True)
class Step:
    """One step: what it may tell of, and what it does.

    ``body`` takes the context, where the resource ``night`` is, yields materializations and results of checks, and,
    unless it is the last, ``go_on()`` at its end: without it the steps behind it are skipped.
    """

    name: str
    body: Callable[..., Told]
    specs: Sequence[dg.AssetSpec]
    checks: Sequence[dg.AssetCheckSpec] = field(default=())

    @property
    def assets(self) -> Mapping[str, dg.AssetKey]:
        """Name of an output -> the asset that it stands for."""
        return {_output(spec.key): spec.key for spec in self.specs}

    @property
    def checked(self) -> Mapping[str, dg.AssetCheckSpec]:
        """Name of an output -> the check that it stands for."""
        return {f"{_output(spec.asset_key)}__{spec.name}": spec for spec in self.checks}

    @property
    def outputs(self) -> Sequence[str]:
        """The names of all outputs that stand for something."""
        return [*self.assets, *self.checked]


def go_on() -> dg.Output:
    """What a step yields at its end for the next one to begin."""
    return dg.Output(None, GO_ON)


def changed(
    context: dg.OpExecutionContext, key: Sequence[str], content: str, facts: Callable[[], Mapping[str, Any]]
) -> Iterator[dg.AssetMaterialization]:
    """Tell of an asset, unless the last that was told of it had the same ``content``: a quiet ledger leaves no line."""
    last = context.instance.get_latest_materialization_event(dg.AssetKey(key))
    before = last.asset_materialization.metadata.get("content") if last and last.asset_materialization else None
    if before is None or before.value != content:
        yield dg.AssetMaterialization(dg.AssetKey(key), metadata={**facts(), "content": content})


def proved(context: dg.OpExecutionContext, checks: Sequence[dg.AssetCheckSpec]) -> Mapping[dg.AssetKey, str]:
    """The ``content`` of which each check was last told that it holds; none of one that failed or was only planned."""
    told = context.instance.event_log_storage.get_latest_asset_check_execution_by_key([one.key for one in checks])
    held = {key.asset_key: one.evaluation for key, one in told.items() if one.status == _HELD}
    return {key: str(one.metadata["content"].value) for key, one in held.items() if one and "content" in one.metadata}


def hashed(words: Iterable[str]) -> str:
    """A short hash of a set of words, in whatever order they come."""
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]


def night_assets(steps: Sequence[Step]) -> dg.AssetsDefinition:
    """Return the assets of all ``steps``, which run one after the other."""
    ops = [_op(step, is_first=step is steps[0], is_last=step is steps[-1]) for step in steps]
    waits = {later.name: {GO_ON: dg.DependencyDefinition(earlier.name, GO_ON)} for earlier, later in pairwise(steps)}
    graph = dg.GraphDefinition(
        name="night",
        node_defs=ops,
        dependencies=waits,
        output_mappings=[
            dg.OutputMapping(graph_output_name=name, mapped_node_name=step.name, mapped_node_output_name=name)
            for step in steps
            for name in step.outputs
        ],
    )
    return dg.AssetsDefinition(
        node_def=graph,
        keys_by_output_name={name: key for step in steps for name, key in step.assets.items()},
        check_specs_by_output_name={name: spec for step in steps for name, spec in step.checked.items()},
        specs=[spec for step in steps for spec in step.specs],
    )


def _op(step: Step, *, is_first: bool, is_last: bool) -> dg.OpDefinition:
    names = step.outputs if is_last else [*step.outputs, GO_ON]
    outs = {name: dg.Out(dg.Nothing, is_required=False) for name in names}
    begins = {} if is_first else {GO_ON: dg.In(dg.Nothing)}
    return dg.op(name=step.name, ins=begins, out=outs, required_resource_keys={"night"})(guarded(step.body))


def _output(key: dg.AssetKey) -> str:
    return "__".join(key.path)
