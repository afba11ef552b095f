# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""From measurements to the table and the verdict on the targets.

A result is a dict with the keys round, case, title, fds, subject and those of measurement.measure().
"""

import statistics

COLUMNS = ("case", "extra fds", "subject", "p50 us", "p90 us", "p99 us", "conn/s", "CPU us/conn",
           "p50 / null", "p99 / null", "rate / null", "failed", "lost")

# (load, what is compared, "<=" or ">=", the ratio to null)
_RATIO_TARGETS = tuple(
    (load, key, "<=", limit)
    for load in ("tcp-1", "udp-1", "udp-connected-1")
    for key, limit in (("p50_ns", 1.3), ("p99_ns", 2.0))
) + (("tcp-8", "rate", ">=", 0.7), ("udp-8", "rate", ">=", 0.7), ("flood", "max_ns", "<=", 3.0))
_FLAT_LOADS = ("tcp-1", "udp-1", "udp-connected-1")
_FLAT_LIMIT = 1.25  # largest p50 / null over smallest, over all numbers of fds
_MEMORY_LIMIT_MB = 25


class Report:
    def __init__(self, results):
        self._results = results

    def _of(self, case, subject):
        """The results of all rounds, by round."""
        return {result["round"]: result for result in self._results
                if result["case"] == case and result["subject"] == subject}

    def median(self, case, subject, key):
        values = [result[key] for result in self._of(case, subject).values()]
        return statistics.median(values) if values else None

    def total(self, case, subject, key):
        return sum(result[key] for result in self._of(case, subject).values())

    def ratio(self, case, subject, key):
        """Median over the rounds of subject / null, both of the same round."""
        null = self._of(case, "null")
        ratios = [result[key] / null[number][key]
                  for number, result in self._of(case, subject).items()
                  if number in null and null[number][key]]
        return statistics.median(ratios) if ratios else None

    def _distinct(self, key):
        return list(dict.fromkeys(result[key] for result in self._results))

    def table(self):
        """Markdown, a row per case and subject."""
        rows = ["| " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * (len(COLUMNS) - 1)]
        for case in self._distinct("case"):
            for subject in self._distinct("subject"):
                if self._of(case, subject):
                    rows.append("| " + " | ".join(self._row(case, subject)) + " |")
        return "\n".join(rows)

    def _row(self, case, subject):
        first = next(iter(self._of(case, subject).values()))
        latency = [_number(self.median(case, subject, key) / 1000)
                   for key in ("p50_ns", "p90_ns", "p99_ns")]
        ratios = [_ratio(self.ratio(case, subject, key)) if subject not in ("none", "null") else ""
                  for key in ("p50_ns", "p99_ns", "rate")]
        cpu = "" if subject == "none" else _number(self.median(case, subject, "cpu_us"))
        return [first["title"], f"{first['fds']:,}", subject, *latency,
                _number(self.median(case, subject, "rate")), cpu, *ratios,
                f"{self.total(case, subject, 'errors'):,}", f"{self.total(case, subject, 'lost'):,}"]

    def memory_table(self):
        rows = ["| subject | resident at most, MB | resident after a case, MB (median) |",
                "|---|---:|---:|"]
        for subject in self._distinct("subject"):
            values = [result for result in self._results if result["subject"] == subject]
            if subject != "none":
                peak = max(result["VmHWM"] for result in values) / 1024
                rows.append(f"| {subject} | {peak:.1f} | {self._resident_mb(subject):.1f} |")
        return "\n".join(rows)

    def _resident_mb(self, subject):
        return statistics.median(result["VmRSS"] for result in self._results
                                 if result["subject"] == subject) / 1024

    def targets(self, subject):
        """[(claim, what was measured, reached)] for all targets that the results speak about."""
        lines = []
        for load, key, relation, limit in _RATIO_TARGETS:
            for case in self._cases_of(load, subject):
                value = self.ratio(case, subject, key)
                reached = value <= limit if relation == "<=" else value >= limit
                lines.append((f"{case}: {_KEY_NAMES[key]} {relation} {limit:g} x null",
                              f"{value:.2f}", reached))
        for load in _FLAT_LOADS:
            ratios = [self.ratio(case, subject, "p50_ns") for case in self._cases_of(load, subject)]
            if len(ratios) > 1:
                spread = max(ratios) / min(ratios)
                lines.append((f"{load}: p50 / null flat over the extra fds (within {_FLAT_LIMIT:g} x)",
                              f"{spread:.2f}", spread <= _FLAT_LIMIT))
        for case in self._cases_of("flood", subject):
            bad = self.total(case, subject, "errors") + self.total(case, subject, "lost")
            lines.append((f"{case}: all answered, nothing lost", f"{bad} missing", bad == 0))
        if any(result["subject"] == subject for result in self._results):
            resident = self._resident_mb(subject)
            lines.append((f"resident memory after a case <= {_MEMORY_LIMIT_MB} MB",
                          f"{resident:.1f} MB", resident <= _MEMORY_LIMIT_MB))
        return lines

    def _cases_of(self, load, subject):
        return [case for case in self._distinct("case") if case.split("@")[0] == load
                and self.ratio(case, subject, "p50_ns") is not None]

    def target_table(self, subject):
        rows = [f"| target for {subject} | measured | reached |", "|---|---:|---|"]
        rows += [f"| {claim} | {value} | {'yes' if reached else '**no**'} |"
                 for claim, value, reached in self.targets(subject)]
        return "\n".join(rows)


_KEY_NAMES = {"p50_ns": "p50", "p99_ns": "p99", "rate": "rate", "max_ns": "time to the last answer"}


def _number(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _ratio(value):
    return "" if value is None else f"{value:.2f}"
