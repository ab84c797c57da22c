# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a change, shared by check mode, diff mode and the real run. Writes nothing."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..errors import Failed, Refused, Unreadable
from ..keys import RECYCLE, REMOVED_FROM, TIMESTAMPS, module_of, of_interfaces
from ..parsers.release import parse_release
from ..parsers.sysctl_value import checked_key, checked_value, same
from ..readers import procfs
from . import agreement
from .namespace_identity import HOST, Gone, key_of, read
from .places import Places

DEFAULT_FILE = '/etc/sysctl.d/99-zz-nodetcp-paws.conf'
LEFT_OUT = '%s: left out, neither in force nor persisted'
FIRST = (RECYCLE, TIMESTAMPS, 'net.ipv4.ip_local_reserved_ports')


class Request(object):
    """The checked arguments: wanted [(key, value, reason)] in the order of writing, gone {key: reason}, file, names.

    reload: whether running values are written; module_rules: whether modules that load late get their settings by
    udev; notes: sentences on settings that are left out.
    """

    def __init__(self, arguments):
        self.notes, self.skips = [], arguments.get('on_refused') == 'skip'
        reasons = {}
        for key, text in (arguments.get('reasons') or {}).items():
            reasons[_key(key)] = u' '.join((u'%s' % text).split())[:200]
        settings = {}
        for key, value in (arguments.get('settings') or {}).items():
            try:
                settings[_key(key)] = _value(_key(key), value)
            except ValueError as exc:
                if not self.skips:
                    raise Refused('%s' % exc)
                self.notes.append(LEFT_OUT % exc)
        self.wanted = [(key, settings[key], reasons.get(key, u'')) for key in sorted(settings, key=_rank)]
        self.gone = dict((_key(key), reasons.get(_key(key), u'')) for key in arguments.get('absent') or ())
        both = sorted(set(settings) & set(self.gone))
        if both:
            raise Refused('%s is in both settings and absent' % both[0])
        self.file = arguments.get('file') or DEFAULT_FILE
        if not (self.file.startswith('/etc/') and '/..' not in self.file):
            raise Refused('file: %s does not lie under /etc' % self.file)
        self.names = list(arguments.get('namespaces') or [HOST])
        self.module_rules = bool(arguments.get('module_rules'))
        self.reload = arguments.get('reload') is not False
        if not self.reload and HOST not in self.names:
            raise Refused('reload: without running values there is nothing to do in %s' % ', '.join(self.names))

    def leave_out(self, error):
        """Whether the setting that the kernel refused is left out from now on; error: what was raised."""
        kept = [one for one in self.wanted if one[0] != getattr(error, 'key', None)]
        if not self.skips or kept == self.wanted:
            return False
        self.wanted = kept
        self.notes.append(LEFT_OUT % error)
        return True


def _rank(key):
    """The order of writing, for keys that are harmful in another one, before all others.

    tcp_tw_recycle goes off before tcp_timestamps comes on: the other way round a node drops SYNs in between. Ports are
    reserved before the range grows over them. ip_forward and the like come before what they change besides.
    """
    if key in FIRST:
        return (FIRST.index(key), key)
    if not of_interfaces(key):
        return (len(FIRST), key)
    from .cascade import rank
    return (len(FIRST) + 1 + rank(key), key)


def _key(key):
    try:
        return checked_key(u'%s' % key)
    except ValueError as exc:
        raise Refused('%s' % exc)


def _value(key, value):
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        raise Refused('%s: a value is a number or text, not %r: write it in quotes' % (key, value))
    return checked_value(key, u'%s' % value)


class Plan(object):
    """values [{key, namespace, before, after}], files [{path, data, meta, before, before_meta}], directories [path],
    changes (for people, in the order of the work), notes (sentences), wanted and gone (what the files must say) to
    every reader but the unread, running [(namespace, {key: value})] (what must be in force), later (keys of modules
    that are not loaded)."""

    def __init__(self):
        self.values, self.files, self.directories, self.changes, self.notes = [], [], [], [], []
        self.wanted, self.gone, self.existing, self.release, self.running = [], {}, set(), None, []
        self.unread, self.later = (), []

    @property
    def empty(self):
        return not (self.values or self.files)


def result(made, change_set, changed):
    """The answer of a run that made this plan; diff: before and after of each file and of the running values."""
    shown_diff = []
    if made.values or made.files:
        from .diff import diff
        shown_diff = diff(made)
    return {'changed': changed, 'change_set': change_set, 'changes': made.changes, 'diff': shown_diff,
            'notes': made.notes, 'restored': [], 'not_restored': []}


def make(tree, live, request, view=None):
    """The Plan for a Request. view = (files, values) that lie over what is there: an undo that comes first."""
    over_files, over_values = view or ({}, {})
    return _checked(_make, tree, live, request, over_files, over_values)


def idle(tree, live, request):
    """The empty Plan of a Request that finds all as it should be, else None: this takes less than to say what is not.

    Most runs find nothing to change.
    """
    return _checked(_idle, tree, live, request)


def _checked(how, *arguments):
    try:
        return how(*arguments)
    except Unreadable as exc:
        raise Refused('%s' % exc)
    except Failed as exc:
        raise Refused('cannot plan: %s' % exc)


def _make(tree, live, request, over_files, over_values):
    plan = _values(tree, live, request, over_values)
    if HOST in request.names:
        from .plan_files import plan_files  # much to compile, and most runs find the files as they should be
        plan_files(tree, request, plan, over_files)
    if not plan.files:
        plan.directories = []
    return plan


def _idle(tree, live, request):
    plan = _values(tree, live, request, {})
    if plan.values or (HOST in request.names and not (agreement.settled(tree, plan) and _ruled(tree, request, plan))):
        return None
    return plan


def _ruled(tree, request, plan):
    """Whether no udev rule is lacking that was asked for."""
    return not request.module_rules or not _of_modules().lacking(tree, plan)


def _of_modules():
    from . import plan_modules  # few keys come with a module that may be missing
    return plan_modules


def _values(tree, live, request, over):
    plan = Plan()
    plan.notes += request.notes
    _settle(tree, live, request, plan)
    if plan.wanted and HOST in request.names:
        plan.unread = agreement.unread(tree, request.file, plan.notes)
    if live and request.reload:
        _plan_values(Places(tree), request, plan, over)
    return plan


def _settle(tree, live, request, plan):
    """Which settings are for this kernel: a key that it has lost is to go from the files, one it lacks is left out."""
    kernel = procfs.read_kernel(tree, {}) if live else parse_release(None)
    plan.release = kernel['release']
    versions = [kernel['version']] if live else image_versions(tree)
    plan.gone = dict(request.gone)
    ruled = request.module_rules and _of_modules().can_rule(tree, plan)
    for setting in request.wanted:
        key = setting[0]
        if (read(tree, key) is not None) if live else not lost(key, versions):
            plan.wanted.append(setting)
            plan.existing.add(key)
            if live and HOST in request.names and not ruled and module_of(key)[1]:
                _of_modules().tell_late(tree, setting, plan)
        elif lost(key, versions):
            plan.gone[key] = setting[2]
        else:
            _of_modules().add_missing(tree, setting, ruled, plan)
    plan.existing.update(key for key in plan.gone if live and read(tree, key) is not None)


def lost(key, versions):
    """Whether none of the kernels has the key any longer. Of kernels that nobody knows the newest is assumed."""
    first = REMOVED_FROM.get(key)
    return first is not None and all(version is not None and version[:2] >= first for version in versions)


def image_versions(tree):
    return [parse_release(name)['version'] for name in procfs.installed_kernels(tree)]


def _plan_values(places, request, plan, over):
    wanted = dict((key, value) for key, value, _reason in plan.wanted)
    reasons = dict((key, reason) for key, _value, reason in plan.wanted)
    order = [key for key, _value, _reason in plan.wanted if key not in plan.later]
    targets = []
    for name in request.names:
        identity = places.identify(name)
        if identity not in targets:
            targets.append(identity)
    asked = [(identity, order) for identity in targets] + _of_4_11(places, plan, targets)
    for identity, keys in asked:
        try:
            found = places.read(identity, keys)
        except Gone:
            if identity in targets:
                raise
            continue  # a container that ended meanwhile
        found = dict((key, over.get((key_of(identity), key), found[key])) for key in keys)
        _compare(places, identity, [(key, found[key], wanted[key]) for key in keys], plan, over)
    plan.values.sort(key=lambda value: _rank(value['key'])[0])
    for value in plan.values:
        _refuse_the_wrong_cure(places, value, wanted)
        if value['before'] != value['after']:  # not what is only to stay as it is
            plan.changes.append({'what': 'running', 'key': value['key'], 'before': value['before'],
                                 'after': value['after'], 'reason': reasons.get(value['key'], u''), 'file': None,
                                 'line': None, 'namespace': key_of(value['namespace'])})


def _compare(places, identity, asked, plan, over):
    """Adds to the plan what is to be in force in a namespace; asked: [(key, value now or None, wanted value)]."""
    plan.notes += ['%s: %s has no value of its own' % (key, key_of(identity)) for key, now, _to in asked if now is None]
    there = [one for one in asked if one[1] is not None]
    plan.running.append((identity, dict((key, to) for key, _now, to in there)))
    differ = [one for one in there if not same(one[1], one[2])]
    kept = dict((key, now) for key, now, to in there if same(now, to))
    more = []
    if any(of_interfaces(key) for key, _now, _to in differ):
        from .cascade import dependants
        more = dependants(places, identity, dict((key, (now, to)) for key, now, to in differ), kept, over)
    plan.values += [{'key': key, 'namespace': identity, 'before': now, 'after': to} for key, now, to in differ + more]


def _of_4_11(places, plan, targets):
    """On 4.11 each namespace has a tcp_tw_recycle of its own, and none of them is safe when on (KERNEL_FACTS 2)."""
    version = parse_release(plan.release)['version']
    if not version or version[:2] != [4, 11] or None not in targets or RECYCLE not in [w[0] for w in plan.wanted]:
        return []
    known = [identity['key'] for identity in targets if identity]
    found = []
    for entry, namespace in places.others.found():
        if entry['key'] in known:
            continue
        if not namespace.pids:
            plan.notes.append('%s: no process lives in it: its tcp_tw_recycle is not written' % entry['key'])
            continue
        found.append((places.others.identity(entry, namespace), [RECYCLE]))
    return found


def _refuse_the_wrong_cure(places, value, wanted):
    """timestamps=0 beside recycle=1 drops every SYN of a remembered peer for up to a minute (KERNEL_FACTS 1.2)."""
    if value['key'] == TIMESTAMPS and same(value['after'], '0') and not same(wanted.get(RECYCLE, ''), '0'):
        recycle = read(places.tree, RECYCLE)
        if recycle is not None and recycle != '0':
            raise Refused('tcp_timestamps = 0 while tcp_tw_recycle is %s makes this node drop the SYNs of every '
                          'remembered peer: set tcp_tw_recycle to 0 too' % recycle)
