"""The compose files: true to their specification, and what they promise to an operator who never looks into them."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from dotenv import dotenv_values

from bot.cli.running import settings
from bot.settings import Settings
from tests.docs.test_pages import fault_of
from tests.packaging.compose import MAIN, PLATFORMS, ROOT, load, seconds, services, variables_of
from tests.packaging.dockerfile import steps_of

ALL = services(load(MAIN), None)
OURS = ("bot", "worker")
SECRET = {
    f"attache_{name}" for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
}
EVERY_SERVICE = pytest.mark.parametrize("service", ALL.values(), ids=list(ALL))
EVERY_FILE = pytest.mark.parametrize("file", [MAIN, *PLATFORMS], ids=lambda file: file.name)


def valid(file):
    """Held against the specification's own schema, which the package carries."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )


@EVERY_FILE
def test_a_file_is_what_the_specification_takes(file):
    done = valid(file)
    assert done.returncode == 0, done.stdout


def test_a_file_that_it_does_not_take_would_be_noticed(tmp_path):
    broken = MAIN.read_text().replace("stop_grace_period", "stop_grace")
    (tmp_path / "broken.yml").write_text(broken)
    assert valid(tmp_path / "broken.yml").returncode == 1


def test_without_a_profile_there_are_a_bot_and_a_database():
    assert set(services(load(MAIN))) == {"bot", "database"}
    assert set(services(load(MAIN), ("workers",))) == {"bot", "database", "worker"}
    assert set(services(load(MAIN), ("proxy",))) == {"bot", "database", "proxy"}
    assert set(services(load(MAIN), ("monitoring",))) == {"bot", "database", "prometheus", "grafana"}


@EVERY_SERVICE
def test_a_service_has_no_more_than_it_needs(service):
    said = service.said
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert "cap_add" not in said
    assert "privileged" not in said
    assert said["security_opt"] == ["no-new-privileges:true"]
    uid, _, gid = said["user"].partition(":")
    assert int(uid) > 0
    assert gid.isdigit()
    assert said["pids_limit"] > 0
    assert re.fullmatch(r"[1-9][0-9]*[mg]", said["mem_limit"])
    assert "volumes" not in said or not any("docker.sock" in str(volume) for volume in said["volumes"])


@EVERY_SERVICE
def test_a_service_comes_back_and_leaves_in_its_own_time(service):
    assert service.said["restart"] == "unless-stopped"
    assert service.grace > 10
    assert service.health
    check = service.said["healthcheck"]
    assert seconds(check["timeout"]) < seconds(check["interval"])
    assert {"start_period", "start_interval", "retries"} <= set(check)


@EVERY_SERVICE
def test_the_log_of_a_service_does_not_fill_the_disk(service):
    assert set(service.said["logging"]["options"]) == {"max-size", "max-file"}


@EVERY_SERVICE
def test_an_image_is_pinned_or_built_here(service):
    image = service.said["image"]
    if "build" in service.said:
        context = ROOT / service.said["build"]["context"]
        bases = [step.says for step in steps_of(context / "Dockerfile") if step.does == "FROM"]
        outside = [base for base in bases if ":" in base]
        assert outside
    else:
        outside = [image]
    for one in outside:
        assert re.match(
            r"[a-z./-]+:v?[0-9]+\.[0-9]+(\.[0-9]+)?[a-z0-9.-]*@sha256:[0-9a-f]{64}( AS \w+)?$", one
        ), one


def test_the_bot_and_its_workers_are_one_image():
    assert {ALL[name].said["image"] for name in OURS} == {"attache"}


@EVERY_SERVICE
def test_no_secret_stands_in_an_environment(service):
    for name, value in service.environment.items():
        assert name.lower() not in SECRET - {"attache_database_url"}
        assert not re.search(r"password|token|secret(?!s_dir)|key", name, re.IGNORECASE) or name.endswith(
            "_FILE"
        ), name
        assert urlsplit(value).password is None


@EVERY_FILE
def test_secrets_are_files_called_as_the_settings(file):
    said = load(file)
    for name, how in said.get("secrets", {}).items():
        assert how == {"file": f"./secrets/{name}"}
        assert name in SECRET | {"grafana_admin_password"}
    declared = set(load(MAIN)["secrets"]) | set(said.get("secrets", {}))
    for service in said["services"].values():
        assert set(service.get("secrets", ())) <= declared


def test_tokens_are_known_to_the_bot_alone():
    said = load(MAIN, *PLATFORMS)
    for service in services(said, None).values():
        allowed = {"attache_database_password"} if service.name in ("worker", "database") else set()
        allowed |= {"grafana_admin_password"} if service.name == "grafana" else set()
        assert service.name == "bot" or set(service.secrets) == allowed


def test_the_example_names_every_variable_and_nothing_else():
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    ours = {name for name in named if name.startswith("ATTACHE_")}
    assert ours <= {f"ATTACHE_{name.upper()}" for name in Settings.model_fields}
    assert not {name.lower() for name in ours} & SECRET
    assert named - ours == variables_of(MAIN, *PLATFORMS) | {"COMPOSE_FILE", "COMPOSE_PROFILES"}


def test_the_example_as_it_is_runs_the_bot_on_discord():
    files = [ROOT / name for name in dotenv_values(ROOT / ".env.example")["COMPOSE_FILE"].split(":")]
    assert services(load(*files))["bot"].secrets == ["attache_database_password", "attache_discord_token"]


GIVEN = {
    "attache_database_password": "p",
    "attache_discord_token": "t",
    "attache_slack_bot_token": "xoxb-1",
    "attache_slack_app_token": "xapp-1",
    "attache_slack_signing_secret": "s",
    "attache_slack_client_secret": "c",
    "attache_slack_token_key": base64.urlsafe_b64encode(bytes(32)).decode(),
}


@pytest.mark.parametrize("file", PLATFORMS, ids=lambda file: file.name)
def test_with_each_platform_and_its_secrets_the_bot_is_set_up(file, tmp_path, monkeypatch):
    bot = services(load(MAIN, file))["bot"]
    for name in bot.secrets:
        (tmp_path / name).write_text(GIVEN[name])
    # What several workspaces need, and is no secret, stands in `.env`.
    more = {"ATTACHE_SLACK_CLIENT_ID": "1.2"} if "attache_slack_client_secret" in bot.secrets else {}
    for name, value in (bot.environment | more | {"ATTACHE_SECRETS_DIR": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    given = settings()
    for name in bot.secrets:
        assert getattr(given, name.removeprefix("attache_")).get_secret_value() == GIVEN[name]


def test_what_is_mounted_is_here_and_read_only():
    mounted = [v for service in ALL.values() for v in service.said.get("volumes", ()) if isinstance(v, dict)]
    assert mounted
    for volume in mounted:
        assert volume["read_only"] is True
        assert volume["bind"] == {"create_host_path": False}
        assert (ROOT / volume["source"]).exists(), volume["source"]


def test_the_database_is_reached_by_nobody_outside():
    said = load(MAIN)
    assert said["networks"]["store"] == {"internal": True}
    assert ALL["database"].said["networks"] == ["store"]
    for file in (MAIN, *PLATFORMS):
        for service in load(file)["services"].values():
            assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_proxy_is_asked_alike_by_its_image_and_the_file():
    steps = steps_of(ROOT / "deploy" / "proxy" / "Dockerfile")
    asked = next(step.says for step in steps if step.does == "HEALTHCHECK").partition("CMD ")[2]
    assert re.findall(r'"([^"]+)"', asked) == ALL["proxy"].health
    assert f"127.0.0.1:{ALL['proxy'].environment['PORT']}/" in ALL["proxy"].health[-1]
    address = re.search(r"ATTACHE_DISCORD_API_URL=(\S+)", (ROOT / ".env.example").read_text())[1]
    assert (urlsplit(address).hostname, str(urlsplit(address).port)) == (
        "proxy",
        ALL["proxy"].environment["PORT"],
    )


def test_secrets_and_choices_are_kept_out_of_the_repository():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {".env", "secrets/"} <= set(ignored)


def test_volumes_lie_where_the_images_write():
    (volume,) = ALL["bot"].said["volumes"]
    assert {"VOLUME": "/backups", "WORKDIR": "/backups"}.items() <= {
        step.does: step.says for step in steps_of(ROOT / "Dockerfile")
    }.items()
    assert volume == "backups:/backups"
    assert Path(ALL["database"].said["volumes"][0].partition(":")[2]) == Path("/var/lib/postgresql")


def test_prometheus_asks_where_services_answer():
    """At their names, and the ports that their environment says."""
    jobs = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text())["scrape_configs"]
    asked = {
        target
        for job in jobs
        for target in [
            *(one for static in job.get("static_configs", ()) for one in static["targets"]),
            *(f"{name}:{dns['port']}" for dns in job.get("dns_sd_configs", ()) for name in dns["names"]),
        ]
    }
    answered = {f"{name}:{ALL[name].environment['ATTACHE_STATUS_HTTP'].rpartition(':')[2]}" for name in OURS}
    assert asked == answered | {f"proxy:{ALL['proxy'].environment['METRICS_PORT']}"}
    assert {"outside"} <= set(ALL["prometheus"].said["networks"])
    for target in asked:
        assert "outside" in ALL[target.partition(":")[0]].said["networks"]


def test_grafana_finds_prometheus_and_the_dashboard():
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    [source] = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text())["datasources"]
    port = urlsplit(ALL["prometheus"].health[-1]).port
    assert source["url"] == f"http://prometheus:{port}"
    [provider] = yaml.safe_load((folder / "dashboards" / "attache.yml").read_text())["providers"]
    targets = [
        Path(volume["target"]) for volume in ALL["grafana"].said["volumes"] if isinstance(volume, dict)
    ]
    assert Path(provider["options"]["path"]) in {target.parent for target in targets}
    port = urlsplit(ALL["grafana"].health[-1]).port
    assert ALL["grafana"].said["ports"] == [f"127.0.0.1:3001:{port}"]


OPERATION = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")


def test_the_guide_names_services_profiles_and_commands_that_are_there():
    lines = re.findall(r"docker compose (?:exec|run|stop|cp|up|logs)[^`\n]*", OPERATION)
    assert len(lines) > 15
    inside = [re.match(r"docker compose (?:exec|run)(?: -\S+)* (\w+) (.*)", line) for line in lines]
    called = [match for match in inside if match]
    assert {match[1] for match in called} <= set(ALL)
    for match in called:
        words = match[2].partition(" && ")[0]
        if match[0].startswith("docker compose run"):
            words = f"attache {words}"
        if words.startswith("attache "):
            assert fault_of(words) is None, words
    profiles = {name for service in ALL.values() for name in service.said.get("profiles", ())}
    table = set(re.findall(r"^\| `(\w+)` \| ", OPERATION.partition("## Secrets")[0], re.MULTILINE))
    assert table == profiles


def test_the_guide_names_every_secret_file():
    named = set(
        re.findall(r"`((?:attache|grafana)_\w+)`", OPERATION.partition("## Secrets")[2].partition("## ")[0])
    )
    declared = set(load(MAIN, *PLATFORMS)["secrets"])
    assert declared <= named
    assert named - declared <= SECRET


def test_the_guide_finds_the_volumes():
    volume = re.search(r"docker volume rm (\w+)", OPERATION)[1]
    said = load(MAIN)
    assert volume == f"{said['name']}_database"
    assert "database" in said["volumes"]
