"""The page of contracts: futures are played once, and whatever is moved is priced from them without playing again."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from shown_pages import again, shown, texts
from small_scenarios import PHONE, written

from simulator.language import LANGUAGES, number, say, speaking
from simulator.planning.pricing.asked import Asked
from simulator.planning.pricing.pricing import play, priced
from simulator.scenario import load_scenario
from simulator.scenario.contract_file import load_contract
from simulator.scenario.contract_terms import contract_terms, moved
from simulator.scenario.saving import scenario_text
from simulator.ui import prices
from simulator.ui.app import desk
from simulator.ui.prices import Plays
from simulator.words import estimate_text, probability_text

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.planning.pricing.pricing import Pricing

SHOP = (
    PHONE
    + """
[groups.partner]
title = "Partner"
employer = "outsourced"
cost = "24 EUR/h"
[groups.partner.staffing]
"mon-fri 09:00-11:00" = 2
[groups.partner.skills.phone]
[suppliers.firm]
groups = ["partner"]
wage = "15 EUR/h"
"""
)
HOURS = """
title = "Hours"
currency = "EUR"
risk = "The shop carries volume."
[lines.hours]
unit = "logged hour"
groups = ["partner"]
base = { units = 60, rate = "20 EUR/h" }
rate = "22 EUR/h"
burst.more = { above = 100, rate = "30 EUR/h" }
"""
CALLS = """
title = "Calls"
currency = "EUR"
risk = "The supplier carries volume."
[lines.calls]
unit = "contact"
channels = ["phone"]
rate = "3 EUR/contact"
[service_levels.phone]
channels = ["phone"]
definition = "offered"
within = "20 s"
per = "day"
bands.poor = { below = "90 %", malus = "10 %" }
"""
FUTURES = 100


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds what another one had played."""
    monkeypatch.setattr(desk(), "prices", Plays())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A shop with a supplier, and two contracts."""
    written(tmp_path, SHOP)
    (tmp_path / "contracts").mkdir()
    written(tmp_path / "contracts", CALLS, "calls.toml")
    written(tmp_path / "contracts", HOURS, "hours.toml")
    return tmp_path


def pricing_of(folder: Path, asked: Asked | None = None, **overrides: object) -> Pricing:
    """What the package says of the same; overrides are of the hours contract."""
    scenario = load_scenario(folder / "small.toml")
    changes = {name.replace("__", "."): value for name, value in overrides.items()}
    contracts = [
        load_contract(folder / "contracts" / "calls.toml", scenario),
        load_contract(folder / "contracts" / "hours.toml", scenario, changes),
    ]
    return priced(play(scenario, contracts, futures=FUTURES, mixes=False), contracts, asked)


def played(app: AppTest, language: str = "en") -> AppTest:
    with speaking(language):
        app.selectbox(key="contracts futures").select(FUTURES)
        again(app)
        app.button(key="contracts play").click()
        return again(app)


def says(app: AppTest, pricing: Pricing, language: str = "en") -> None:
    """Every main figure of both sides stands on the page."""
    told = texts(app)
    assert pricing.supplier is not None
    with speaking(language):
        for view in pricing.supplier.views:
            assert estimate_text(view.revenue.mean, "currency", "EUR") in told
            assert estimate_text(view.margin.mean, "currency", "EUR") in told
            assert probability_text(view.margin.below()) in told
            assert (
                say(
                    "contracts.spread",
                    low=number(float(view.margin.p10.value)),
                    high=number(float(view.margin.p90.value)),
                )
                in told
            )
        for bought in pricing.buyer.contracts:
            assert estimate_text(bought.paid.mean, "currency", "EUR") in told
            assert estimate_text(bought.whole_cost.mean, "currency", "EUR") in told
            assert estimate_text(bought.per_contact, "currency", "EUR") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sides_say_what_the_package_says(workspace: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    app = shown(monkeypatch, workspace, "contracts", language)
    assert not texts(app).strip()
    played(app, language)
    assert not app.error
    says(app, pricing_of(workspace), language)
    with speaking(language):
        assert say("contracts.buyer") in texts(app)


def test_what_is_moved_is_priced_at_once_and_nothing_is_played_again(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = played(shown(monkeypatch, workspace, "contracts"))
    app.selectbox(key="contract moved ('calls', 'hours')").select("hours")
    again(app)

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(prices, "play", never)
    sliders = {each.label: each for each in app.main.select_slider}
    sliders[say("contracts.term.rates", title="")].set_value(Decimal("1.5"))
    again(app)
    sliders = {each.label: each for each in app.main.select_slider}
    sliders[say("contracts.term.block", title="Hours")].set_value(Decimal("80"))
    again(app)
    moved = pricing_of(
        workspace,
        lines__hours__rate="33 EUR/h",
        lines__hours__base__rate="30 EUR/h",
        lines__hours__base__units=80,
        lines__hours__burst__more__rate="45 EUR/h",
    )
    says(app, moved)
    assert say("contracts.moved") in texts(app)
    # The file that is taken away is the contract that is priced.
    (text,) = [each for each in app.session_state["contract terms moved"].values() if each.places]
    assert text.places == {"rates": Decimal("1.5"), "lines.hours.base.units": Decimal(80)}
    app.button(key="contract put back hours").click()
    again(app)
    says(app, pricing_of(workspace))
    assert say("contracts.moved") not in texts(app)


def test_the_rate_to_quote_can_be_set_and_then_keeps_what_was_asked(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = played(shown(monkeypatch, workspace, "contracts"))
    app.select_slider(key="contracts target").set_value(0.25)
    again(app)
    pricing = pricing_of(workspace, Asked(target_margin=0.25))
    assert pricing.supplier is not None
    quote = pricing.supplier.quotes[0].quote
    assert quote.factor is not None
    told = " ".join(each.value for each in app.markdown)
    change = number(100 * (float(quote.factor.value) - 1), 1, signed=True)
    assert f"{change} %" in told
    app.button(key="contracts set rates").click()
    again(app)
    (rates,) = [each for each in app.main.select_slider if each.label == say("contracts.term.rates", title="")]
    assert isinstance(rates.value, Decimal)
    assert 0 <= rates.value - Decimal(str(quote.factor.value)) <= Decimal("0.01")
    # Nothing more is asked for: what is quoted is now no dearer.
    (told,) = [each.value for each in app.markdown if say("contracts.quote", change="", by="")[:10] in each.value]
    assert " -" in told or " 0.0 %" in told


def test_a_contract_that_does_not_go_with_the_scenario_is_refused_with_its_clause(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(workspace / "contracts", HOURS.replace('["partner"]', '["nobody"]'), "bad.toml")
    app = shown(monkeypatch, workspace, "contracts")
    (told,) = [each.value for each in app.main.text if "nobody" in each.value]
    assert "lines.hours.groups" in told
    assert app.main.multiselect[0].value == ["calls", "hours"]


def test_a_contract_of_ones_own_is_chosen_beside_the_others_and_stays(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = shown(monkeypatch, workspace, "contracts")
    (upload,) = app.main.file_uploader
    upload.set_value([("mine.toml", CALLS.replace("Calls", "My calls").encode(), "application/toml")])
    again(app)
    assert app.main.multiselect[0].value == ["calls", "hours", "mine"]
    (upload,) = app.main.file_uploader
    upload.set_value([])
    again(app)
    assert "mine" in app.main.multiselect[0].value


def test_prices_of_other_settings_say_so(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = played(shown(monkeypatch, workspace, "contracts"))
    app.session_state["view"].set("groups.partner.extra_agents", 1, 0)
    again(app)
    assert say("contracts.of_other_settings") in [each.value for each in app.info]
    assert say("contracts.supplier") in texts(app)


def test_where_nothing_is_known_of_the_suppliers_costs_its_side_is_left_out(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(workspace, SHOP.partition("[suppliers.firm]")[0])
    app = played(shown(monkeypatch, workspace, "contracts"))
    assert say("contracts.no_supplier") in [each.value for each in app.info]
    assert say("contracts.supplier") not in texts(app).replace(say("contracts.pays"), "")
    assert say("contracts.buyer") in texts(app)
    assert not app.error


def test_in_a_shop_without_outsiders_there_is_nothing_to_price(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(workspace)
    for name, text in (("calls", CALLS), ("hours", HOURS.replace('groups = ["partner"]\n', ""))):
        written(workspace / "contracts", text, f"{name}.toml")
    app = shown(monkeypatch, workspace, "contracts")
    assert [each.value for each in app.info] == [say("contracts.nobody_outside")]


def test_two_who_ask_for_the_same_futures_share_them(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played(shown(monkeypatch, workspace, "contracts"))

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(prices, "play", never)
    other = shown(monkeypatch, workspace, "contracts")
    other.selectbox(key="contracts futures").select(FUTURES)
    again(other)
    says(other, pricing_of(workspace))


def test_a_contract_taken_away_is_the_one_that_was_priced(workspace: Path) -> None:

    raw = tomllib.loads(HOURS)
    overrides = moved(raw, contract_terms(raw), {"rates": Decimal("1.5")})
    (workspace / "contracts" / "dearer.toml").write_text(scenario_text(HOURS, overrides))
    scenario = load_scenario(workspace / "small.toml")
    saved = load_contract(workspace / "contracts" / "dearer.toml", scenario)
    told = load_contract(workspace / "contracts" / "hours.toml", scenario, overrides)
    assert saved.lines == told.lines
