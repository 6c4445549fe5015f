"""Second readers: Pillow for stills, the ffmpeg command for videos, and the arithmetic of HDR."""

import io
import json
import subprocess
import warnings

import numpy as np
from PIL import Image, ImageFile, ImageOps

import pillow_heif
import pypdfium2

from card import on_white

pillow_heif.register_heif_opener()
ImageFile.LOAD_TRUNCATED_IMAGES = True
warnings.simplefilter("ignore")


def run(*command, data=None):
    """Runs a command and returns its output; an error is what it printed."""
    done = subprocess.run([str(word) for word in command], input=data, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()[-600:]}")
    return done.stdout


# Stills


def upright_rgb(image):
    """A Pillow image as a person sees it: turned upright, blended on white."""
    if image.mode.startswith("I;16") or image.mode == "I":
        values = np.asarray(image).astype(float) / 257
        return np.repeat(np.clip(np.rint(values), 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    turned = ImageOps.exif_transpose(image) or image
    if turned.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in turned.info:
        full = np.asarray(turned.convert("RGBA"))
        return on_white(full[..., :3], full[..., 3])
    return np.asarray(turned.convert("RGB"))


def still(path, page=None):
    """A page of a picture by Pillow; without a page, the one that is opened first."""
    with Image.open(path) as image:
        if page is not None:
            image.seek(page)
        return upright_rgb(image)


# Videos


def stream(path):
    """What ffprobe says about the video stream, and about its first frame."""
    about = run(
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "V",
        "-show_streams",
        "-show_frames",
        "-read_intervals",
        "%+#4",
        "-of",
        "json",
        path,
    )
    about = json.loads(about)
    streams = [one for one in about["streams"] if one.get("width")]
    default = [one for one in streams if one.get("disposition", {}).get("default")]
    chosen = (default or streams)[0]
    for frame in about.get("frames", []):
        if frame["stream_index"] == chosen["index"]:
            names = ("color_space", "color_range", "color_transfer", "color_primaries", "pix_fmt")
            return {**chosen, **{name: frame[name] for name in names if name in frame}}
    return chosen


def netpbm(data):
    """The pictures of a stream of PPM, 8 or 16 bits."""
    pictures, start = [], 0
    while start < len(data):
        words, at = [], start
        while len(words) < 4:
            end = at
            while data[end : end + 1] not in (b" ", b"\n"):
                end += 1
            words.append(data[at:end])
            at = end + 1
        width, height, most = (int(word) for word in words[1:])
        kind = np.dtype(">u2" if most > 255 else "u1")
        count = width * height * 3
        values = np.frombuffer(data, kind, count, at)
        pictures.append(values.reshape(height, width, 3))
        start = at + count * kind.itemsize
    return pictures


def decoded(path, filters="", deep=False, decoder=(), rotate=True):
    """All frames that the ffmpeg command gives, upright as it turns them."""
    command = ["ffmpeg", "-v", "error", "-nostdin", *decoder]
    if not rotate:
        command.append("-noautorotate")
    index = stream(path)["index"]
    command += ["-i", path, "-map", f"0:{index}", "-vsync", "passthrough"]
    if filters:
        command += ["-vf", filters]
    command += ["-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb48be" if deep else "rgb24", "-"]
    return netpbm(run(*command))


MATRICES = {
    "bt709": "709",
    "bt470bg": "470bg",
    "smpte170m": "170m",
    "fcc": "fcc",
    "bt2020nc": "2020_ncl",
    "ycgco": "ycgco",
    "smpte240m": "smpte240m",
}


def matrix(about):
    """The matrix of a video, with zscale's name. Without a mark, players go by the size."""
    marked = MATRICES.get(about.get("color_space"))
    if marked:
        return marked
    return "709" if about["width"] >= 1280 or about["height"] > 576 else "170m"


def is_yuv(about):
    return "yuv" in about.get("pix_fmt", "") or about.get("pix_fmt", "").startswith(("nv", "p0"))


def conversion(about):
    """zscale with the matrix and the range of a video; nothing for RGB and gray."""
    if not is_yuv(about):
        return ""
    pixels = about["pix_fmt"]
    full = about.get("color_range") == "pc" or pixels.startswith("yuvj")
    alpha = "yuva" in pixels
    name = matrix(about)
    uneven = "444" not in pixels and (about["width"] % 4 or about["height"] % 4)
    if name == "smpte240m" or uneven:
        # zscale knows neither; swscale with all its exact flags does.
        marked = {"709": "bt709", "smpte240m": "smpte240m"}.get(name, "bt601")
        return (
            f"scale=in_color_matrix={marked}:in_range={'pc' if full else 'tv'}:"
            "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=gbrp"
        )
    return (
        f"zscale=matrixin={name}:rangein={'full' if full else 'limited'}:matrix=gbr"
        f":range=full:dither=none,format={'gbrap16le' if alpha else 'gbrp16le'}"
    )


def to_8_bits(picture):
    return np.rint(picture / 257).astype(np.uint8) if picture.dtype != np.uint8 else picture


def sdr(path, about=None, before="", **options):
    """The frames of a video of ordinary range as RGB, by zscale and not by swscale."""
    about = about or stream(path)
    if about.get("pix_fmt", "").startswith("yuvj"):
        before = before or f"scale=in_range=pc:out_range=pc,format={about['pix_fmt'].replace('j', '')}"
    chain = ",".join(one for one in (before, conversion(about)) if one)
    return [to_8_bits(one) for one in decoded(path, chain, deep=True, **options)]


def with_alpha(path, decoder):
    """Frames of a video with transparency, on white, by a decoder that knows about it."""
    command = ["ffmpeg", "-v", "error", "-nostdin", *decoder, "-i", path, "-vsync", "passthrough"]
    command += ["-vf", "format=rgba", "-f", "image2pipe", "-c:v", "pam", "-"]
    data, found, start = run(*command), [], 0
    while start < len(data):
        end = data.index(b"ENDHDR\n", start) + 7
        words = dict(line.split() for line in data[start:end].split(b"\n")[1:-2])
        height, width = int(words[b"HEIGHT"]), int(words[b"WIDTH"])
        values = np.frombuffer(data, np.uint8, height * width * 4, end).reshape(height, width, 4)
        found.append(on_white(values[..., :3], values[..., 3]))
        start = end + height * width * 4
    return found


# HDR, by the formulas of ITU-R BT.2100 and BT.2408

SDR_WHITE = 203.0
HLG_PEAK = 1000.0
BT2020_TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
BT2020_LUMA = np.array([0.2627, 0.6780, 0.0593])
M1, M2, C1, C2, C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
A, B, C = 0.17883277, 0.28466892, 0.55991073


def pq_to_nits(signal):
    power = np.power(np.clip(signal, 0, 1), 1 / M2)
    return 10000 * np.power(np.maximum(power - C1, 0) / (C2 - C3 * power), 1 / M1)


def nits_to_pq(nits):
    power = np.power(np.clip(nits / 10000, 0, 1), M1)
    return np.power((C1 + C2 * power) / (1 + C3 * power), M2)


def hlg_to_nits(signal):
    """The display's light of a screen of 1000 nits: inverse OETF, then the OOTF with gamma 1.2."""
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - C) / A) + B) / 12)
    luma = (scene @ BT2020_LUMA)[..., None]
    return HLG_PEAK * scene * np.power(np.maximum(luma, 1e-9), 0.2)


def nits_to_hlg(nits):
    light = nits / HLG_PEAK
    luma = (light @ BT2020_LUMA)[..., None]
    scene = np.clip(light * np.power(np.maximum(luma, 1e-9), -0.2 / 1.2), 0, 1)
    high = A * np.log(np.maximum(12 * scene - B, 1e-9)) + C
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)


TO_NITS = {"smpte2084": pq_to_nits, "arib-std-b67": hlg_to_nits}


def hdr_to_sdr(signal, transfer):
    """An HDR picture (0…1) on an SDR screen: SDR white is 203 nits, brighter light is white."""
    light = TO_NITS[transfer](signal) / SDR_WHITE
    return np.rint(255 * np.clip(light @ BT2020_TO_BT709.T, 0, 1) ** (1 / 2.4)).astype(np.uint8)


def sdr_to_hdr(picture, transfer):
    """An SDR picture (0…255) as an HDR signal of 16 bits, as BT.2408 puts it into HDR programs."""
    light = (picture / 255.0) ** 2.4 @ np.linalg.inv(BT2020_TO_BT709).T
    code = nits_to_pq if transfer == "smpte2084" else nits_to_hlg
    return np.rint(65535 * code(np.clip(light, 0, None) * SDR_WHITE)).astype("<u2")


def hdr(path):
    """The frames of an HDR video as an SDR screen shows them."""
    about = stream(path)
    transfer = about["color_transfer"]
    return [hdr_to_sdr(one / 65535.0, transfer) for one in decoded(path, conversion(about), True)]


def pdf_pages(path, count):
    """Pages of a document by PDFium, at 150 dots per inch."""
    document = pypdfium2.PdfDocument(str(path))
    return [
        np.asarray(document[page].render(scale=150 / 72).to_pil().convert("RGB")) for page in range(count)
    ]


def png_bytes(picture):
    memory = io.BytesIO()
    Image.fromarray(picture).save(memory, "PNG")
    return memory.getvalue()
