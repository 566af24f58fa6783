"""What the platform sends: kept once with its signed document, however often and in whichever order it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from labdesk.domain.commission import TagRecord, TagState
from labdesk.domain.errors import OperatorError
from labdesk.domain.profile import BUILT_IN
from labdesk.domain.sync_ports import InboxItem, InboxKind, TagList, TrustUpdate
from labdesk.evidence.canonical import canonical_bytes
from labdesk.services.commissions import TRUST_LIST
from tests.helpers.receptionworld import (
    BARS,
    NOW,
    REBAR,
    TOWER_CODE,
    ReceptionWorld,
    make_counter,
    project,
    rebar_commission,
)
from tests.helpers.stores import opened_engine


@pytest.fixture
def counter(database_url: str) -> Iterator[ReceptionWorld]:
    with opened_engine(database_url) as engine:
        yield make_counter(engine, filled=False)


def item(content: object, kind: InboxKind, key: str, item_id: str, minutes: int = 0) -> InboxItem:
    """An item issued so many minutes after noon."""
    document = b"signed " + canonical_bytes(content) if not isinstance(content, TrustUpdate) else content.trust_list
    return InboxItem(item_id, kind, key, NOW + timedelta(minutes=minutes), content, document)  # type: ignore[arg-type]


COMMISSION = item(rebar_commission(), InboxKind.COMMISSION, f"commission:{REBAR}", "i-1")


def leaves(counter: ReceptionWorld) -> int:
    with counter.engine.connect() as connection:
        return int(connection.execute(text("SELECT COUNT(*) FROM log_entries")).scalar() or 0)


@pytest.mark.rule("YK-7.4", "YK-7.5")
def test_a_commission_is_kept_with_the_document_the_platform_signed(counter: ReceptionWorld) -> None:
    counter.inbox.take(COMMISSION)
    with counter.store.read() as uow:
        assert uow.reception.commission(REBAR) == rebar_commission()
        assert uow.inbox.document("i-1") == COMMISSION.document


def test_the_same_item_twice_changes_nothing(counter: ReceptionWorld) -> None:
    counter.inbox.take(COMMISSION)
    before = leaves(counter)
    counter.inbox.take(COMMISSION)
    assert leaves(counter) == before


@pytest.mark.rule("YK-9.3")
def test_another_content_under_a_known_number_is_refused_and_changes_nothing(counter: ReceptionWorld) -> None:
    counter.inbox.take(COMMISSION)
    forged = replace(rebar_commission(), unit_name="3#楼")
    for other, key in (
        (item(forged, InboxKind.COMMISSION, COMMISSION.natural_key, "i-1"), "reception.item_differs"),
        (item(forged, InboxKind.COMMISSION, COMMISSION.natural_key, "i-2"), "reception.commission_differs"),
    ):
        with pytest.raises(OperatorError) as caught:
            counter.inbox.take(other)
        assert caught.value.key == key
    with counter.store.read() as uow:
        assert uow.reception.commission(REBAR) == rebar_commission()
        assert uow.inbox.hash_of("i-2") is None


@pytest.mark.rule("YK-4.3")
def test_a_late_copy_of_a_project_does_not_bring_back_withdrawn_letters(counter: ReceptionWorld) -> None:
    withdrawn = replace(project(), authorisations=())
    counter.inbox.take(item(withdrawn, InboxKind.PROJECT, f"project:{TOWER_CODE}", "p-2", minutes=5))
    counter.inbox.take(item(project(), InboxKind.PROJECT, f"project:{TOWER_CODE}", "p-1"))
    with counter.store.read() as uow:
        assert uow.projects.get(TOWER_CODE) == withdrawn
    again = item(project(), InboxKind.PROJECT, f"project:{TOWER_CODE}", "p-3", minutes=9)
    counter.inbox.take(again)
    with counter.store.read() as uow:
        assert uow.projects.get(TOWER_CODE) == project()


@pytest.mark.rule("YK-8")
@pytest.mark.parametrize("void_first", [False, True])
def test_a_void_tag_stays_void_in_whichever_order_the_lists_come(counter: ReceptionWorld, void_first: bool) -> None:
    active = TagRecord(BARS[0], TOWER_CODE, REBAR)
    void = replace(active, state=TagState.VOID, reason="重复编码")
    sent = [
        item(TagList((active,)), InboxKind.TAGS, "tags:1", "t-1"),
        item(TagList((void,)), InboxKind.VOID_TAG, "tag:1", "t-2", minutes=1),
    ]
    for each in reversed(sent) if void_first else sent:
        counter.inbox.take(each)
    with counter.store.read() as uow:
        assert uow.reception.tag(BARS[0]) == void


@pytest.mark.rule("YK-8")
def test_a_tag_registered_twice_stays_with_the_first_commission(counter: ReceptionWorld) -> None:
    """A duplicate code is the supplier's fault; here it must not move a sample to another commission."""
    first = TagRecord(BARS[0], TOWER_CODE, REBAR)
    counter.inbox.take(item(TagList((first,)), InboxKind.TAGS, "tags:1", "t-1"))
    duplicate = replace(first, commission_no="WT-2026-09999")
    counter.inbox.take(item(TagList((duplicate,)), InboxKind.TAGS, "tags:2", "t-2", minutes=1))
    with counter.store.read() as uow:
        assert uow.reception.tag(BARS[0]) == first


def test_profiles_and_trust_lists_arrive_with_their_papers(counter: ReceptionWorld) -> None:
    stricter = replace(BUILT_IN, edition="2026-11-01")
    counter.inbox.take(item(stricter, InboxKind.PROFILE, "profile:营口", "r-1"))
    counter.inbox.take(item(TrustUpdate(b"list 7"), InboxKind.TRUST, "trust:7", "k-1"))
    counter.inbox.take(item(TrustUpdate(b"list 6"), InboxKind.TRUST, "trust:6", "k-0", minutes=-5))
    with counter.store.read() as uow:
        assert uow.profiles.region(NOW).edition == "2026-11-01"
        assert uow.facts.get(TRUST_LIST) == "bGlzdCA3"


@pytest.mark.rule("YK-7.5")
@pytest.mark.parametrize(
    "attack", ["UPDATE inbox_items SET document = ''", "DELETE FROM inbox_items"], ids=["update", "delete"]
)
def test_what_the_platform_signed_cannot_be_rewritten(counter: ReceptionWorld, attack: str) -> None:
    counter.inbox.take(COMMISSION)
    with pytest.raises(SQLAlchemyError, match="evidence"), counter.engine.begin() as connection:
        connection.execute(text(attack))
