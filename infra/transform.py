"""Turns the SAM template into the CloudFormation that AWS would make of it, without AWS.

``translate()`` runs SAM's own transform (aws-sam-translator, development only); ``resolve()``
then gives the resources that a choice of parameters leads to, as CloudFormation would: with its
conditions decided, and with references to parameters and pseudo parameters filled in.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

TEMPLATE = Path(__file__).with_name("template.yaml")
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackName": "cloudfront-grafana",
    "AWS::URLSuffix": "amazonaws.com",
}
_NOTHING = object()


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms (!Ref, !Sub, ...) as their long ones."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # YAML has no fourth kind
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """Return the template as it is written, short forms spelled out."""
    text = path.read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506  (a SafeLoader)
    return found


def translate(path: Path = TEMPLATE) -> dict[str, Any]:
    """Return the template after SAM's transform, intrinsic functions left as they are."""
    from samtranslator.sdk.parameter import SamParameterValues
    from samtranslator.translator.transform import transform

    template = load(path)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam package` does this: the code is in a bucket by the time the transform runs.
            resource["Properties"]["CodeUri"] = "s3://bucket/code.zip"

    class NoManagedPolicies:
        """The template names none of AWS's own policies, so this looks none up."""

        def load(self) -> dict[str, str]:
            return {}

    # The transform asks boto3 for a region; without the defaults, parameters stay references.
    with (
        mock.patch.dict(os.environ, AWS_DEFAULT_REGION=PSEUDO["AWS::Region"]),
        mock.patch.object(SamParameterValues, "add_default_parameter_values"),
    ):
        found: dict[str, Any] = transform(template, {}, NoManagedPolicies())
        return found


def parameters(template: Mapping[str, Any], **chosen: str) -> dict[str, Any]:
    """Return each parameter's value, chosen or by default, as a Ref to it would give it.

    Raises KeyError for a chosen name that the template does not have.
    """
    values: dict[str, Any] = {}
    for name in chosen:
        if name not in template["Parameters"]:
            raise KeyError(name)
    for name, about in template["Parameters"].items():
        value = str(chosen.get(name, about.get("Default", "")))
        is_list = about["Type"] == "CommaDelimitedList"
        values[name] = [item.strip() for item in value.split(",")] if is_list else value
    return values


class _Choice:
    """A template's expressions, decided for one choice of parameters."""

    def __init__(self, template: Mapping[str, Any], chosen: Mapping[str, str]) -> None:
        self.values = {**PSEUDO, **parameters(template, **chosen)}
        self.conditions = template.get("Conditions", {})

    def holds(self, node: Any) -> bool:
        """Decide a condition, by its name or as it is written."""
        if isinstance(node, str):
            return self.holds(self.conditions[node])
        ((kind, inner),) = node.items()
        if kind == "Condition":
            return self.holds(inner)
        if kind == "Fn::Equals":
            return bool(self.decide(inner[0]) == self.decide(inner[1]))
        if kind == "Fn::Not":
            return not self.holds(inner[0])
        if kind in ("Fn::And", "Fn::Or"):
            return (all if kind == "Fn::And" else any)(map(self.holds, inner))
        raise ValueError(f"a condition may not use {kind}")

    def decide(self, node: Any) -> Any:
        """Fill in what parameters and pseudo parameters decide."""
        if isinstance(node, list):
            return [item for item in map(self.decide, node) if item is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((kind, inner),) = node.items()
            if kind == "Ref":
                return _NOTHING if inner == "AWS::NoValue" else self.values.get(inner, node)
            if kind == "Fn::If":
                return self.decide(inner[1] if self.holds(inner[0]) else inner[2])
            if kind == "Fn::Join" and isinstance(items := self.decide(inner[1]), list):
                return inner[0].join(map(str, items))
            if kind == "Fn::Split" and isinstance(text := self.decide(inner[1]), str):
                return text.split(inner[0])
            if kind == "Fn::Select" and isinstance(items := self.decide(inner[1]), list):
                return items[int(inner[0])]
            if kind == "Fn::Sub":
                for name, value in self.values.items():
                    inner = inner.replace(f"${{{name}}}", str(value))
                return {kind: inner} if "${" in inner else inner
        decided = {key: self.decide(value) for key, value in node.items()}
        return {key: value for key, value in decided.items() if value is not _NOTHING}


def refusals(template: Mapping[str, Any], **chosen: str) -> Iterator[str]:
    """Yield what the template's rules have against these parameter values, a sentence each."""
    choice = _Choice(template, chosen)
    for rule in template.get("Rules", {}).values():
        if "RuleCondition" not in rule or choice.holds(rule["RuleCondition"]):
            for each in rule["Assertions"]:
                if not choice.holds(each["Assert"]):
                    yield str(each["AssertDescription"])


def resolve(template: Mapping[str, Any], **chosen: str) -> dict[str, Any]:
    """Return resources and outputs for these parameter values.

    References to resources stay ({"Ref": id}, {"Fn::GetAtt": [id, name]}), everything that
    parameters and pseudo parameters decide is decided.
    """
    choice = _Choice(template, chosen)
    return {
        section: {
            name: choice.decide({key: value for key, value in body.items() if key != "Condition"})
            for name, body in template[section].items()
            if "Condition" not in body or choice.holds(body["Condition"])
        }
        for section in ("Resources", "Outputs")
    }


def everything(**chosen: str) -> str:
    """Return the stack with every option on as JSON, for tools that read plain CloudFormation.

    ``chosen`` are parameters of which no value is the fullest, such as the store.
    """
    stack = resolve(
        translate(),
        KmsKeyArn=f"arn:aws:kms:us-east-1:{PSEUDO['AWS::AccountId']}:key/0a1b2c3d",
        CreateGrafanaWorkspace="true",
        AlertEmail="ops@example.com",
        Tracing="Active",
        VpcSubnetIds="subnet-0a1b2c3d,subnet-1a1b2c3d",
        VpcSecurityGroupIds="sg-0a1b2c3d",
        **chosen,
    )
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", **stack}, indent=1)
