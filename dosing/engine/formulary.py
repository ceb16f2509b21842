"""The clinical content as the engine reads it: frozen, cited, and never built half-valid.

Every number a dose depends on is a row here with the slugs of its sources. Amounts are Decimal,
exactly as the content writes them, so that "1.0" stays "1.0" in a band and in the digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .guidance import Disagreement, Guidance, Point, Side
from .handling import (
    Bag,
    BottlePreparation,
    ClockStep,
    Hydration,
    InfusionTime,
    OralPreparation,
    Rounding,
    StartConditions,
    VialPreparation,
)
from .patient import WorkedExample
from .rhythms import ActionLimit, MonitoringPolicy, MonitoringRule, Rhythm
from .tables import AgeRange, ChildFormula, DoseRow, DoseTable, SchwartzRow
from .terms import (
    COURSES,
    DOSES_PER_DAY,
    ENDINGS,
    FORMAT,
    GROUPS,
    INSTRUCTIONS,
    LABS,
    LEVELS,
    MEASURES,
    PURPOSES,
    REGIONS,
    ROUTES,
    SEXES,
    SITUATIONS,
    TESTS,
    require,
)

__all__ = [
    "COURSES",
    "DOSES_PER_DAY",
    "ENDINGS",
    "FORMAT",
    "GROUPS",
    "INSTRUCTIONS",
    "LABS",
    "LEVELS",
    "MEASURES",
    "PURPOSES",
    "REGIONS",
    "ROUTES",
    "SEXES",
    "SITUATIONS",
    "TESTS",
    "ActionLimit",
    "AgeRange",
    "Bag",
    "BottlePreparation",
    "ChildFormula",
    "ClockStep",
    "Consideration",
    "Disagreement",
    "DoseRow",
    "DoseTable",
    "Drug",
    "Formulary",
    "Guidance",
    "Hydration",
    "InfusionTime",
    "Instruction",
    "MonitoringPolicy",
    "MonitoringRule",
    "OralPreparation",
    "Phase",
    "Point",
    "PublishedDose",
    "Regimen",
    "Rhythm",
    "Rounding",
    "Rule",
    "SchwartzRow",
    "Side",
    "Source",
    "StartConditions",
    "Threshold",
    "TransplantEnd",
    "VialPreparation",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure stands in print, or the words "this content's default"."""

    slug: str
    title: str
    section: str = ""
    edition: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A finding the content attaches to a drug or a regimen.

    `when` is empty (always), a condition the form asks for ("pregnant"), "dialysis" (any kind),
    "on-treatment" and "before-treatment" (a creatinine from before the first dose was given, or
    not), "allergy:SLUG", or "taking:SLUG" ("taking:SLUG+SLUG": both together).
    """

    code: str
    level: str
    text: str
    when: str = ""
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.level in LEVELS, f"level must be one of {LEVELS}, not {self.level!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One sentence on preparing, giving or handling a drug. kind: prepare, give, handle, advise."""

    kind: str
    text: str
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.kind in INSTRUCTIONS, f"kind must be one of {INSTRUCTIONS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDose:
    """What is published where this content has no dose: shown as printed, never used."""

    situation: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A count below which a drug is not started (stop_below) or watched more (caution_below)."""

    lab: str
    stop_below: Decimal
    caution_below: Decimal | None = None
    advice: str = ""
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.lab in LABS, f"lab must be one of {LABS}, not {self.lab!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One drug with everything the content says about it."""

    slug: str
    name: str
    brands: str
    form: str
    drug_class: str = ""
    route: str
    tables: Mapping[str, DoseTable]
    roundings: tuple[Rounding, ...] = ()
    vial: VialPreparation | None = None
    bottle: BottlePreparation | None = None
    oral: OralPreparation | None = None
    start_conditions: StartConditions | None = None
    clock: tuple[ClockStep, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    near_edge_percent: Decimal
    near_edge_caution_percent: Decimal | None = None
    limited_data_creatinine_mg_dl: Decimal | None = None
    limited_data_crcl_ml_min: Decimal | None = None
    hard_max_mg_per_day: Decimal | None = None
    rules: tuple[Rule, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    published_doses: tuple[PublishedDose, ...] = ()
    action_limits: tuple[ActionLimit, ...] = ()
    monitoring: tuple[MonitoringRule, ...] = ()
    #: Its own date, where it is to be reviewed apart from the edition.
    review_by: date | None = None
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.route in ROUTES, f"route must be one of {ROUTES}")
        ways = [way for way in (self.vial, self.bottle, self.oral) if way is not None]
        require(len(ways) <= 1, f"{self.slug} has more than one way of preparation")
        infused = self.route == "intravenous"
        require(bool(ways) or not infused, f"{self.slug} is given IV and has no preparation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One drug and table for a length of time.

    ending "days": its own length; "course": up to the course's last day (the three figures are
    last days of the course); "open": no end; "transplant": to a day after transplantation.
    It begins `days_after` days after the last day of the phase before; `fixed`: no other length.
    """

    drug: str
    table: str
    monitoring: str
    ending: str
    with_previous: bool = False
    days_after: int = 1
    fixed: bool = False
    shortest: int | None = None
    usual: int | None = None
    longest: int | None = None
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.ending in ENDINGS, f"ending must be one of {ENDINGS}")
        require(self.monitoring in COURSES, f"monitoring must be one of {COURSES}")
        require(self.days_after >= 1, "a phase begins after the one before")
        lengths = (self.shortest, self.usual, self.longest)
        if self.ending in ("days", "course"):
            known = [length for length in lengths if length is not None]
            require(len(known) == 3 and known == sorted(known) and known[0] >= 1, "bad lengths")
        else:
            require(lengths == (None, None, None), f"{self.ending} phases have no lengths")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransplantEnd:
    """The last day after transplantation, by organ ("" = any)."""

    organ: str = ""
    shortest: int
    usual: int
    longest: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """Who it is for, its phases, how it ends; what to offer when a later phase is stopped.

    `groups` and `situations` find it from who the patient is and what is wrong. A first phase
    shorter than `full_first_phase_days` needs a course of `course_days_after_short_phase` in all.
    Surveillance has no phase and no drug. `immunoglobulin` is what is published about adding it.
    """

    slug: str
    title: str
    audience: str
    purpose: str
    description: str = ""
    stop_criteria: str = ""
    start_late_after_day: int | None = None
    fallback_regimen: str = ""
    groups: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    full_first_phase_days: int | None = None
    course_days_after_short_phase: int | None = None
    phases: tuple[Phase, ...]
    transplant_ends: tuple[TransplantEnd, ...] = ()
    rules: tuple[Rule, ...] = ()
    monitoring: tuple[MonitoringRule, ...] = ()
    immunoglobulin: tuple[PublishedDose, ...] = ()
    review_by: date | None = None
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        watched = self.purpose == "surveillance"
        require(watched or bool(self.phases), f"{self.slug} has no phase")
        require(not watched or not self.phases, f"{self.slug} watches and has a phase")
        require(self.purpose in PURPOSES, f"purpose must be one of {PURPOSES}")
        require(set(self.groups) <= set(GROUPS), f"groups must be of {GROUPS}")
        require(set(self.situations) <= set(SITUATIONS), f"situations must be of {SITUATIONS}")
        short = (self.full_first_phase_days, self.course_days_after_short_phase)
        require(short.count(None) in (0, 2), "a short first phase needs both figures")
        ends = watched or any(phase.ending == "transplant" for phase in self.phases)
        require(ends == bool(self.transplant_ends), "transplant phases and ends belong together")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consideration:
    """Something this content does not consider: on the page, and if `on_sheet` on paper too."""

    text: str
    on_sheet: bool = True
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulary:
    """One edition of the whole content; `owner` answers for it. The first policy is the default."""

    format: int = FORMAT
    edition: str
    review_by: date
    contact: str
    owner: str = ""
    sources: Mapping[str, Source]
    rhythms: Mapping[str, Rhythm]
    policies: tuple[MonitoringPolicy, ...]
    drugs: Mapping[str, Drug]
    regimens: Mapping[str, Regimen]
    considerations: tuple[Consideration, ...] = ()
    guidance: Mapping[str, Guidance] = field(default_factory=dict)
    disagreements: Mapping[str, Disagreement] = field(default_factory=dict)
    examples: tuple[WorkedExample, ...] = ()
    #: Drug → why it is withdrawn. Not part of the edition: neither frozen nor digested with it.
    withdrawn: Mapping[str, str] = field(default_factory=dict, metadata={"travels": False})
    #: Regimen → why it cannot be chosen at present. Not part of the edition either.
    closed: Mapping[str, str] = field(default_factory=dict, metadata={"travels": False})

    def __post_init__(self) -> None:
        require(self.format == FORMAT, f"format {self.format} is not {FORMAT}")
        require(bool(self.policies), "no monitoring policy")

    @property
    def default_policy(self) -> MonitoringPolicy:
        """The policy used unless another is chosen."""
        return self.policies[0]

    @property
    def open_regimens(self) -> tuple[Regimen, ...]:
        """Those that can be chosen at present."""
        return tuple(one for slug, one in self.regimens.items() if slug not in self.closed)

    def policy(self, slug: str) -> MonitoringPolicy:
        """The policy of that name; the default one where none is named."""
        return next((one for one in self.policies if one.slug == slug), self.default_policy)

    def table(self, phase: Phase) -> DoseTable:
        """The dose table a phase points at."""
        return self.drugs[phase.drug].tables[phase.table]
