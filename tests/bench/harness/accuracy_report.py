# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""From comparisons with the truth to tables and an exit status.

A result is a dict: case, subject, background, pace, counts {verdict: n}, certain_and_wrong,
other_pid, not_sent, reasons {text: n}, wrong [what was said of what].
"""

import truth

_VERDICTS = (truth.RIGHT, truth.UNKNOWN, truth.AMBIGUOUS, truth.MISSING, truth.WRONG)
_HEAD = (*(f"{verdict} %" for verdict in _VERDICTS), "certain and wrong", "right, other pid",
         "not sent")


def result_of(comparison, not_sent):
    """The part of a result that comes from a truth.Comparison."""
    certain = sum(any(record.confidence == "certain" and record.programs for record in records)
                  for _, records in comparison.wrong)
    return {
        "counts": {verdict: comparison.counts[verdict] for verdict in _VERDICTS},
        "certain_and_wrong": certain,
        "other_pid": comparison.other_pid,
        "not_sent": not_sent,
        "reasons": dict(comparison.reasons.most_common(8)),
        "wrong": [{"truth": vars(sent), "records": [vars(record) for record in records]}
                  for sent, records in comparison.wrong[:5]],
    }


def _distinct(results, keys):
    return list(dict.fromkeys(tuple(result[key] for key in keys) for result in results))


def _cells(results):
    """The columns of _HEAD, of all these results together."""
    counts = {verdict: sum(result["counts"][verdict] for result in results)
              for verdict in _VERDICTS}
    total = sum(counts.values())
    cells = [f"{100 * count / total:.1f} ({count})" if count else "0"
             for count in counts.values()] if total else ["" for _ in counts]
    return cells + [str(sum(result[key] for result in results))
                    for key in ("certain_and_wrong", "other_pid", "not_sent")]


def table(results, keys):
    """Markdown: a row for each combination of `keys` that was measured, the rest added up."""
    rows = ["| " + " | ".join((*keys, *_HEAD)) + " |",
            "|" + "---|" * len(keys) + "---:|" * len(_HEAD)]
    for values in _distinct(results, keys):
        those = [result for result in results
                 if tuple(result[key] for key in keys) == values]
        words = [f"{value:,}" if isinstance(value, int) else str(value) for value in values]
        rows.append("| " + " | ".join((*words, *_cells(those))) + " |")
    return "\n".join(rows)


def wrong_of_procwalld(results):
    return sum(result["counts"][truth.WRONG] for result in results
               if result["subject"].startswith("procwalld"))


def summary(results):
    """The last line: whether what Procwall said was ever untrue."""
    wrong = wrong_of_procwalld(results)
    total = sum(sum(result["counts"].values()) for result in results
                if result["subject"].startswith("procwalld"))
    cases = dict.fromkeys(f"{result['case']} ({result['subject']})" for result in results
                          if result["subject"].startswith("procwalld")
                          and result["counts"][truth.WRONG])
    if not total:
        return "procwalld was not measured"
    if wrong:
        return f"FAILED: procwalld was wrong about {wrong} of {total} packets: {', '.join(cases)}"
    return f"ok: procwalld was wrong about none of {total} packets"
