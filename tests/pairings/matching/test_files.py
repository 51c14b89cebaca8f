"""The file of a run: canonical, sealed, and read back to the same instance."""

import json

import pytest
from hypothesis import given

from pairings.matching.engine import Instance, Session, read_instance
from pairings.matching.engine.files import as_file, digest, instance_json
from tests.pairings.matching.strategies import instances
from tests.pairings.matching.test_optimum import QUICK
from tests.pairings.matching.test_scoring import instance as drawn

pytestmark = pytest.mark.once


@QUICK
@given(instances(outside=True))
def test_instance_is_read_back_to_an_equal_one(instance: Instance):
    assert read_instance(json.loads(json.dumps(instance_json(instance)))) == instance


def test_all_that_cities_say_is_read_back():
    instance = drawn(min_pairs=3, weights={"themes": 2.5, "size": 1})
    assert read_instance(json.loads(json.dumps(instance_json(instance)))) == instance


def test_digest_is_of_all_but_itself():
    file = as_file(Session(drawn()), ["l0"])
    assert digest(file) == file["digest"]
    assert digest(json.loads(json.dumps(file))) == file["digest"]
    assert digest(file | {"total_score": file["total_score"] + 1}) != file["digest"]
