"""The label's tables as if-chains, and the rounding of what they give."""

from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.figures import down, half_up

Row = tuple[str, str, str]
"""band as the contract writes it, mg/kg (or mg for tablets), frequency"""


def ganciclovir(table: str, crcl: Fraction) -> Row | None:
    if table == "maintenance-5-days":
        return ("[70, ∞)", "6", "5/week") if crcl >= 70 else None
    if crcl >= 70:
        return ("[70, ∞)", "5", "q12h" if table == "induction" else "q24h")
    if crcl >= 50:
        return ("[50, 70)", "2.5", "q12h" if table == "induction" else "q24h")
    if crcl >= 25:
        return ("[25, 50)", "2.5" if table == "induction" else "1.25", "q24h")
    if crcl >= 10:
        return ("[10, 25)", "1.25" if table == "induction" else "0.625", "q24h")
    return None


def ganciclovir_on_haemodialysis(table: str) -> Row | None:
    if table == "induction":
        return ("haemodialysis", "1.25", "3/week-after-haemodialysis")
    if table == "maintenance":
        return ("haemodialysis", "0.625", "3/week-after-haemodialysis")
    return None


def valganciclovir(table: str, crcl: Fraction) -> Row | None:
    induction = table == "induction"
    if crcl >= 60:
        return ("[60, ∞)", "900", "q12h" if induction else "q24h")
    if crcl >= 40:
        return ("[40, 60)", "450", "q12h" if induction else "q24h")
    if crcl >= 25:
        return ("[25, 40)", "450", "q24h" if induction else "q48h")
    if crcl >= 10:
        return ("[10, 25)", "450", "q48h" if induction else "2/week")
    return None


def foscarnet(table: str, per_kg: Fraction) -> Row | None:
    """Open below, closed above: exactly 1.4 is not above 1.4."""
    if per_kg > Fraction("1.4"):
        return ("(1.4, ∞)", *FOSCARNET[table][0])
    if per_kg > Fraction("1.0"):
        return ("(1.0, 1.4]", *FOSCARNET[table][1])
    if per_kg > Fraction("0.8"):
        return ("(0.8, 1.0]", *FOSCARNET[table][2])
    if per_kg > Fraction("0.6"):
        return ("(0.6, 0.8]", *FOSCARNET[table][3])
    if per_kg > Fraction("0.5"):
        return ("(0.5, 0.6]", *FOSCARNET[table][4])
    if per_kg >= Fraction("0.4"):
        return ("[0.4, 0.5]", *FOSCARNET[table][5])
    return None


FOSCARNET = {
    "induction-90": [
        ("90", "q12h"),
        ("70", "q12h"),
        ("50", "q12h"),
        ("80", "q24h"),
        ("60", "q24h"),
        ("50", "q24h"),
    ],
    "induction-60": [
        ("60", "q8h"),
        ("45", "q8h"),
        ("50", "q12h"),
        ("40", "q12h"),
        ("60", "q24h"),
        ("50", "q24h"),
    ],
    "maintenance-90": [
        ("90", "q24h"),
        ("70", "q24h"),
        ("50", "q24h"),
        ("80", "q48h"),
        ("60", "q48h"),
        ("50", "q48h"),
    ],
    "maintenance-120": [
        ("120", "q24h"),
        ("90", "q24h"),
        ("65", "q24h"),
        ("105", "q48h"),
        ("80", "q48h"),
        ("65", "q48h"),
    ],
}

EDGES = {
    ("ganciclovir", "induction"): ["10", "25", "50", "70"],
    ("ganciclovir", "maintenance"): ["10", "25", "50", "70"],
    ("ganciclovir", "maintenance-5-days"): ["70"],
    ("valganciclovir", "induction"): ["10", "25", "40", "60"],
    ("valganciclovir", "maintenance"): ["10", "25", "40", "60"],
    ("foscarnet", "induction-90"): ["0.4", "0.5", "0.6", "0.8", "1.0", "1.4"],
    ("foscarnet", "induction-60"): ["0.4", "0.5", "0.6", "0.8", "1.0", "1.4"],
    ("foscarnet", "maintenance-90"): ["0.4", "0.5", "0.6", "0.8", "1.0", "1.4"],
    ("foscarnet", "maintenance-120"): ["0.4", "0.5", "0.6", "0.8", "1.0", "1.4"],
}


def row(drug: str, table: str, value: Fraction) -> Row | None:
    """The table's row for a clearance in the drug's own unit; None is no dose."""
    if drug == "ganciclovir":
        return ganciclovir(table, value)
    if drug == "valganciclovir":
        return valganciclovir(table, value)
    return foscarnet(table, value)


@dataclass(frozen=True)
class Rounded:
    """A dose that can be measured, and whether it had to go past the limit."""

    dose: Fraction
    over_limit: bool


def _within(exact: Fraction, rounded: Fraction, limit: str) -> bool:
    return abs(rounded - exact) <= exact * Fraction(limit) / 100


def rounded_ganciclovir(exact: Fraction, on_haemodialysis: bool) -> Rounded:
    step_to = down if on_haemodialysis else half_up
    if _within(exact, step_to(exact, 5), "5"):
        return Rounded(step_to(exact, 5), False)
    return Rounded(step_to(exact, 1), not _within(exact, step_to(exact, 1), "5"))


def rounded_foscarnet(exact: Fraction) -> Rounded:
    if _within(exact, half_up(exact, 50), "2.5"):
        return Rounded(half_up(exact, 50), False)
    return Rounded(half_up(exact, 10), not _within(exact, half_up(exact, 10), "2.5"))
