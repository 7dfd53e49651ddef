"""The result says how long each action may take, also where operations and populations differ."""

from simulator.language.models.experiment import Experiment
from simulator.pipeline import objective_of


def test_the_result_has_the_times_of_operations_and_populations() -> None:
    within = {"default": "5 s", "operations": {"order": "20 s"}, "populations": {"partners": "1 min"}}
    written = {"experiment": "times", "topology": "", "duration": "1 h", "objective": {"within": within}}
    found = objective_of(Experiment.model_validate(written))
    assert (found.within_s, found.within_operations_s, found.within_populations_s) == (
        5.0,
        {"order": 20.0},
        {"partners": 60.0},
    )


def test_one_time_is_that_of_all() -> None:
    written = {"experiment": "times", "topology": "", "duration": "1 h", "objective": {"within": "3 s"}}
    found = objective_of(Experiment.model_validate(written))
    assert (found.within_s, found.within_operations_s, found.within_populations_s) == (3.0, {}, {})
