"""Working rows that pharmacists edit, and frozen releases the calculator reads."""

from .audit import AuditEntry
from .drug import Drug, DrugRule, Instruction, PublishedDose, Threshold
from .edition import Consideration, Edition
from .example import ExpectedOrder, WorkedExample
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
from .impact import ImpactRun
from .monitoring import ActionLimit, DrugMonitoring, MonitoringPolicy, PolicyMonitoring, Rhythm
from .regimen import (
    Immunoglobulin,
    Phase,
    Regimen,
    RegimenMonitoring,
    RegimenRule,
    TransplantEnd,
)
from .release import ContentRelease
from .row_edit import RowEdit
from .source import Source
from .tables import AgeRange, ChildFormula, DoseRow, DoseTable, SchwartzRow
from .upgrade import Upgrade, UpgradeDecision
from .withdrawal import Withdrawal

__all__ = [
    "ActionLimit",
    "AgeRange",
    "AuditEntry",
    "Bag",
    "BottlePreparation",
    "ChildFormula",
    "ClockStep",
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
    "Immunoglobulin",
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
    "RowEdit",
    "SchwartzRow",
    "Side",
    "Source",
    "StartConditions",
    "Threshold",
    "TransplantEnd",
    "Upgrade",
    "UpgradeDecision",
    "VialPreparation",
    "Withdrawal",
    "WorkedExample",
]
