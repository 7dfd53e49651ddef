"""JUnit's XML, which most pipelines read: a suite for each file, a case for each expectation.

It holds nothing of when and for how long, so the same runs give the same bytes.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath
from xml.etree import ElementTree as Xml

from simulator.gate.line import line
from simulator.gate.pages import path_from
from simulator.gate.played import Played
from simulator.gate.saying import Told, fails, told_of

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE = 400  # columns: a line is not folded here


def junit(played: Sequence[Played], fail_on: str, root: str | None = None) -> str:
    """The report of many files; what does not fail the gate by `fail_on` is told as skipped."""
    suites = Xml.Element("testsuites", name="simulator")
    for one in played:
        _suite(suites, one, fail_on, root)
    _count(suites, suites)
    Xml.indent(suites)
    return Xml.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _suite(suites: Xml.Element, one: Played, fail_on: str, root: str | None) -> None:
    path = path_from(one.file, root)
    suite = Xml.SubElement(suites, "testsuite", name=_clean(path))
    names: dict[str, int] = {}
    for told in told_of(one):
        names[told.name] = names.get(told.name, 0) + 1
        twice = f" ({names[told.name]})" if names[told.name] > 1 else ""
        case = _case(suite, path, f"{told.name}{twice}", told, fail_on)
        case.set("file", _clean(path_from(told.file, root)))
    _text(suite, "system-out", "\n".join(filter(None, [one.experiment, line(one, _WIDE), one.command])))
    _count(suite, suite)


def _case(suite: Xml.Element, path: str, name: str, told: Told, fail_on: str) -> Xml.Element:
    class_name = PurePath(path).with_suffix("").as_posix().replace("/", ".")
    case = Xml.SubElement(suite, "testcase", classname=_clean(class_name), name=_clean(name))
    if told.line is not None:
        case.set("line", str(told.line))
    if fails(told, fail_on):
        kind = "error" if told.state == "error" else "failure"
        _text(case, kind, told.detail, message=_clean(told.message), type=told.state)
    elif told.state != "passed":
        Xml.SubElement(case, "skipped", message=_clean(told.message))
    return case


def _text(parent: Xml.Element, tag: str, text: str, **attributes: str) -> None:
    Xml.SubElement(parent, tag, attributes).text = _clean(text)


def _count(element: Xml.Element, into: Xml.Element) -> None:
    """Tell how many cases there are below an element, and how many of each kind."""
    kinds = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, tag in kinds.items():
        into.set(attribute, str(sum(1 for _ in element.iter(tag))))


def _clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
