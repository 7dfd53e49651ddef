"""The part of the compiled plane that standbys ask for, which are switched on and grow."""

from simulator.data_plane.work.instances import start_instance
from simulator.kernels.blocks import Block


class Growing:
    """What is asked of a plane while a standby is made ready."""

    _plan: Block
    _memory: Block
    _now_ns: int

    def start_instance(self, service: int, region: int, number: int) -> None:
        """An instance of a site has just been started: it has nothing cached."""
        start_instance(self._plan, self._memory, service, region, number)
