"""The counties' own systems of the sample world: real servers on loopback that serve what a written world holds."""

from samples.systems.running import SYSTEMS, SampleSystem, running

__all__ = ["SYSTEMS", "SampleSystem", "running"]
