"""The subset of text/template: expectations are what Go itself made of the same templates."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruletest.gotemplate import GoMap, GoObject, GoTime, TemplateError, render
from ruletest.gotemplate.format import float_text, quote
from ruletest.gotemplate.functions import MESSAGE_FUNCTIONS, RULE_FUNCTIONS
from ruletest.gotemplate.parse import parse
from ruletest.gotemplate.regex import replace_all
from ruletest.gotemplate.types import GoList

DATA = GoObject(
    "Data",
    {
        "Labels": GoMap({"country": "BR", "edge": "GRU1-C1"}),
        "Values": GoMap(
            {
                "A": GoObject("Value", {"Value": 12.345, "Labels": GoMap({})}, lambda: "12.345"),
                "B": GoObject("Value", {"Value": 1.0, "Labels": GoMap({})}, lambda: "1"),
            }
        ),
        "Items": GoList(["x", "y"], {}, "[]string"),
        "Empty": GoList([], {}),
        "At": GoTime(2026, 1, 5, 9, 7, 3, tzinfo=UTC),
        "Count": 3,
    },
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ .Labels.country }}", "BR"),
        ("a {{- .Count -}} b", "a3b"),
        ("a\n{{- /* nothing */ -}}\n b", "ab"),
        ('{{ printf "%.1f" .Values.A.Value }} %', "12.3 %"),
        ("{{ .Values.A }}", "12.345"),
        ("{{ .Values.Z.Value }}", "<no value>"),
        ("{{ with .Values.Z }}yes{{ else }}no{{ end }}", "no"),
        ("{{ with .Values.A }}{{ .Value }}{{ end }}", "12.345"),
        ("{{ if and .Labels.country (gt .Count 2) }}a{{ else }}b{{ end }}", "a"),
        ("{{ if not .Empty }}a{{ else if .Count }}b{{ end }}", "a"),
        ('{{ if eq .Labels.country "DE" "BR" }}a{{ end }}', "a"),
        ("{{ range .Items }}<{{ . }}>{{ end }}", "<x><y>"),
        ("{{ range $i, $x := .Items }}{{ $i }}{{ $x }}{{ end }}", "0x1y"),
        ("{{ range $k, $v := .Labels }}{{ $k }}={{ $v }} {{ end }}", "country=BR edge=GRU1-C1 "),
        ("{{ range .Empty }}x{{ else }}none{{ end }}", "none"),
        ("{{ $n := 1 }}{{ range .Items }}{{ $n = 2 }}{{ end }}{{ $n }}", "2"),
        ('{{ define "t" }}[{{ . }}]{{ end }}{{ template "t" .Count }}', "[3]"),
        ('{{ block "t" .Count }}({{ . }}){{ end }}', "(3)"),
        ("{{ len .Items }} {{ index .Items 1 }} {{ len .Labels.country }}", "2 y 2"),
        ('{{ index .Labels "country" }}{{ index .Labels "none" }}', "BR"),
        ('{{ "x" | printf "%s-%s" "a" }}', "a-x"),
        ('{{ print 1 2 "a" 3 4 }}', "1 2a3 4"),
        ("{{ .Items }} {{ .Labels }}", "[x y] map[country:BR edge:GRU1-C1]"),
        ('{{ "a b/?&" | urlquery }} {{ "<a>" | html }}', "a+b%2F%3F%26 &lt;a&gt;"),
        ("{{ .Labels.none | urlquery }}", "%3Cno+value%3E"),
        ('{{ printf "%.1f" .Labels.none }}', "%!f(<nil>)"),
        ('{{ printf "%s %d" 3 3.5 }}', "%!s(int=3) %!d(float64=3.5)"),
        ('{{ printf "%5.1f|%-5d|%05d|%q|%x|%t|%v" 2.25 7 7 "a\\"b" 255 true .Items }}',
         '  2.2|7    |00007|"a\\"b"|ff|true|[x y]'),
        ('{{ printf "%d" }} {{ printf "a" 1 }}', "%!d(MISSING) a%!(EXTRA int=1)"),
        ("{{ 1234567.0 }} {{ 123456.0 }} {{ 0.00001 }} {{ 1e20 }} {{ 12345678.25 }}",
         "1.234567e+06 123456 1e-05 1e+20 1.234567825e+07"),
        ('{{ printf "%.4g %.4g %g" 12345.0 100.0 1e7 }}', "1.234e+04 100 1e+07"),
        ('{{ `a"b` }} {{ true }} {{ slice "abcd" 1 3 }}', 'a"b true bc'),
        ('{{ .At.UTC.Format "15:04 UTC, 2 Jan 2006" }}', "09:07 UTC, 5 Jan 2026"),
        ("{{ (index .Items 0) }}{{ (print .Count).Foo }}", None),
        ("{{ humanize 12345678.0 }} {{ humanize 0.0012 }} {{ humanize1024 1048576.0 }}",
         "12.35M 1.2m 1Mi"),
        ("{{ humanizeDuration 3725.5 }} {{ humanizeDuration 0.02 }} {{ humanizeDuration 90061.0 }}",
         "1h 2m 5s 20ms 1d 1h 1m 1s"),
        ("{{ humanizePercentage 0.0123456 }} {{ humanizeTimestamp 0.0 }}",
         "1.235% 1970-01-01 00:00:00 +0000 UTC"),
        ('{{ reReplaceAll "B(.)" "x$1" "BR" }} {{ match "^B" "BR" }} {{ title "hello you" }}',
         "xR true Hello You"),
        ('{{ toUpper "a" }}{{ "B" | toLower }}', "Ab"),
        ('{{ filterLabels .Labels "edge" }} {{ removeLabelsRe .Labels "^e" }}',
         "edge=GRU1-C1 country=BR"),
    ],
)  # fmt: skip
def test_a_template_renders_as_in_go(template: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(TemplateError):
            render(template, DATA, RULE_FUNCTIONS)
    else:
        assert render(template, DATA, RULE_FUNCTIONS) == text


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ .Nope }}", "can't evaluate field Nope in type Data"),
        ("{{ if true }}", "unexpected {{EOF}} in if"),
        ("{{ end }}", "unexpected {{end}}"),
        ("{{ .Count", "unclosed action"),
        ("{{ foo 1 }}", 'function "foo" not defined'),
        ("{{ gt 1 1.0 }}", "incompatible types for comparison"),
        ("{{ $x }}", 'undefined variable "$x"'),
        ('{{ template "no" }}', 'template "no" not defined'),
        ("{{ range true }}{{ end }}", "range can't iterate over true"),
        ("{{ range $i, $x := .Count }}{{ end }}", "more than one variable"),
        ("{{ index .Items 5 }}", "index out of range: 5"),
        ("{{ .Count.Foo }}", "can't evaluate field Foo in type int"),
        ("{{ .Count 1 }}", "has arguments but cannot be invoked"),
        ("{{ toUpper .Labels.none }}", "invalid value; expected string"),
        ("{{ 1 | 2 }}", "non executable command in pipeline"),
        ("{{ break }}", "{{break}} outside {{range}}"),
        ('{{ if true }}{{ define "x" }}{{ end }}{{ end }}', "unexpected {{define}}"),
        ('{{ define "a" }}1{{ end }}{{ define "a" }}2{{ end }}', "multiple definition"),
        ('{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}', "maximum template depth"),
        ("{{ (1 }}", "unclosed left paren"),
        ("{{ }}", "missing value for command"),
        ("{{ 'ab' }}", "malformed character constant"),
    ],
)
def test_what_go_or_this_subset_refuses_is_an_error(template: str, says: str) -> None:
    with pytest.raises(TemplateError) as refused:
        render(template, DATA, RULE_FUNCTIONS)
    assert says in str(refused.value)


def test_message_functions_join_and_trim() -> None:
    text = '{{ join ", " .Items }} {{ trimSpace " a " }} {{ .At | tz "UTC" | date "15:04" }}'
    assert render(text, DATA, MESSAGE_FUNCTIONS) == "x, y a 09:07"


def test_templates_of_a_file_are_known_to_another() -> None:
    _, templates = parse('{{ define "t" }}[{{ . }}]{{ end }}')
    assert render('{{ template "t" .Count }}', DATA, {}, templates) == "[3]"


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from("gfe"))
def test_the_shortest_digits_read_back_as_the_same_number(number: float, verb: str) -> None:
    assert float(float_text(number, verb)) == number


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_is_a_literal_of_the_same_text(text: str) -> None:
    """What %q prints is what a template's string stands for."""
    assert render("{{ print " + quote(text) + " }}", None) == text


@given(st.text("ab$1{}\\", max_size=8), st.text("ab", max_size=6))
def test_a_replacement_never_ends_in_a_traceback(new: str, text: str) -> None:
    assert isinstance(replace_all("(a)|b*", new, text), str)
    assert replace_all("zz", new, text) == text
