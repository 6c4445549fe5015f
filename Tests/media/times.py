"""Videos whose clocks, starts and ends are special; their frames are read by their bars."""

from card import numbered
from case import Case, Right
from compare import spread
from references import run
from videos import CODECS, X264, encode, into


def counted(name, make, count=None, numbers=None, **more):
    """A clip of bars whose shown numbers are checked."""

    def right(path):
        wanted = numbers or (spread(count, taken(count)) if count else None)
        return Right(numbers=wanted, **more)

    return Case("times", name, make, right, video=True)


def taken(count, rate=25):
    """Two frames per second, at least four."""
    return min(max(int(count / rate * 2), 4), count)


def bars_film(path, count=100, options=f"{X264} -g 25 -bf 2", rate=25, **more):
    encode(
        path,
        numbered(count),
        options,
        "yuv420p",
        filters=into("smpte170m", False, "yuv420p"),
        rate=rate,
        **more,
    )


def cut_between_key_frames(path, codec, at):
    """A recording that starts `at` packets in, at no key frame."""
    whole = path.with_name("whole.ts")
    options = f"{CODECS[codec][0]} -g 25 -bf 0"
    if codec == "hevc":
        options = "-c:v libx265 -preset ultrafast -x265-params keyint=25:min-keyint=25:log-level=none"
    bars_film(whole, options=options)
    packets = run(
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "packet=pos",
        "-of",
        "csv=p=0",
        whole,
    )
    places = [int(line.strip(",")) for line in packets.decode().split() if line.strip(",").isdigit()]
    data = whole.read_bytes()
    head = data[: places[0]]
    path.write_bytes(head + data[places[at] :])


def times():
    for codec, container in (("h264", "mp4"), ("h264", "mkv"), ("h264", "ts"), ("vp9", "webm")):
        options = f"{X264} -g 25 -bf 2" if codec == "h264" else f"{CODECS['vp9'][0]} -g 25"
        yield counted(
            f"plain-{codec}.{container}",
            lambda path, options=options: bars_film(path, options=options),
            100,
        )
    for codec in ("h264", "hevc", "mpeg2"):
        # What comes before the first key frame that is there, number 25, cannot be seen.
        yield counted(
            f"starts-between-{codec}.ts",
            lambda path, codec=codec: cut_between_key_frames(path, codec, 10),
            numbers=[25 + one for one in spread(75, taken(75))],
        )

    def joined(path):
        parts = b""
        for part in range(2):
            one = path.with_name(f"part{part}.ts")
            encode(
                one,
                numbered(100)[part * 50 : part * 50 + 50],
                f"{X264} -g 25 -bf 0",
                "yuv420p",
                filters=into("smpte170m", False, "yuv420p"),
            )
            parts += one.read_bytes()
        path.write_bytes(parts)

    yield counted("joined-two-recordings.ts", joined, 100)

    def jumping(seconds):
        def make(path):
            whole = path.with_name("whole.mkv")
            bars_film(whole, options=f"{X264} -g 25 -bf 0")
            shift = f"setts=ts='if(gte(N,50),TS+{seconds}/TB,TS)'"
            run("ffmpeg", "-v", "error", "-y", "-i", whole, "-c", "copy", "-bsf:v", shift, path)

        return make

    for container in ("mp4", "mkv", "ts"):
        for seconds in (20, 9000):
            # MKV states a duration that covers the jump, so it is time there.
            if (container, seconds) in (("ts", 20), ("mkv", 9000)):
                continue
            # Twenty seconds may be a pause of the recorder; a pause is not shown either.
            right = {"count": 100} if seconds > 60 else {"most_often": 2}
            yield counted(f"clock-jumps-{seconds}s.{container}", jumping(seconds), **right)

    def trimmed(path):
        whole = path.with_name("whole.mp4")
        bars_film(whole, options=f"{X264} -g 50 -bf 0")
        run("ffmpeg", "-v", "error", "-y", "-ss", "1", "-i", whole, "-c", "copy", path)

    yield counted("trimmed-by-an-edit-list.mp4", trimmed, numbers=[25 + n for n in spread(75, 6)])
    yield counted("slow.mkv", lambda path: bars_film(path, 20, rate=1), numbers=list(range(20)))
    yield counted("fast.mp4", lambda path: bars_film(path, 240, rate=240), numbers=spread(240, 4))

    def variable(path):
        whole = path.with_name("whole.mkv")
        bars_film(whole, 60, options=f"{X264} -g 25 -bf 0")
        shift = "setts=ts='if(gte(N,30),TS+(N-30)*0.16/TB,TS)'"
        run("ffmpeg", "-v", "error", "-y", "-i", whole, "-c", "copy", "-bsf:v", shift, path)

    yield counted("variable-rate.mkv", variable, most_often=2)

    def cut(path):
        whole = path.with_name("whole.ts")
        bars_film(whole, options=f"{X264} -g 25 -bf 0")
        data = whole.read_bytes()
        path.write_bytes(data[: len(data) * 6 // 10])

    yield Case("times", "cut-off.ts", cut, lambda path: Right(most_often=1), video=True)


def cases():
    yield from times()
