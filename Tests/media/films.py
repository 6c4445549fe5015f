"""Videos whose light, transparency or fields are special."""

import numpy as np

import references
from card import HEIGHT, WIDTH, alpha, frame, frames
from case import Case, Right
from videos import CODECS, X264, X265, encode, into

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
            ("hevc", "mp4", f"{x265} -tag:v hvc1"),
            ("hevc", "mov", x265),
            ("hevc", "mkv", x265),
            ("hevc", "ts", x265),
            ("h264", "mp4", X264),
            ("vp9", "webm", vp9),
            ("vp9", "mkv", vp9),
            ("av1", "mp4", CODECS["av1"][0]),
            ("av1", "mkv", CODECS["av1"][0]),
        ]
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


P3_TO_BT709 = np.array([[1.2249, -0.2249, 0], [-0.0421, 1.0421, 0], [-0.0196, -0.0786, 1.0983]])


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
            path,
            signal,
            f"{X264} -colorspace {matrix} -color_primaries {primaries} -color_trc {transfer} -color_range tv",
            "yuv420p10le",
            filters=f"format=gbrp16le,zscale=matrix={to_yuv}:range=limited,format=yuv420p10le",
        )

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
    ]
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


def cases():
    yield from lights()
    yield from transparency()
    yield from fields()
