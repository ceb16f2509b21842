"""Working rows that pharmacists edit, and frozen releases the calculator reads."""

from .drug import Drug, DrugRule, Instruction, PublishedDose, Threshold
from .edition import Consideration, Edition
from .example import ExpectedOrder, WorkedExample
from .guidance import Disagreement, Guidance, Point, Side
from .handling import (
    Bag,
    BottlePreparation,
    Hydration,
    InfusionTime,
    OralPreparation,
    Rounding,
    VialPreparation,
)
from .impact import ImpactRun
from .monitoring import ActionLimit, DrugMonitoring, MonitoringPolicy, PolicyMonitoring, Rhythm
from .regimen import Phase, Regimen, RegimenMonitoring, RegimenRule, TransplantEnd
from .release import ContentRelease
from .source import Source
from .tables import AgeRange, ChildFormula, DoseRow, DoseTable, SchwartzRow

__all__ = [
    "ActionLimit",
    "AgeRange",
    "Bag",
    "BottlePreparation",
    "ChildFormula",
    "Consideration",
    "ContentRelease",
    "Disagreement",
    "DoseRow",
    "DoseTable",
    "Drug",
    "DrugMonitoring",
    "DrugRule",
    "Edition",
    "ExpectedOrder",
    "Guidance",
    "Hydration",
    "ImpactRun",
    "InfusionTime",
    "Instruction",
    "MonitoringPolicy",
    "OralPreparation",
    "Phase",
    "Point",
    "PolicyMonitoring",
    "PublishedDose",
    "Regimen",
    "RegimenMonitoring",
    "RegimenRule",
    "Rhythm",
    "Rounding",
    "SchwartzRow",
    "Side",
    "Source",
    "Threshold",
    "TransplantEnd",
    "VialPreparation",
    "WorkedExample",
]
