"""What programs ask the page for by name: inspect, who, credits, detect, record.

generation/tabs/paint_endpoint.py adds paint.

The same handlers are the HTTP API (`/gradio_api/call/NAME`, described at /gradio_api/openapi.json), the calls of
gradio_client and of graphs, and the tools of the MCP server (`genzu serve --mcp`). Their docstrings are what an agent
reads. They tell a program what the page tells a visitor, and no more: the answers are those of the commands with
`--json`, without what stays with the keeper of the record.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.inspection.inspected import Inspection, to_json
from provenance.inspection.whose import detect_json, marks_in, trustmark_in, who_json
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.release import record as record_picture
from provenance.show.released_json import CREDITS_OF_THE_PAGE
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import HUMAN_SOURCES, SourceType
from provenance.tabs.addresses.by_name import credits_in, endpoint, handed_out, hidden_picture, hidden_text
from provenance.tabs.fields.place import place_of
from provenance.tabs.fields.terms import publication_of
from provenance.tabs.fields.uploads import TURNS, attempt, deliver, discard, gate, named_after
from provenance.tabs.inspect import read_here
from provenance.tabs.told.credit_answers import said_of_name
from provenance.tabs.told.credit_groups import Group
from provenance.tabs.told.discretion import public
from provenance.tabs.visits.pictures import new_path
from provenance.tabs.visits.visitor import need_artist

NOBODY = "0" * 16  # whose pictures those are that no browser made
SOURCES = [each.value for each in HUMAN_SOURCES]


def endpoints(archive: Archive) -> None:
    """Everything that programs may ask but painting; to be called inside gr.Blocks."""
    picture = hidden_picture("picture")
    told = gr.JSON(label="answer", visible=False)
    endpoint("inspect", _inspect(archive), [picture], [told])
    endpoint("who", _who(archive), [picture], [told])
    endpoint("detect", _detect(archive), [picture], [told])
    name = hidden_text("name")
    endpoint("credits", _credits(archive), [name], [told], at_once=0)
    source = gr.Dropdown(SOURCES, value=SOURCES[0], label="source", visible=False)
    asked = [
        picture,
        hidden_text("by"),
        source,
        *(hidden_text(each) for each in ("production", "episode", "shot")),
    ]
    signed = hidden_picture("signed")
    wish = gr.Checkbox(label="no_training", visible=False)
    endpoint("record", _record(archive), [*asked, wish], [signed, told], at_once=2)


def _inspect(archive: Archive) -> Callable[[str], Any]:
    def inspect(picture: str) -> Any:
        """Reads a picture's Content Credentials (C2PA) and looks it up here: was AI used, by whom, was it changed.

        Checked: each signature and hash of the credentials, against the authorities that this server knows; whether
        the record here has this very file, its pixels, or a picture that it looks like. Not checked: whether what was
        signed is true. No credentials and no record say nothing about how a picture was made. Nothing is kept.

        Args:
            picture: The file as it is. A copy that another program wrote has usually lost its credentials.
        """
        return _asked(archive, picture, to_json)

    return inspect


def _who(archive: Archive) -> Callable[[str], Any]:
    def who(picture: str) -> Any:
        """Finds whose picture this is in the record of this server, also where its metadata is gone.

        `how` says what it rests on, the surest first: file (the very bytes of a record), pixels, manifest (what its
        own credentials name), looks (it looks like a picture of the record, which proves no origin), or null: no
        record was found, which says nothing about how it was made. `history` says how the picture was made and by whom,
        `against` where the file is not what its record or its credentials say, `corrections` what changed the credits
        since, `disputes` which records in its history are disputed, `besides` what is known of a file without a record,
        and `not_asked` what could not be looked up.

        Args:
            picture: Any picture, also a cut, smaller or re-encoded one.
        """
        return _asked(archive, picture, lambda told: who_json(told, archive.ledger, archive.index))

    return who


def _detect(archive: Archive) -> Callable[[str], Any]:
    def detect(picture: str) -> Any:
        """Whether marks are in a picture: signed credentials, this server's faint mark in its pixels, and TrustMark.

        `marks` is empty where none of this server's marks was found; `read` says whether it could be looked for,
        `why_not_read` why not. `trustmark` says what was read of that, or why it was not. Where nothing is found the
        picture may still be made by AI: marks can be removed, and not every tool makes them.

        Args:
            picture: The file as it is.
        """

        def told_as_data(told: Inspection) -> dict[str, Json]:
            found, other = marks_in(told, archive.index), trustmark_in(told, archive.ledger)
            return detect_json(told, found, archive.index, other)

        return _asked(archive, picture, told_as_data)

    return detect


def _credits(archive: Archive) -> Callable[[str], Any]:
    def credits(name: str) -> Any:
        """The pictures of this record that credit a person by their full name, with the role and the way of each.

        Names are looked up whole and as they are shown in public; nothing lists all names. A person who is not found
        here may still have made pictures.

        Args:
            name: The name as it is credited, such as "Mori Aoi"; or the id of a picture (pic-…).
        """
        said = said_of_name(archive, name)
        return {
            "format": CREDITS_OF_THE_PAGE,
            "asked": name,
            "groups": [_group(each) for each in said.groups],
            "near": [each for each in said.near if each],
            "without_names": said.without_names,
            "not_asked": said.not_asked,
        }

    return credits


def _record(archive: Archive) -> Callable[..., Any]:
    def record(
        request: gr.Request,
        picture: str,
        by: str,
        source: str = SOURCES[0],
        production: str = "",
        episode: str = "",
        shot: str = "",
        no_training: bool = False,
    ) -> Any:
        """Signs and records a picture that people made; the signed copy comes back, to be taken byte for byte.

        Args:
            picture: The file as it is; its format is kept.
            by: Who did what, as "layout: Mori Aoi; retouch: Sato Hana". "layout: -" leaves a name out.
            source: How it was made: digitalCreation (in software), print (on paper) or digitalCapture (photographed).
            production: The film or series; stays in the record here, like episode and shot.
            episode: The episode.
            shot: The shot, such as c014.
            no_training: Whether the file says: not for training, not for mining.
        """
        attempt(lambda: need_artist(request, archive.settings), "Not signed")
        given = gate(picture, archive.settings)
        out = attempt(lambda: new_path(archive.settings, "recorded", NOBODY, given.media_type), "Not signed")

        def sign() -> Released:
            people = credits_in(by)
            terms = Terms(publication_of(no_training, "", "", people))
            job = Job(people, out, place_of(production, episode, shot, "temp"), terms=terms)
            return record_picture(
                archive, named_after(Path(picture), given), job, source_type=SourceType.parse(source)
            )

        try:
            with TURNS:
                released = attempt(sign, "Not signed", picture, out)
        finally:
            discard([picture])
        return deliver(released.path, released.record.picture), handed_out(archive, released)

    return record


def _asked(archive: Archive, picture: str, answer: Callable[[Inspection], Mapping[str, Json]]) -> Any:
    """The answer on an upload, which is removed again."""
    if not picture:
        raise gr.Error("Give a picture.", title="No picture", print_exception=False)
    try:
        with TURNS:
            told = read_here(archive, Path(picture))
            return public(attempt(lambda: answer(told), "Not read", picture), register_of(archive.ledger))
    finally:
        discard([picture])


def _group(group: Group) -> dict[str, Json]:
    return {
        "title": group.title,
        "ledger": group.whose or None,
        "disputes": list(group.disputes),
        "pictures": [
            {
                "picture": line.record.picture,
                "when": line.record.at,
                "roles": list(line.roles),
                "how": line.how,
                "history": line.history,
                "people": [{"role": role, "name": name} for role, name in line.people],
                "claims": list(line.claims),
                "disputes": list(line.disputes),
            }
            for line in group.lines
        ],
    }
