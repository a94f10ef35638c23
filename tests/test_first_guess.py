"""What a file is, and which of its columns is what, guessed from names and cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.history.importing.first_guess import FirstGuess, first_guess
from simulator.history.importing.imported import HistoryKind
from simulator.history.importing.mapping_file import kind_of, read_mapping
from simulator.history.logs.ticket_mapping import TicketMapping

MAPPINGS = Path(__file__).parents[1] / "scenarios" / "mappings"
ZONE = "Europe/Helsinki"


def guessed(tmp_path: Path, header: str, *rows: str, kind: HistoryKind | None = None) -> FirstGuess:
    file = tmp_path / "file.csv"
    file.write_text("\n".join((header, *rows, "")), "utf-8")
    return first_guess(file, ZONE, kind)


@pytest.mark.parametrize(
    ("header", "rows", "kind", "columns"),
    [
        (
            "Ticket ID,Created at,First reply at,Solved at,Requester ID,Via,Subject",
            ["1,2026-03-02 09:00,2026-03-02 10:00,2026-03-03 10:00,7,mail,Help", "2,2026-03-02 09:30,,,8,web,Hello"],
            "tickets",
            {
                "created": "Created at",
                "first_reply": "First reply at",
                "solved": "Solved at",
                "channel": "Via",
                "customer": "Requester ID",
                "number": "Ticket ID",
            },
        ),
        (
            "Tikettinumero;Luotu;Ensivastaus;Ratkaistu;Aihe",
            ["1;2.3.2026 9.00;2.3.2026 10.00;;lasku", "2;2.3.2026 9.30;;;toimitus"],
            "tickets",
            {
                "created": "Luotu",
                "first_reply": "Ensivastaus",
                "solved": "Ratkaistu",
                "topic": "Aihe",
                "number": "Tikettinumero",
            },
        ),
        (
            "Order ID,Order date,Quantity,Order total,Customer ID,Status",
            ["1,2026-03-02 09:00:00,2,20.50,7,sent", "2,2026-03-02 09:10:00,1,9,8,sent"],
            "orders",
            {
                "placed": "Order date",
                "units": "Quantity",
                "value": "Order total",
                "customer": "Customer ID",
                "number": "Order ID",
            },
        ),
        (
            "Tilausnumero;Tilausaika;Kpl;Summa",
            ["1;2.3.2026 9.00;2;20,50", "2;2.3.2026 9.10;1;9,00"],
            "orders",
            {"placed": "Tilausaika", "units": "Kpl", "value": "Summa", "number": "Tilausnumero"},
        ),
        (
            "received,answered,ended,queue,agent",
            ["2026-03-02 09:00:01,2026-03-02 09:00:05,2026-03-02 09:04:00,sales,7"] * 2,
            "calls",
            None,
        ),
        ("Date,Offered,Answered", ["2026-03-02,12,11", "2026-03-03,14,13"], "intervals", None),
        ("Date,Orders,Units", ["2026-03-02,12,30", "2026-03-03,14,31"], "intervals", None),
    ],
)
def test_the_kind_and_the_columns_of_events(
    header: str, rows: list[str], kind: HistoryKind, columns: dict[str, str] | None, tmp_path: Path
) -> None:
    guess = guessed(tmp_path, header, *rows)
    assert kind_of(guess.mapping) == kind
    if columns is not None:
        assert guess.mapping.columns == {role: (name,) for role, name in columns.items()}
        assert guess.reasons.keys() == columns.keys()
        assert {*columns.values(), *guess.unused} == set(header.replace(";", ",").split(","))


def test_columns_whose_cells_gainsay_their_name_are_not_used(tmp_path: Path) -> None:
    header = "Order ID,Ordered at,Units"
    guess = guessed(tmp_path, header, "1,2026-03-02 09:00,box", "2,2026-03-02 09:05,bag")
    assert guess.unused == ("Units",)
    assert kind_of(guessed(tmp_path, "Order ID,Ordered at,Offered", "1,by phone,5", "2,by web,6").mapping) != "orders"


def test_the_shipped_mapping_of_tickets_is_what_is_guessed_of_such_an_export(tmp_path: Path) -> None:
    by_hand = read_mapping(MAPPINGS / "helpdesk-tickets.toml")
    assert isinstance(by_hand, TicketMapping)
    header = ",".join(name for (name,) in by_hand.columns.values())
    guess = guessed(tmp_path, header, "1,2026-03-02 09:00,2026-03-02 10:00,2026-03-02 11:00,bill,7")
    assert guess.mapping == by_hand


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "mapping", "timezone"),
    [
        ("vanad_2014/vanad_calls_2014_01.csv.gz", "vanad-calls", "Europe/Amsterdam"),
        ("anonymous_bank_1999_02.csv.gz", "anonymous-bank", "Asia/Jerusalem"),
        ("us_bank_calls_2003_5min_days_1_120.csv.gz", "us-bank", "America/New_York"),
        ("kaggle_call_center_daily.csv", "kaggle-daily", "UTC"),
        ("uci_online_retail_invoices.csv.gz", "uci-orders", "Europe/London"),
    ],
)
def test_real_files_are_guessed_as_a_person_would_map_them(
    name: str, mapping: str, timezone: str, data_folder: Path
) -> None:
    guess = first_guess(data_folder / name, timezone).mapping
    by_hand = read_mapping(MAPPINGS / f"{mapping}.toml")
    assert kind_of(guess) == kind_of(by_hand)
    assert {role: name for role, name in guess.columns.items() if role != "contact"} == dict(by_hand.columns)


@pytest.mark.parametrize(
    ("header", "row", "columns"),
    [
        (
            "Saapunut;Jono;Agentti;Vastattu;Päättynyt",
            "16.02.2026 08:00:09;Laskutus;Aino;16.02.2026 08:00:12;16.02.2026 08:03:17",
            {
                "arrival": ("Saapunut",),
                "answered": ("Vastattu",),
                "ended": ("Päättynyt",),
                "queue": ("Jono",),
                "agent": ("Agentti",),
            },
        ),
        (
            "Anrufbeginn;Warteschlange;Agent;Wartezeit;Gesprächsdauer;Nachbearbeitung;Status",
            "16.02.2026 08:00:09;Rechnung;Ute;0:00:03;0:03:05;0:00:30;angenommen",
            {
                "arrival": ("Anrufbeginn",),
                "waited": ("Wartezeit",),
                "worked": ("Gesprächsdauer", "Nachbearbeitung"),
                "queue": ("Warteschlange",),
                "agent": ("Agent",),
                "outcome": ("Status",),
            },
        ),
        (
            "Samtalsstart;Kö;Handläggare;Väntetid;Samtalstid;Efterarbete",
            "2026-02-16 08:00:09;Faktura;Elsa;0:00:03;0:03:05;0:00:30",
            {
                "arrival": ("Samtalsstart",),
                "waited": ("Väntetid",),
                "worked": ("Samtalstid", "Efterarbete"),
                "queue": ("Kö",),
                "agent": ("Handläggare",),
            },
        ),
    ],
)
def test_logs_of_calls_in_other_words(
    header: str, row: str, columns: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    guess = guessed(tmp_path, header, row, row.replace("08:0", "08:1"))
    assert kind_of(guess.mapping) == "calls"
    assert guess.mapping.columns == columns
