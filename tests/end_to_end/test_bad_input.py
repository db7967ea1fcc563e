"""Whatever is given: one clear line that says what to do, exit status 1, nothing lost, no traceback."""

import sqlite3

import pytest

WORD = "The bridge will close on Monday, Mayor Ilka Tarn said on Friday. Work begins at once."


@pytest.fixture
def files(tmp_path):
    (tmp_path / "good.txt").write_text(WORD)
    (tmp_path / "binary.txt").write_bytes(b"\x89PNG\r\n\0\0\0\xff\xfe")
    (tmp_path / "zeros.txt").write_bytes(b"abc\0def")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "blank.txt").write_text(" \n\n\t")
    (tmp_path / "notext.html").write_text("<html><body><script>1</script></body></html>")
    (tmp_path / "broken.jsonl").write_text('{"id": "a"\n')
    (tmp_path / "noid.jsonl").write_text('{"text": "x"}\n')
    (tmp_path / "date.jsonl").write_text('{"id": "a", "text": "x", "published": "soon"}\n')
    (tmp_path / "ancient.jsonl").write_text('{"id": "a", "text": "x", "published": "0001-01-01"}\n')
    (tmp_path / "far.jsonl").write_text('{"id": "a", "text": "x", "published": "9999-12-31"}\n')
    (tmp_path / "fake.jsonl.gz").write_bytes(b"no gzip")
    (tmp_path / "page.xml").write_text("<html><body>Hello</body></html>")
    (tmp_path / "nothing.xml").write_text("")
    (tmp_path / "targets.yaml").write_text("a: [")
    (tmp_path / "no.db").write_text("This is no database. " * 200)
    (tmp_path / "folder").mkdir()
    return tmp_path


BAD = [
    (["read", "missing.txt"], "missing.txt"),
    (["read", "binary.txt"], "binary.txt"),
    (["read", "zeros.txt"], "zeros.txt"),
    (["read", "empty.txt"], "empty.txt is empty"),
    (["read", "blank.txt"], "blank.txt is empty"),
    (["read", "folder"], "folder"),
    (["read", "notext.html"], "text"),
    (["read", "broken.jsonl"], "broken.jsonl:1"),
    (["read", "noid.jsonl"], "id"),
    (["read", "date.jsonl"], "published"),
    (["import", "ancient.jsonl"], "published"),
    (["import", "far.jsonl"], "published"),
    (["read", "fake.jsonl.gz"], "fake.jsonl.gz"),
    (["read", "http://127.0.0.1:9/"], "127.0.0.1"),
    (["read", "good.txt", "--targets", "targets.yaml"], "targets.yaml"),
    (["read", "good.txt", "--targets", "missing.yaml"], "missing.yaml"),
    (["schedule"], "attache schedule --help"),
    (["read"], "INPUT"),
    (["import", "missing.txt"], "missing.txt"),
    (["feeds", "check", "page.xml"], "page.xml"),
    (["feeds", "check", "nothing.xml"], "nothing.xml"),
    (["feeds", "check", "missing.xml"], "missing.xml"),
    (["feeds", "add", "good.txt"], "http"),
    (["feeds", "add", "file:///etc/passwd"], "http"),
    (["feeds", "add", "http://127.0.0.1:9/feed"], "127.0.0.1"),
    (["feeds", "add", "http://169.254.169.254/latest"], "169.254.169.254"),
    (["feeds", "remove", "https://nowhere.example/feed"], "nowhere.example"),
    (["feeds"], "attache feeds --help"),
    (["frobnicate"], "frobnicate"),
    (["whosaid"], "whosaid"),
    (["whosaid", "Tarn", "--since", "lately"], "lately"),
    (["whosaid", "Tarn", "--since", "2024-13-01"], "2024-13-01"),
    (["whosaid", "Tarn", "--page", "0"], "--page cannot be used: give 1 or more."),
    (["whosaid", "Tarn", "--page", "two"], "--page cannot be used: give a whole number."),
    (
        ["whosaid", "Tarn", "--pag", "2"],
        "attache whosaid has no option --pag (perhaps --page): attache whosaid --help lists them.",
    ),
    (["schedule", "pause", "first"], "NUMBER cannot be used: give a whole number."),
    (["schedule", "add", "09:00", "--length", "26"], "--length cannot be used: give 25 or less."),
    (["schedule", "add"], "TIMES is missing: attache schedule add --help shows how it is given."),
    (
        ["feeds", "list", "all"],
        "attache feeds list has no use for 'all': attache feeds list --help shows what it takes.",
    ),
    (["help", "feeds", "sing"], "There is no command 'feeds sing': attache feeds --help lists them."),
    (["stance", "Tarn", "--picture", "tarn.jpg"], "Pictures are PNG: let tarn.jpg end in .png."),
    (["digest", "--since", "3 parsecs"], "parsecs"),
    (["stance"], "for example: stance Marlow"),
    (["stance", "Tarn", "--target", "sanctoins"], "did you mean sanctions?"),
    (["stance", "Tarn", "--since", "lately"], "lately"),
    (["stance", "Tarn", "--page", "0"], "page"),
    (["stance", "Tarn", "--target", "aid", "target", "aid"], "more than one target"),
    (["stance", "Tarn", "--picture", "p.png"], "no position to draw"),
    (["targets"], "attache targets --help"),
    (["targets", "show"], "NAME"),
    (["targets", "show", "sanctoins"], "did you mean sanctions?"),
    (["targets", "show", "xyzzy"], "list the targets"),
    (["targets", "add", "x" * 600], "too long"),
    (["targets", "add", "tolls", "--for", "x" * 300], "at most 200 characters"),
    (["targets", "remove", "xyzzy"], "xyzzy"),
    (["targets", "import", "missing.yaml"], "missing.yaml"),
    (["targets", "import", "targets.yaml"], "targets.yaml cannot be read as YAML"),
    (["targets", "import", "good.txt"], "good.txt holds no targets"),
    (["targets", "import", "binary.txt"], "binary.txt"),
    (["targets", "export", "no/such/folder/t.yaml"], "cannot be written"),
    (["actor"], "actor Marlow"),
    (["actor", "x" * 600], "too long"),
    (["actors"], "attache actors --help"),
    (["actors", "alias"], "Give two names"),
    (["actors", "alias", "Ilka", "Tarn", "Ilka"], "Give two names"),
    (["actors", "alias", "Tarn", "as", "TARN"], "spellings of one name"),
    (["actors", "alias", "Tarn", "as", "?!"], "letter or a digit"),
    (["actors", "alias", "", "as", "Tarn"], "Give two names"),
    (["actors", "merge", "x" * 10_000, "into", "Tarn"], "too long"),
    (["actors", "split", "x" * 200, "from", "Tarn"], "at most 100 characters"),
    (["actors", "undo"], "nothing to undo"),
    (["schedule", "add", "25:00"], "25:00"),
    (["schedule", "add", "09:00", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
    (["schedule", "add", "09:00", "--channel", "fax"], "fax"),
    (["schedule", "remove", "7"], "7"),
    (["digest", "--workspace", "discord:"], "workspace"),
    (["digest", "--nope"], "--nope"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=[" ".join(a)[:60] for a, _ in BAD])
def test_bad_input_gets_one_clear_line(attache, files, arguments, named):
    done = attache(*arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert named in done.stderr


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("frobnicate", "frobnicate"),
        ("whosiad Tarn", "whosaid"),
        ("whosaid Tarn since whenever", "whenever"),
        ('whosaid "Tarn', "quot"),
        ("feeds add nothing", "http"),
        ("actors alias Tarn", "Give two names"),
        ("actors frobnicate", "frobnicate"),
        ("stance", "for example"),
        ("targets ad tolls", "did you mean add?"),
        ("targets add tolls for", "Nothing stands after for"),
    ],
)
def test_a_wrong_line_in_the_shell_is_told_and_the_next_one_answered(attache, files, line, named):
    done = attache("shell", typed=f"{line}\nfeeds list\n")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert named in done.stderr
    assert "No feed is followed yet" in done.stdout


def test_one_bad_input_does_not_hinder_the_others(attache, files):
    done = attache("read", "--json", "missing.txt", "good.txt", "empty.txt")
    assert done.returncode == 1
    kinds = [line.split('"kind": "')[1].split('"')[0] for line in done.stdout.splitlines() if "error" in line]
    assert kinds == ["missing", "empty"]
    assert len(done.stdout.splitlines()) == 3
    assert '"id": "good.txt"' in done.stdout.splitlines()[1]


def test_a_file_that_is_no_database_is_left_as_it_is(attache, files):
    before = (files / "no.db").read_bytes()
    done = attache("digest", ATTACHE_DATABASE_URL=f"sqlite:///{files / 'no.db'}")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert (files / "no.db").read_bytes() == before


def test_a_database_of_another_version_is_left_as_it_is(attache, files):
    assert attache("import", "good.txt").returncode == 0
    with sqlite3.connect(files / "attache.db") as connection:
        connection.execute("UPDATE attache_version SET version_num = 'from-the-future'")
    connection.close()
    done = attache("whosaid", "Tarn")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "version" in done.stderr
    with sqlite3.connect(files / "attache.db") as connection:
        (kept,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    connection.close()
    assert kept == 1


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("mysql://a:secret@b/c", "ATTACHE_DATABASE_URL"),
        ("not a url", "ATTACHE_DATABASE_URL"),
        ("postgresql://a:secret@127.0.0.1:9/c", "127.0.0.1"),
        ("sqlite:////proc/nowhere/attache.db", "/proc/nowhere"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_line_without_the_password(attache, url, named):
    done = attache("digest", ATTACHE_DATABASE_URL=url)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert named in done.stderr
    assert "secret" not in done.stderr


def test_a_setting_that_cannot_be_used_is_one_line(attache):
    done = attache("digest", ATTACHE_TIMEZONE="Mars/Olympus")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "ATTACHE_TIMEZONE" in done.stderr


def test_nothing_in_an_article_acts_on_the_terminal(attache, tmp_path):
    hostile = "Mayor Ilka Tarn said \x1b[31m\x9b2J\u202ethe bridge will close on Monday, for good.\n"
    (tmp_path / "hostile.txt").write_text(f"The town waits for news of it.\n\n{hostile}")
    for arguments in (["read", "hostile.txt"], ["read", "--json", "hostile.txt"]):
        shown = attache(*arguments).stdout
        assert "Ilka Tarn" in shown
        assert not set(shown) & {"\x1b", "\x9b", "\u202e"}


def test_logs_show_strangers_words_without_effect(capsys):
    import structlog

    from bot.logs import set_up_logs

    set_up_logs("info", "console")
    try:
        structlog.get_logger("test").info("feed failed", error="\x1b[2Jgone\x9b")
        shown = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
    assert "gone" in shown
    assert "\x1b[2J" not in shown
    assert "\x9b" not in shown
