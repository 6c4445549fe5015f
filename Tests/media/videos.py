"""Videos that the ffmpeg command makes: codecs, containers, colors."""

import numpy as np

import references
from card import frames
from case import Case, Right
from references import run

FILM = frames(6)

# Codec: options of the encoder, pixel formats, containers.
X264 = "-c:v libx264 -preset ultrafast -qp 8"
X265 = "-c:v libx265 -preset ultrafast -x265-params qp=8:log-level=none"
SVT = "-c:v libsvtav1 -preset 10 -crf 12"
VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 8 -b:v 0"
VP8 = "-c:v libvpx -deadline realtime -cpu-used 8 -crf 4 -b:v 8M"
CODECS = {
    "h264": (
        X264,
        "yuv420p yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le gray nv12",
        "mp4 mov mkv avi ts flv 3gp h264 nut",
    ),
    "hevc": (
        X265,
        "yuv420p yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le yuv420p12le yuv422p12le"
        " yuv444p12le gray gbrp gbrp10le",
        "mp4 mov mkv ts hevc",
    ),
    "av1": (SVT, "yuv420p yuv420p10le", "mp4 mkv webm ivf"),
    "vp8": (VP8, "yuv420p", "webm mkv ivf"),
    "vp9": (VP9, "yuv420p yuv422p yuv440p yuv444p yuv420p10le yuv444p12le gbrp", "webm mkv mp4 ivf"),
    "mpeg1": ("-c:v mpeg1video -q:v 2", "yuv420p", "mpg mkv"),
    "mpeg2": ("-c:v mpeg2video -q:v 2", "yuv420p yuv422p", "ts mpg mkv mxf"),
    "mpeg4": ("-c:v mpeg4 -q:v 2", "yuv420p", "mp4 avi mkv ts"),
    "xvid": ("-c:v libxvid -q:v 2", "yuv420p", "avi"),
    "msmpeg4": ("-c:v msmpeg4 -q:v 2", "yuv420p", "avi asf"),
    "wmv1": ("-c:v wmv1 -q:v 2", "yuv420p", "asf"),
    "wmv2": ("-c:v wmv2 -q:v 2", "yuv420p", "asf avi"),
    "flv1": ("-c:v flv -q:v 2", "yuv420p", "flv"),
    "theora": ("-c:v libtheora -q:v 10", "yuv420p yuv422p yuv444p", "ogv"),
    "mjpeg": ("-c:v mjpeg -q:v 2", "yuvj420p yuvj422p yuvj444p", "avi mov mkv"),
    "prores": ("-c:v prores_ks", "yuv422p10le yuv444p10le", "mov mkv"),
    "dnxhd": ("-c:v dnxhd -profile:v dnxhr_hq", "yuv422p", "mov mxf"),
    "dnxhr": ("-c:v dnxhd -profile:v dnxhr_444", "yuv444p10le", "mov"),
    "ffv1": (
        "-c:v ffv1",
        "yuv420p yuv411p yuv410p yuv422p yuv444p yuv420p10le yuv422p16le yuv444p16le gray gray10le"
        " gray16le bgr0 gbrp10le gbrp12le gbrp16le",
        "mkv avi",
    ),
    "huffyuv": ("-c:v huffyuv", "yuv422p rgb24", "avi mkv"),
    "ffvhuff": ("-c:v ffvhuff", "yuv420p yuv444p", "avi mkv"),
    "utvideo": ("-c:v utvideo", "yuv420p yuv422p gbrp", "avi mkv"),
    "magicyuv": ("-c:v magicyuv", "yuv420p gbrp gray", "avi"),
    "cinepak": ("-c:v cinepak", "rgb24", "avi"),
    "jpeg2000": ("-c:v jpeg2000 -q:v 2", "yuv420p yuv444p rgb24", "mxf mov mkv"),
    "qtrle": ("-c:v qtrle", "rgb24 gray rgb555be", "mov"),
    "png": ("-c:v png", "rgb24 gray rgb48be", "mov mkv avi"),
    "raw": ("-c:v rawvideo", "yuyv422 uyvy422 rgb24", "mov avi mkv nut"),
    "v210": ("-c:v v210", "yuv422p10le", "mov avi"),
    "v410": ("-c:v v410", "yuv444p10le", "mov"),
    "zmbv": ("-c:v zmbv", "bgr0", "avi"),
    "flashsv": ("-c:v flashsv", "bgr24", "flv"),
    # Without a ratio the encoder writes pixels of 12:11.
    "h263": ("-c:v h263 -q:v 2 -aspect 11:9", "yuv420p", "3gp avi"),
    "cfhd": ("-c:v cfhd", "yuv422p10le gbrp12le", "mov"),
    "gif": ("", "bgr8", "gif"),
    "apng": ("-c:v apng -pred none", "rgb24 gray", "apng"),
}
# Codecs with so few colors or so much loss that they cannot be compared with the card.
ROUGH = ("gif", "cinepak", "qtrle")
MUXERS = {"mkv": "matroska", "ts": "mpegts", "mpg": "vob", "ogv": "ogg"}
# The matrices, with zscale's names; it has none for SMPTE 240M.
COLORS = {
    "bt709": "709",
    "smpte170m": "170m",
    "bt470bg": "470bg",
    "fcc": "fcc",
    "bt2020nc": "2020_ncl",
    "ycgco": "ycgco",
    "smpte240m": None,
}


def encode(path, pictures, options, pixels, muxer=None, filters="", rate=25, source=None):
    """Pictures (RGB or RGBA, 8 or 16 bits) as a video."""
    height, width, channels = pictures.shape[1:]
    deep = pictures.dtype != np.uint8
    form = {(3, False): "rgb24", (4, False): "rgba", (3, True): "rgb48le"}[channels, deep]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", source or form]
    command += ["-s", f"{width}x{height}", "-r", str(rate), "-i", "-"]
    if filters:
        command += ["-vf", filters]
    command += options.split() + (["-pix_fmt", pixels] if pixels else [])
    suffix = path.suffix[1:]
    command += ["-f", muxer or MUXERS.get(suffix, suffix), path]
    run(*command, data=pictures.tobytes())


def into(matrix, full, pixels):
    """The filter that turns RGB into YUV of a matrix and range."""
    if not pixels.startswith(("yuv", "nv")):
        return ""
    plain = pixels.replace("yuvj", "yuv")
    through = {"nv12": "yuv420p", "yuyv422": "yuv422p", "yuv440p": "yuv444p"}
    middle = through.get(plain, plain)
    if plain in ("yuv410p", "yuv411p"):
        middle = "yuv444p"
    if COLORS[matrix]:
        convert = f"zscale=matrix={COLORS[matrix]}:range={'full' if full else 'limited'}"
    else:
        convert = f"scale=out_color_matrix={matrix}:out_range={'pc' if full else 'tv'}"
    chain = f"format=gbrp,{convert},format={middle}"
    return chain if middle == plain else chain + f",format={plain}"


def video(kind, name, pictures, options, pixels, about=None, card=None, **more):
    """A case whose reference is what ffmpeg decodes, itself compared with the card."""

    def make(path):
        encode(path, pictures, options, pixels, **more)

    def right(path):
        size = (pictures.shape[2], pictures.shape[1])
        return Right(frames=lambda chosen: checked(references.sdr(path, about), card), size=size)

    return Case(kind, name, make, right, video=True)


def checked(found, card):
    """Refuses a reference that is itself far from what was drawn."""
    if card is not None:
        distance = max(
            np.abs(one.astype(int) - drawn).mean() for one, drawn in zip(found, card, strict=False)
        )
        if distance > 14:
            raise RuntimeError(f"the reference is {distance:.1f} from the picture that was drawn")
    return found


def codecs():
    for codec, (options, formats, containers) in CODECS.items():
        first = formats.split()[0]
        pairs = [(first, one) for one in containers.split()]
        pairs += [(one, containers.split()[0]) for one in formats.split()[1:]]
        # Raw streams and ivf keep no marks; MKV takes every pixel format.
        for pixels, container in pairs:
            full = pixels.startswith("yuvj")
            film, card = FILM, None if codec in ROUGH or "gray" in pixels else FILM
            if codec == "h263":
                film = frames(6, 176, 144)
                card = film
            name = f"{codec}-{pixels}.{container}"
            muxer = {"h264": "h264", "hevc": "hevc"}.get(container)
            yield video(
                "codec",
                name,
                film,
                options,
                pixels,
                card=card,
                muxer=muxer,
                filters=into("smpte170m", full, pixels),
            )


def color_options(codec, matrix, full):
    """The marks of a stream, as far as the encoder writes them."""
    words = f"-colorspace {matrix} -color_range {'pc' if full else 'tv'}"
    known = matrix in ("bt709", "smpte170m", "bt470bg", "smpte240m")
    primaries = {"bt2020nc": "bt2020"}.get(matrix, matrix if known else "bt709")
    transfer = {"bt470bg": "gamma28"}.get(primaries, primaries) if known else "bt709"
    words += f" -color_primaries {primaries} -color_trc {transfer}"
    if matrix == "bt2020nc":
        words = words.replace("-color_primaries bt2020", "-color_primaries bt709")
    if codec == "hevc":
        return f"{X265}:range={'full' if full else 'limited'}:colormatrix={matrix} {words}"
    return f"{CODECS[codec][0]} {words}"


def colors():
    """Matrix × range × pixel format × codec, with the marks in the stream."""
    for codec, container in (("h264", "mp4"), ("hevc", "mkv"), ("vp9", "webm"), ("av1", "mp4")):
        for matrix in COLORS:
            if codec in ("vp9", "av1") and matrix in ("fcc", "ycgco"):
                continue
            for full in (False, True):
                pixels = "yuv444p" if codec in ("h264", "vp9") else "yuv420p"
                name = f"{codec}-{matrix}-{'pc' if full else 'tv'}.{container}"
                yield video(
                    "color",
                    name,
                    FILM,
                    color_options(codec, matrix, full),
                    pixels,
                    card=FILM,
                    filters=into(matrix, full, pixels),
                )
    for pixels in ("yuv420p10le", "yuv422p10le", "yuv444p10le"):
        for full in (False, True):
            name = f"h264-{pixels}-{'pc' if full else 'tv'}-709.mp4"
            yield video(
                "color",
                name,
                FILM,
                color_options("h264", "bt709", full),
                pixels,
                card=FILM,
                filters=into("bt709", full, pixels),
            )
    # Without marks: BT.601 where small, BT.709 where large, as players do.
    for width, height in ((720, 576), (1024, 576), (1280, 720), (1278, 570), (640, 720)):
        large = width >= 1280 or height > 576
        yield video(
            "unmarked",
            f"unmarked-{width}x{height}.mp4",
            frames(4, width, height),
            X264,
            "yuv420p",
            card=frames(4, width, height),
            filters=into("bt709" if large else "smpte170m", False, "yuv420p"),
        )


def cases():
    yield from codecs()
    yield from colors()
