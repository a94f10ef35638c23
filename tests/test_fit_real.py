"""Times and patience of two real centres, against what is known of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.history.estimators.load import fit_load_effect
from simulator.history.estimators.patience import fit_patience, fit_queue_patience
from simulator.history.estimators.redial import fit_redial, fit_repeat
from simulator.history.estimators.times import fit_handling, fit_time
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history
from simulator.history.logs import Calls

MAPPINGS = Path(__file__).parents[1] / "scenarios" / "mappings"

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def dutch(data_folder: Path) -> Calls:
    files = sorted((data_folder / "vanad_2014").glob("vanad_calls_*.csv.gz"))
    calls = read_history(files, read_mapping(MAPPINGS / "vanad-calls.toml")).calls
    assert calls is not None
    return calls


@pytest.fixture(scope="module")
def bank(data_folder: Path) -> Calls:
    (file,) = data_folder.glob("anonymous_bank_*.csv.gz")
    calls = read_history([file], read_mapping(MAPPINGS / "anonymous-bank.toml")).calls
    assert calls is not None
    return calls


def test_the_dutch_agents_time_is_gamma_rather_than_lognormal(dutch: Calls) -> None:
    """A mean of about 250 s and a cv of about 0.72; so many calls show that it is not quite gamma either."""
    fit = fit_time(dutch.worked[dutch.served])
    gamma, lognormal = (next(e for e in fit.candidates if e.family == name) for name in ("gamma", "lognormal"))
    assert gamma.mean.value == pytest.approx(250.0, abs=3.0)
    assert gamma.cv.value == pytest.approx(0.72, abs=0.03)
    assert gamma.aic < lognormal.aic
    assert gamma.distance < lognormal.distance
    assert fit.chosen.distance < 0.02
    assert fit.chosen.mean.value == pytest.approx(dutch.worked[dutch.served].mean(), rel=1e-4)


def test_queues_of_the_dutch_centre_are_fitted_one_by_one_or_together(dutch: Calls) -> None:
    handling, patience = fit_handling(dutch), fit_queue_patience(dutch)
    calls = np.bincount(dutch.queue[dutch.served], minlength=len(dutch.queues))
    for q, fit in enumerate(handling.of_queue):
        assert handling.pooled[q] == (calls[q] < 200)
        assert handling.pooled[q] or fit.count == calls[q]
        assert fit.chosen.beyond_chance <= 0.03
    work = sum(fit.chosen.mean.value * count for fit, count in zip(handling.of_queue, calls, strict=True))
    assert work == pytest.approx(np.nansum(dutch.worked), rel=0.01)
    assert len(patience.of_queue) == len(dutch.queues)


def test_half_of_the_dutch_customers_would_wait_about_nine_minutes(dutch: Calls) -> None:
    """Known of it: a median of 558 s, which is what is found without those who gave up within a minute."""
    fit = fit_patience(dutch.waited, ~dutch.served)
    assert 450.0 < fit.median.value < 650.0
    assert fit.median.low < fit.median.value < fit.median.high
    stayed = dutch.served | (dutch.waited >= 60.0)
    median = fit_patience(dutch.waited[stayed], ~dutch.served[stayed]).median
    assert median.low < 558.0 < median.high
    assert fit.gave_up == np.count_nonzero(~dutch.served)
    assert fit.chosen.beyond_chance <= 0.03


def test_the_dutch_agents_work_hardly_depends_on_the_queue(dutch: Calls) -> None:
    effect = fit_load_effect(dutch)
    assert effect is not None
    assert 0.95 < effect.ratio.low < effect.ratio.high < 1.05
    assert effect.count.sum() == np.count_nonzero(dutch.served)


def test_the_banks_service_is_lognormal_but_for_calls_of_a_few_seconds(bank: Calls) -> None:
    """Some agents hung up on customers to get some rest (Brown et al. 2005); these calls are of no family."""
    service = bank.worked[bank.served]
    assert fit_time(service).chosen.family == "quantiles"
    fit = fit_time(service[service > 10.0])
    assert fit.chosen.family == "lognormal"
    assert fit.chosen.distance < 0.02
    assert min(each.distance for each in fit.candidates if each.family != "lognormal") > 0.05


def test_one_in_six_of_the_banks_customers_hangs_up_new_ones_soonest_and_brokers_customers_last(bank: Calls) -> None:
    """17.9 % hang up; of the large types the new are the least patient, and those who trade more than the usual."""
    assert (~bank.served).mean() == pytest.approx(0.179, abs=0.001)
    patience = dict(zip(bank.queues, fit_queue_patience(bank).of_queue, strict=True))
    medians = [patience[kind].median for kind in ("NW", "PS", "NE")]
    assert medians[0].high < medians[1].low
    assert medians[1].value < medians[2].value
    means = [patience[kind].chosen.mean.value for kind in ("NW", "PS", "NE")]
    assert means == sorted(means)


def test_who_hung_up_at_the_bank_calls_again_sooner_and_more_often_than_who_was_served(bank: Calls) -> None:
    redial, repeat = fit_redial(bank), fit_repeat(bank)
    assert redial is not None
    assert repeat is not None
    assert redial.share.low > repeat.share.high
    assert redial.delay.high < repeat.delay.low
