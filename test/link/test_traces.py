import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.link.scenes import SCENES, scene_trace
from fer_ros.link.traces import Trace, read_rates, read_trace, trace_of, write_trace
from fer_ros.resources import share


@pytest.fixture
def file(tmp_path):
    """Write a file and give its path."""

    def write(text, name="some.trace"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_trace_is_a_time_a_line(file):
    trace = read_trace(file("0\n0\n3\n10\n"))
    assert trace == Trace("some.trace", (0, 0, 3, 10))
    assert (trace.lap_s, trace.mean_kbps) == (0.010, 4 * 12_000 / 10)


@pytest.mark.parametrize("text", ["5\n7", "5\n7\n\n\n", "5\r\n7\r\n", " 5\n7 \n"])
def test_how_lines_end_does_not_matter(file, text):
    assert read_trace(file(text)).times_ms == (5, 7)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "holds no line: its rate is zero", id="empty"),
        pytest.param("\n\n", "holds no line", id="blank"),
        pytest.param("0\n0\n", "ends at 0 ms", id="no duration"),
        pytest.param("1\n2.5\n", r"line 2 is '2\.5'.*whole milliseconds", id="fraction"),
        pytest.param("1\n\n3\n", "line 2 is ''", id="gap"),
        pytest.param("# mine\n1\n", "line 1 is '# mine'", id="comment"),
        pytest.param("1\n5\n4\n", "line 3 is 4 after 5", id="falling"),
        pytest.param("-1\n5\n", "line 1 is -1", id="before its beginning"),
        pytest.param("1\n99999999999999\n", "line 2 is 99999999999999", id="years"),
        pytest.param(b"\xff\x00\n", "no Mahimahi trace", id="bytes"),
    ],
)
def test_what_is_no_trace_is_refused_naming_file_and_line(file, text, says):
    path = file(text)
    with pytest.raises(ParameterError, match=says) as error:
        read_trace(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_an_absent_trace_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"none\.trace cannot be read"):
        read_trace(tmp_path / "none.trace")


def test_a_constant_rate_becomes_even_times():
    assert trace_of("even", [(0.0, 12_000.0)], 0.005).times_ms == (1, 2, 3, 4, 5)
    assert trace_of("late", [(100.0, 6000.0)], 100.010).times_ms == (2, 4, 6, 8, 10)


def test_a_lap_lasts_until_the_end_though_nothing_leaves_there():
    trace = trace_of("fade", [(0.0, 12_000.0), (0.003, 0.0)], 1.0)
    assert trace.times_ms == (1, 2, 3, 1000)


rates = st.lists(st.tuples(st.floats(0.01, 2.0), st.floats(0.0, 20_000.0)), min_size=1, max_size=8)


@given(rates)
def test_a_trace_carries_what_its_rates_do_to_a_packet(changes):
    at, steps, kbit = 0.0, [], 0.0
    for lasts, kbps in changes:
        steps.append((at, kbps))
        at += lasts
        kbit += lasts * kbps
    if kbit < 12.1:
        return
    trace = trace_of("any", steps, at)
    assert trace.lap_s == pytest.approx(at, abs=0.0005)
    assert list(trace.times_ms) == sorted(trace.times_ms)
    assert abs(len(trace.times_ms) * 12 - kbit) <= 12.1


def test_what_is_written_is_what_is_read(tmp_path):
    trace = Trace("a.trace", (0, 4, 4, 9))
    write_trace(trace, tmp_path / "a.trace")
    assert read_trace(tmp_path / "a.trace") == trace
    with pytest.raises(ParameterError, match="cannot be written"):
        write_trace(trace, tmp_path / "nowhere" / "a.trace")


def test_rates_are_read_from_a_table_and_the_last_lasts_as_long_as_the_one_before(file):
    steps, end_s = read_rates(file("t_s,kbps\n0,500\n1,250.5\n3,0\n"))
    assert steps == [(0.0, 500.0), (1.0, 250.5), (3.0, 0.0)]
    assert end_s == 5.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "begins with nothing", id="empty"),
        pytest.param("0,500\n1,200\n", r"begins with \['0', '500'\]", id="no header"),
        pytest.param("t_s,kbps\n0,500\n", "holds 1 rates", id="one rate"),
        pytest.param("t_s,kbps\n0,500\n0,200\n", "0 after 0", id="the same time"),
        pytest.param("t_s,kbps\n0,500\n1,-1\n", "kbps -1 at 1 s", id="negative"),
        pytest.param("t_s,kbps\n0,500\n1,nan\n", "kbps nan", id="no number"),
        pytest.param("t_s,kbps\n0,500\ninf,1\n", "t_s inf", id="never"),
        pytest.param("t_s,kbps\n0,500\n1\n", "the line '1'", id="half a line"),
        pytest.param("t_s,kbps\n0,fast\n", "the line '0,fast'", id="words"),
        pytest.param(b"\xff\xfe", "no CSV", id="bytes"),
    ],
)
def test_rates_that_cannot_be_used_are_refused(file, text, says):
    path = file(text, "rates.csv")
    with pytest.raises(ParameterError, match=says) as error:
        read_rates(path)
    assert str(path) in str(error.value)


def test_rates_without_a_packet_are_refused():
    with pytest.raises(ParameterError, match="no packet"):
        trace_of("nothing", [(0.0, 0.0)], 10.0)
    with pytest.raises(ParameterError, match="last 0 ms"):
        trace_of("short", [(0.0, 1e6)], 0.0001)


@pytest.mark.parametrize("name", SCENES)
def test_the_shipped_traces_are_what_their_scenes_give(name):
    path = share("config") / "links" / "traces" / f"{name}.trace"
    made, shipped = scene_trace(name), read_trace(path)
    assert path.stat().st_size < 300_000
    assert len(made.times_ms) == len(shipped.times_ms)
    # Another mathematical library may round a logarithm otherwise.
    assert max(abs(a - b) for a, b in zip(made.times_ms, shipped.times_ms, strict=True)) <= 1


def test_another_seed_is_another_way():
    assert scene_trace("walk", 2) != scene_trace("walk", 1)
    with pytest.raises(ParameterError, match="'swim'; choose one of walk, drive, elevator"):
        scene_trace("swim")
