"""Which kinds of interview there are, and which one an interview is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from interviewos.domain.errors import InvalidField
from interviewos.domain.interview import Interview
from interviewos.domain.plan import Plan

DEFAULT_PLAN = "classic"
"""What an interview is where none is chosen, and what those are that were created before there was a choice."""
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Plans:
    """Every kind that can be chosen, by id and then by language."""

    kinds: Mapping[str, Mapping[str, Plan]]

    @property
    def default(self) -> Plan:
        return self.kinds[DEFAULT_PLAN][DEFAULT_LANGUAGE]

    def find(self, plan_id: str = DEFAULT_PLAN, language: str = DEFAULT_LANGUAGE) -> Plan:
        """Find what a caller chose. Raises InvalidField."""
        if plan_id not in self.kinds:
            raise InvalidField(f"There is no such plan; these can be had: {', '.join(self.kinds)}.", pointer="/plan")
        languages = self.kinds[plan_id]
        if language not in languages:
            detail = f"This plan is not written in that language; it can be had in: {', '.join(languages)}."
            raise InvalidField(detail, pointer="/language")
        return languages[language]

    def of(self, interview: Interview) -> Plan:
        """Tell what an interview is."""
        return interview.plan or self.default
