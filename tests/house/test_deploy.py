"""The files for a server and for a hosted space hold together: roles, names, large files, the card."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from provenance.errors import StatementError
from provenance.settings import VARIABLES, settings_from_environment

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "deploy/example.env").read_text(encoding="utf-8")
CADDY = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")


def test_the_container_s_command_is_one_that_genzu_has():
    from generation.commands.serve import serve_command

    words = re.search(r'^CMD \["genzu", "serve", (.*)\]$', DOCKERFILE, re.MULTILINE)[1]
    given = [each.strip().strip('"') for each in words.split(",")]
    context = serve_command.make_context("serve", [*given], obj=None)
    assert context.params["host"] == "0.0.0.0" and context.params["open_page"] is False
    assert CliRunner().invoke(serve_command, ["--help"]).exit_code == 0


def test_the_image_installs_extras_that_there_are_and_copies_what_it_needs():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.search(r'"\.\[([\w,]+)\]"', DOCKERFILE)[1].split(",")
    assert set(extras) <= set(said["optional-dependencies"]) and {"paint", "app"} <= set(extras)
    for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE):
        for each in line.split():
            assert (ROOT / each).exists(), each
    assert "USER genzu" in DOCKERFILE and DOCKERFILE.index("USER genzu") < DOCKERFILE.index('CMD ["genzu"')


def test_the_page_is_reached_by_the_proxy_alone_and_all_its_settings_are_ours():
    page, proxy = COMPOSE["services"]["genzu"], COMPOSE["services"]["proxy"]
    assert "ports" not in page and page["expose"] == ["7860"] and "80:80" in proxy["ports"]
    ours = {name for name in page["environment"] if name.startswith("GENZU_")}
    assert ours <= set(VARIABLES)
    given = settings_from_environment({**page["environment"], "GENZU_KEEPER_SECRET": "a phrase"})
    assert (given.artists, given.proxies, str(given.home)) == ("X-Genzu-Artist", 1, "/data")
    assert set(COMPOSE["volumes"]) >= {"archive", "backup"}
    wanted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")))
    assert wanted <= set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))


def test_each_volume_of_the_page_is_a_folder_that_its_user_may_write():
    """Docker makes the folder of a volume for root where the image has none."""
    made = re.search(r"install -d -o genzu -m 0700 ([/\w ]+)", DOCKERFILE)[1].split()
    assert {each.split(":")[1] for each in COMPOSE["services"]["genzu"]["volumes"]} == set(made)


def test_what_compose_would_replace_in_a_hash_or_a_phrase_stands_in_single_quotes():
    lines = [line for line in EXAMPLE.splitlines() if not line.startswith("#")]
    assert lines and all(re.fullmatch(r"\w+='[^']*'", line) for line in lines)


def test_the_secrets_of_a_server_go_into_no_commit_and_no_image():
    for name in (".gitignore", ".dockerignore"):
        ignored = (ROOT / name).read_text(encoding="utf-8").split()
        assert {each.lstrip("/") for each in ignored} >= {"deploy/.env"}, name


def test_no_way_through_the_proxy_leads_to_the_figures_and_each_takes_the_artist_s_header_off_first():
    uncommented = re.sub(r"^#\t", "\t", CADDY, flags=re.MULTILINE)
    ways = re.findall(
        r"\{\n((?:[^\n]*\n)(?:(?!^\}).*\n)*?)[^\n]*reverse_proxy genzu:7860", uncommented, re.MULTILINE
    )
    assert len(ways) == uncommented.count("genzu:7860") == 4
    for way in ways:
        assert "respond /metrics* 404" in way
    for way in (ways[0], *ways[2:]):
        assert "request_header -X-Genzu-Artist" in way.split("forward_auth")[0]


def test_who_has_not_signed_in_with_oidc_yet_is_led_to_where_one_signs_in():
    oidc = CADDY.split("# With OIDC")[1].split("# Below a path")[0]
    assert "handle /oauth2/* {" in oidc and "status 401" in oidc and "redir * /oauth2/sign_in" in oidc
    assert "--set-xauthrequest" in oidc  # without it oauth2-proxy tells nobody's address


def test_the_proxy_takes_the_artist_s_header_off_and_sets_it_for_who_signed_in():
    public, studio = CADDY.split("studio.{$SITE} {")
    header = COMPOSE["services"]["genzu"]["environment"]["GENZU_ARTISTS"]
    assert f"request_header -{header}" in public and "basic_auth" not in public
    assert "basic_auth" in studio and f"header_up {header} {{http.auth.user.id}}" in studio
    live = [line for line in CADDY.splitlines() if not line.startswith("#")]
    text = "\n".join(live)
    assert text.count("{\n") + text.count("{\t") <= text.count("}") + 1 and text.count("reverse_proxy") == 2


def test_a_header_that_anybody_could_send_is_not_believed():
    with pytest.raises(StatementError, match="GENZU_PROXIES how many proxies"):
        settings_from_environment({"GENZU_ARTISTS": "X-Genzu-Artist"})


def test_each_file_that_a_hub_s_git_would_refuse_goes_by_lfs():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no checkout")
    large = [each for each in listed.stdout.split("\0") if each and (ROOT / each).stat().st_size > 10_000_000]
    assert large
    told = subprocess.run(
        ["git", "check-attr", "filter", *large], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert all(line.endswith(": filter: lfs") for line in told), told


def test_the_card_of_the_space_has_what_the_hub_shows():
    head = yaml.safe_load((ROOT / "README.md").read_text(encoding="utf-8").split("---")[1])
    assert (head["sdk"], head["app_file"]) == ("gradio", "app.py") and len(head["short_description"]) <= 60
    assert len(head["tags"]) >= 3 and (ROOT / head["thumbnail"]).is_file()
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "spaces" in requirements.split()
