# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan: what the files below some paths set, as the document that reports are made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .._judge.catalogue import Catalogue
from .._messages.message import Message, Said, message
from .._shapes.scan import Mend, Notice, ScanDocument, ScanFinding, Shadowed
from . import accepted, fixes, formats, walk
from .judge import Judge, Verdict, shadowed
from .setting import RANDOM_FULLY, Names, Setting
from .walk import Walk

FILE = 'scan.json'
SCHEMA = 1


@dataclass
class Results:
    """What files were found to set; each list holds objects of scan.json."""

    findings: list[ScanFinding] = field(default_factory=list)
    suppressed: list[ScanFinding] = field(default_factory=list)
    shadowed: list[Shadowed] = field(default_factory=list)
    notices: list[tuple[str, Message]] = field(default_factory=list)
    files: int = 0


class Scanner:
    """Scans texts. kernels: the versions that the rules are asked for; judge.KERNELS where there are none.

    accepting: [(pattern of paths, reason)] of files whose findings are accepted.
    Raises ValueError for a kernel that is not a version.
    """

    def __init__(
        self, catalogue: Catalogue, kernels: Sequence[str] = (), accepting: Sequence[tuple[str, str]] = ()
    ) -> None:
        self._accepting = accepting
        self._rules = catalogue.rules
        self._judge = Judge(catalogue, kernels)
        self._names = Names(self._judge.keys)
        self.prefilter = walk.Prefilter(self._judge.keys)

    def scan(self, texts: Iterable[tuple[str, str]]) -> Results:
        """The results for [(path, text)]."""
        results = Results()
        for path, text in texts:
            results.files += 1
            self._file(path, text, results)
        return results

    def settings(self, path: str, text: str, results: Results) -> list[Setting]:
        """What a file sets. A fault of a parser costs that file, with a notice, and never the scan."""
        try:
            return formats.parse(path, text, self._names)
        except formats.Unclear as exc:
            results.notices.append((path, message('scan/unclear', line=str(exc))))
            return exc.found
        except Exception as exc:  # whatever a stranger's file makes of a parser
            results.notices.append((path, message('scan/not-understood', reason=type(exc).__name__)))
            return []

    def _file(self, path: str, text: str, results: Results) -> None:
        settings = self.settings(path, text, results)
        rows = text.split('\n')
        verdicts = self._judge.verdicts(dict.fromkeys(settings))
        plain = formats.form(path, text) == 'sysctl'
        mends = fixes.mends(path, text, verdicts, self._rules, lambda new: self.settings(path, new, Results()), plain)
        for verdict, mend in zip(verdicts, mends, strict=True):
            finding = self._finding(path, verdict, mend)
            reason, without = accepted.accepted(rows, verdict.setting.line, verdict.rule)
            reason = reason or accepted.of_path(path, self._accepting)
            if without:
                results.notices.append((path, message('scan/no-reason', line=without)))
            if reason:
                results.suppressed.append({**finding, 'reason': reason})
            else:
                results.findings.append(finding)
        results.shadowed += _shadowed(path, settings)

    def _finding(self, path: str, verdict: Verdict, mend: Mend | None) -> ScanFinding:
        setting = verdict.setting
        rule = self._rules.get(verdict.rule)
        said: Said = says(verdict, rule.title if rule else '')
        return {
            'path': path,
            'line': setting.line,
            'key': setting.key,
            'value': setting.value,
            'level': verdict.level,
            'rule': verdict.rule,
            'fix': mend,
            'kernels': dict(verdict.kernels),
            'text': said,
        }


def _shadowed(path: str, settings: Iterable[Setting]) -> Iterator[Shadowed]:
    for before, after in shadowed(settings):
        yield {
            'path': path,
            'line': before.line,
            'key': before.key,
            'value': before.value,
            'by_line': after.line,
            'by_value': after.value,
        }


def document(
    results: Results, walk: Walk, kernels: Sequence[str], baseline: Sequence[ScanFinding], version: str
) -> ScanDocument:
    """scan.json, with messages still to be told: findings in the order of paths and lines."""
    findings, known = accepted.parted(results.findings, baseline)
    notices: list[Notice] = [{'path': path, 'text': said} for path, said in [*walk.notices, *results.notices]]
    return {
        'schema': SCHEMA,
        'collection_version': version,
        'kernels': list(kernels),
        'files': {'seen': walk.seen, 'read': results.files},
        'findings': findings,
        'known': known,
        'suppressed': results.suppressed,
        'shadowed': results.shadowed,
        'notices': notices,
    }


def says(verdict: Verdict, title: str) -> Said:
    """The sentence on a finding; of a rule that users made, its title."""
    key, value = verdict.setting.key, verdict.setting.value
    kernels = list(verdict.kernels)
    told: dict[str, Message] = {
        RANDOM_FULLY: message('scan/random-fully'),
        'tw-recycle-exposed': message('scan/recycle', key=key, value=value),
        'tw-recycle-masked': message('scan/recycle-masked', key=key, value=value),
        'tw-recycle-stale-line': message('scan/recycle-stale', key=key, value=value),
        'timestamps-off': message('scan/timestamps-off', key=key, value=value),
        'timestamps-2-before-4.10': message('scan/timestamps-2', key=key, kernels=kernels),
        'tw-reuse-before-4.19': message('scan/reuse', key=key, value=value),
        'tw-reuse-2-before-4.19': message('scan/reuse-2', key=key, value=value, kernels=kernels),
        'tw-reuse-1': message('scan/reuse', key=key, value=value),
        'tw-reuse-delay': message('scan/reuse-delay', key=key, value=value),
        'rfc1337': message('scan/rfc1337', key=key, value=value),
        'syncookies-off': message('scan/syncookies-off', key=key, value=value),
        'syncookies-always': message('scan/syncookies-always', key=key, value=value),
        'somaxconn': message('scan/somaxconn', key=key, value=value),
        'abort-on-overflow': message('scan/abort-on-overflow', key=key, value=value),
        'conntrack-time-wait': message('scan/conntrack-time-wait', key=key, value=value),
        'ipvs-conn-reuse-before-5.9': message('scan/ipvs-delays', key=key, value=value, kernels=kernels),
        'ipvs-conn-reuse': message('scan/ipvs-keeps', key=key, value=value, kernels=kernels),
    }
    return told.get(verdict.rule, title)
