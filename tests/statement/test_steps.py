"""What a step may be made of, and how long a work beside the model acts: refused where no record could be true."""

import pytest

from provenance.errors import StatementError
from provenance.statement.canonical import Digest
from provenance.statement.statement import (
    AdapterUse,
    Input,
    InputRole,
    ModelUse,
    Resource,
    Software,
    Statement,
)
from provenance.statement.vocabulary import Relation, SourceType, Step

FILE = Resource(Digest.of(b"a"), "image/png", 1)
LORA = ModelUse("ink", "hub/ink", "unpinned", "unknown", "unknown", Digest.of(b"b"))


def made_of(step, *inputs):
    given = tuple(Input(role, relation, FILE) for role, relation in inputs)
    return Statement("pic-1", step, SourceType.DIGITAL_CREATION, Software("Genzu", "1"), (), given)


@pytest.mark.parametrize("relation", [Relation.PARENT, Relation.COMPONENT])
def test_what_a_recorded_picture_was_only_looked_at_for_is_no_part_of_it(relation):
    assert made_of(Step.RECORD, (InputRole.REFERENCE, Relation.INPUT))
    with pytest.raises(StatementError, match="what its makers looked at"):
        made_of(Step.RECORD, (InputRole.REFERENCE, relation))


def test_a_picture_has_one_parent_at_most():
    parent = (InputRole.PARENT, Relation.PARENT)
    assert made_of(Step.RETOUCH, parent)
    with pytest.raises(StatementError, match="one parent at most"):
        made_of(Step.RETOUCH, parent, parent)


@pytest.mark.parametrize(("start", "end"), [(0.4, 0.4), (0.5, 0.4), (-0.1, 1.0), (0.0, 1.1)])
def test_a_work_beside_the_model_acts_for_a_part_of_the_steps_or_is_refused(start, end):
    assert AdapterUse(LORA, 1.0, start=0.0, end=0.4).measure == "scale 1, from 0% to 40% of the steps"
    with pytest.raises(StatementError, match="between two shares"):
        AdapterUse(LORA, 1.0, start=start, end=end)
