"""How far what a client asks for lies from what clients ask for in quiet times.

Counts are compared by their square roots: one that comes about at random varies by a half there, however
large it is. A client's distance is that to the k-th nearest of the quiet ones (Ramaswamy, Rastogi and Shim,
*Efficient algorithms for mining outliers from large data sets*, SIGMOD 2000), as PyOD computes it.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import UsageError

NEIGHBOURS = 5
"""k."""

Counts = NDArray[np.int64]


@cache
def knn() -> Any:
    """PyOD's detector. UsageError with the remedy if it is not installed."""
    try:
        return _imported()
    except ImportError:
        raise UsageError(
            "a detector of unusual clients needs PyOD; install it with "
            "pip install 'multiregion-simulator[anomaly]', or leave 'detectors' out"
        ) from None


def _imported() -> Any:
    from pyod.models.knn import KNN

    return KNN


class Usual:
    """What is usual, learned from the counts [clients and periods, columns] of quiet times."""

    def __init__(self, quiet: Counts, margin: float) -> None:
        self._model = None
        self._nearest = np.sqrt(quiet)
        if len(quiet) > NEIGHBOURS:
            self._model = knn()(n_neighbors=NEIGHBOURS).fit(self._nearest)
            self.limit = margin * max(float(self._model.decision_scores_.max()), _LEAST)

    @property
    def is_known(self) -> bool:
        """Whether enough has been seen."""
        return self._model is not None

    def distances(self, counts: Counts) -> NDArray[np.float64]:
        """The distance of each row, as a share of that from which on a client is unusual."""
        different, places = np.unique(counts, axis=0, return_inverse=True)
        assert self._model is not None
        scores: NDArray[np.float64] = self._model.decision_function(np.sqrt(different)) / self.limit
        return scores[places.ravel()]


_LEAST = 0.5
"""Where all quiet clients are alike, one random half is usual all the same."""
