"""Videos whose light, transparency, fields or times are special."""

import numpy as np

import references
from card import HEIGHT, WIDTH, alpha, frame, frames, on_white
from case import Case, Right
from compare import spread
from references import run
from videos import CODECS, X264, X265, encode, into, numbered

# HDR


def hdr_case(name, transfer, options, card, filters=""):
    """The card as BT.2408 puts SDR into HDR; an SDR screen has to show the card again."""

    def make(path):
        signal = np.stack([references.sdr_to_hdr(one, transfer) for one in card])
        to_yuv = "format=gbrp16le,zscale=matrix=2020_ncl:range=limited,format=yuv420p10le"
        encode(path, signal, options, "yuv420p10le", filters=filters or to_yuv)

    def right(path):
        found = references.hdr(path)
        for one, drawn in zip(found, card, strict=False):
            away = np.abs(one.astype(int) - drawn).mean()
            if away > 8:
                raise RuntimeError(f"the reference is {away:.1f} from what was drawn")
        return Right(frames=lambda chosen: found)

    return Case("hdr", name, make, right, video=True)


def lights():
    for transfer, short in (("smpte2084", "pq"), ("arib-std-b67", "hlg")):
        marks = f"-colorspace bt2020nc -color_primaries bt2020 -color_trc {transfer} -color_range tv"
        x265 = f"{X265}:colormatrix=bt2020nc:colorprim=bt2020:transfer={transfer}:range=limited"
        vp9 = CODECS["vp9"][0] + " -profile:v 2"
        rows = [
            ("hevc", "mp4", f"{x265} -tag:v hvc1"), ("hevc", "mov", x265), ("hevc", "mkv", x265),
            ("hevc", "ts", x265), ("h264", "mp4", X264), ("vp9", "webm", vp9), ("vp9", "mkv", vp9),
            ("av1", "mp4", CODECS["av1"][0]), ("av1", "mkv", CODECS["av1"][0]),
        ]  # fmt: skip
        for codec, container, options in rows:
            name = f"{codec}-{short}.{container}"
            yield hdr_case(name, transfer, f"{options} {marks}", frames(4))
        peak = f"{x265}:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
        peak += "L(10000000,1):max-cll=1000,400"
        yield hdr_case(f"hevc-{short}-mastered.mp4", transfer, f"{peak} {marks}", frames(4))
        noisy = np.stack([np.clip(frame(n) * 0.6, 0, 255).astype(np.uint8) for n in range(4)])
        yield hdr_case(f"hevc-{short}-dark.mp4", transfer, f"{x265} {marks}", noisy)
    # Wide gamut without HDR, as cameras and screens have it.
    for primaries, trc in (("bt2020", "bt709"), ("bt2020", "bt2020-10"), ("smpte432", "bt709")):
        yield wide(primaries, trc)


P3_TO_BT709 = np.array(
    [[1.2249, -0.2249, 0], [-0.0421, 1.0421, 0], [-0.0196, -0.0786, 1.0983]]
)  # fmt: skip


def wide(primaries, transfer):
    """The card in wider primaries, so that it looks pale to who ignores them."""
    turn = references.BT2020_TO_BT709 if primaries == "bt2020" else P3_TO_BT709
    card = frames(4)

    def make(path):
        light = (card / 255.0) ** 2.4 @ np.linalg.inv(turn).T
        signal = np.rint(65535 * np.clip(light, 0, 1) ** (1 / 2.4)).astype("<u2")
        matrix = "bt2020nc" if primaries == "bt2020" else "bt709"
        to_yuv = "2020_ncl" if primaries == "bt2020" else "709"
        encode(
            path, signal,
            f"{X264} -colorspace {matrix} -color_primaries {primaries} -color_trc {transfer}"
            " -color_range tv",
            "yuv420p10le",
            filters=f"format=gbrp16le,zscale=matrix={to_yuv}:range=limited,format=yuv420p10le",
        )  # fmt: skip

    def right(path):
        about = references.stream(path)
        found = references.decoded(path, references.conversion(about), deep=True)
        light = [(one / 65535.0) ** 2.4 @ turn.T for one in found]
        plain = [np.rint(255 * np.clip(one, 0, 1) ** (1 / 2.4)).astype(np.uint8) for one in light]
        return Right(frames=lambda chosen: plain)

    return Case("wide gamut", f"h264-{primaries}-{transfer}.mp4", make, right, video=True)


# Transparency


def transparency():
    film = np.stack([np.dstack([frame(number), alpha(hard=False)]) for number in range(4)])
    rows = [
        ("vp9", "webm", "-c:v libvpx-vp9 -crf 8 -b:v 0 -deadline realtime", "yuva420p", "libvpx-vp9"),
        ("vp8", "webm", "-c:v libvpx -crf 4 -b:v 8M -auto-alt-ref 0", "yuva420p", "libvpx"),
        ("vp9", "mkv", "-c:v libvpx-vp9 -crf 8 -b:v 0 -deadline realtime", "yuva420p", "libvpx-vp9"),
        ("prores", "mov", "-c:v prores_ks -profile:v 4444", "yuva444p10le", None),
        ("qtrle", "mov", "-c:v qtrle", "argb", None),
        ("png", "mov", "-c:v png", "rgba", None),
        ("ffv1", "mkv", "-c:v ffv1", "yuva420p", None),
        ("ffv1-444", "mkv", "-c:v ffv1", "yuva444p", None),
        ("ffv1-bgra", "mkv", "-c:v ffv1", "bgra", None),
        ("huffyuv", "avi", "-c:v huffyuv", "bgra", None),
        ("utvideo", "avi", "-c:v utvideo", "gbrap", None),
        ("magicyuv", "avi", "-c:v magicyuv", "gbrap", None),
        ("raw", "mov", "-c:v rawvideo", "argb", None),
        ("apng", "apng", "-c:v apng -pred none", "rgba", None),
        ("gif", "gif", "", None, None),
    ]  # fmt: skip
    for codec, container, options, pixels, decoder in rows:
        # Palettes know only there and gone.
        drawn = film if codec != "gif" else with_hard_alpha(film)
        filters = "split[a][b];[a]palettegen[p];[b][p]paletteuse" if codec == "gif" else ""

        def make(path, drawn=drawn, options=options, pixels=pixels, filters=filters):
            encode(path, drawn, options, pixels, filters=filters)

        def right(path, decoder=decoder):
            found = references.with_alpha(path, ("-c:v", decoder) if decoder else ())
            return Right(frames=lambda chosen: found)

        yield Case("video alpha", f"alpha-{codec}.{container}", make, right, video=True)


def with_hard_alpha(film):
    hard = film.copy()
    hard[..., 3] = alpha(hard=True)
    return hard


# Fields


def fields():
    """Two fields of different times in a frame; a person sees no combs."""
    rows = [
        ("mpeg2", "ts", "-c:v mpeg2video -q:v 2 -flags +ilme+ildct"),
        ("mpeg2", "mpg", "-c:v mpeg2video -q:v 2 -flags +ilme+ildct"),
        ("h264", "ts", f"{X264} -flags +ilme+ildct"),
        ("h264", "mp4", f"{X264} -flags +ilme+ildct"),
        ("h264", "mkv", f"{X264} -flags +ilme+ildct"),
        ("mpeg4", "avi", "-c:v mpeg4 -q:v 2 -flags +ilme+ildct"),
        ("dv", "avi", "-c:v dvvideo"),
        ("prores", "mov", "-c:v prores_ks -flags +ilme+ildct"),
    ]
    for codec, container, options in rows:
        for order, scan in (("tff", "tff"), ("bff", "bff")):
            if codec == "dv" and order == "tff":
                continue
            # DV is always 720×576 here.
            width, height = (720, 576) if codec == "dv" else (WIDTH, HEIGHT)
            film = frames(16, width, height)
            h264 = f" -x264-params {scan}=1" if codec == "h264" else f" -top {int(order == 'tff')}"
            pixels = "yuv422p10le" if codec == "prores" else "yuv420p"
            chain = f"{into('smpte170m', False, pixels)},interlace=scan={scan}:lowpass=off"

            def make(path, film=film, options=options + h264, pixels=pixels, chain=chain):
                encode(path, film, options, pixels, filters=chain, rate=50)

            def right(path):
                found = references.sdr(path, before="bwdif=mode=send_frame:deint=all")
                return Right(frames=lambda chosen: found)

            yield Case("interlaced", f"{codec}-{order}.{container}", make, right, video=True)


# Times


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
        path, numbered(count), options, "yuv420p", filters=into("smpte170m", False, "yuv420p"),
        rate=rate, **more,
    )  # fmt: skip


def cut_between_key_frames(path, codec, at):
    """A recording that starts `at` packets in, at no key frame."""
    whole = path.with_name("whole.ts")
    options = f"-c:v libx265 -preset ultrafast -x265-params keyint=25:min-keyint=25:log-level=none" if codec == "hevc" else f"{CODECS[codec][0]} -g 25 -bf 0"  # fmt: skip
    bars_film(whole, options=options)
    packets = run(
        "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pos", "-of",
        "csv=p=0", whole,
    )  # fmt: skip
    places = [int(line.strip(",")) for line in packets.decode().split() if line.strip(",").isdigit()]
    data = whole.read_bytes()
    head = data[: places[0]]
    path.write_bytes(head + data[places[at] :])


def times():
    for codec, container in (("h264", "mp4"), ("h264", "mkv"), ("h264", "ts"), ("vp9", "webm")):
        options = f"{X264} -g 25 -bf 2" if codec == "h264" else f"{CODECS['vp9'][0]} -g 25"
        yield counted(
            f"plain-{codec}.{container}",
            lambda path, options=options: bars_film(path, options=options), 100,
        )  # fmt: skip
    for codec in ("h264", "hevc", "mpeg2"):
        # What comes before the first key frame that is there, number 25, cannot be seen.
        yield counted(
            f"starts-between-{codec}.ts",
            lambda path, codec=codec: cut_between_key_frames(path, codec, 10),
            numbers=[25 + one for one in spread(75, taken(75))],
        )  # fmt: skip

    def joined(path):
        parts = b""
        for part in range(2):
            one = path.with_name(f"part{part}.ts")
            encode(
                one, numbered(100)[part * 50 : part * 50 + 50], f"{X264} -g 25 -bf 0", "yuv420p",
                filters=into("smpte170m", False, "yuv420p"),
            )  # fmt: skip
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
            if container == "ts" and seconds == 20:
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
    yield from lights()
    yield from transparency()
    yield from fields()
    yield from times()
