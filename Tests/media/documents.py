"""PDF: pages with drawn fields, whose right picture is known without a second reader, and scans."""

import zlib

import numpy as np
from PIL import Image

from card import frame
from case import Case, Refused, Right

COLORS = [(200, 40, 40), (40, 170, 40), (40, 40, 200), (220, 200, 40), (20, 20, 20), (120, 60, 160)]
WIDTH, HEIGHT = 300, 400


def page(number=0, width=WIDTH, height=HEIGHT, scale=3):
    """The right picture of a page: white, with three fields of which one is the page's own."""
    picture = np.full((height * scale, width * scale, 3), 255, np.uint8)
    for left, bottom, wide, high, color in fields(number, width, height):
        top = height - bottom - high
        picture[top * scale : (top + high) * scale, left * scale : (left + wide) * scale] = color
    return picture


def fields(number, width, height):
    """Rectangles in points from the lower left, with their colors."""
    return [
        (width // 10, height // 10, width // 3, height // 4, COLORS[number % 6]),
        (width // 2, height // 2, width // 3, height // 4, COLORS[(number + 1) % 6]),
        (width // 10, height * 6 // 10, width // 5, height // 5, COLORS[4]),
    ]


def drawing(number=0, width=WIDTH, height=HEIGHT):
    """The same as operators of PDF."""
    text = ""
    for left, bottom, wide, high, color in fields(number, width, height):
        red, green, blue = (f"{value / 255:.4f}" for value in color)
        text += f"{red} {green} {blue} rg {left} {bottom} {wide} {high} re f\n"
    return text.encode()


def pdf(pages, extra=b"", objects=(), trailer=b"", streams=True):
    """A document of pages: each its operators and the rest of its dictionary."""
    bodies = [b"", b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for operators, more in pages:
        data = zlib.compress(operators) if streams else operators
        filtered = b" /Filter /FlateDecode" if streams else b""
        length = len(data)
        bodies.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (length, filtered, data))
        contents = len(bodies) - 1
        bodies.append(b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R %s >>" % (contents, more))
        kids.append(b"%d 0 R" % (len(bodies) - 1))
    bodies[2] = b"<< /Type /Pages /Kids [%s] /Count %d %s >>" % (b" ".join(kids), len(kids), extra)
    bodies += objects
    out, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(bodies[1:], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % len(bodies)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    words = b"<< /Size %d /Root 1 0 R %s >>" % (len(bodies), trailer)
    return out + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (words, start)


def box(width=WIDTH, height=HEIGHT, left=0, bottom=0):
    return b"/MediaBox [%d %d %d %d]" % (left, bottom, left + width, bottom + height)


def document(name, data, pages, **more):
    options = {key: more.pop(key) for key in ("warning",) if key in more}
    return Case(
        "pdf",
        name,
        lambda path: [path.write_bytes(data), None][1],
        lambda path: Right(pages=pages, **options),
        **more,
    )


def drawn():
    one = [(drawing(), box())]
    yield document("drawn.pdf", pdf(one), [page()])
    yield document("drawn-plain-stream.pdf", pdf(one, streams=False), [page()])
    yield document("named.jpg", pdf(one), [page()])
    yield document("junk-before.pdf", b"\r\n\r\n" + pdf(one), [page()])
    wide = [(drawing(0, 400, 300), box(400, 300))]
    yield document("landscape.pdf", pdf(wide), [page(0, 400, 300)])
    moved = [(b"1 0 0 1 1000 -500 cm " + drawing(), box(left=1000, bottom=-500))]
    yield document("box-far-away.pdf", pdf(moved), [page()])
    cropped = [(drawing(), box() + b" /CropBox [150 200 300 400]")]
    yield document("cropped.pdf", pdf(cropped), [page()[: 200 * 3, 150 * 3 :]])
    for angle in (90, 180, 270, -90):
        turned = [(drawing(), box() + b" /Rotate %d" % angle)]
        yield document(f"turned-{angle}.pdf", pdf(turned), [np.rot90(page(), -angle // 90)])
    half = b"/Resources << /ExtGState << /g << /ca 0.5 >> >> >> " + box()
    pale = [(b"/g gs " + drawing(), half)]
    blended = np.rint(page() * 0.5 + 255 * 0.5).astype(np.uint8)
    yield document("half-transparent.pdf", pdf(pale), [blended])
    unit = [(drawing(), box() + b" /UserUnit 2")]
    yield document("user-unit.pdf", pdf(unit), [page()])
    large = [(b"10 0 0 10 0 0 cm " + drawing(), box(3000, 4000))]
    yield document("poster.pdf", pdf(large), [page()])
    small = [(b"0.2 0 0 0.2 0 0 cm " + drawing(), box(60, 80))]
    yield document("stamp.pdf", pdf(small), [page()])


def several():
    for count in (2, 3, 8, 9, 30):
        data = pdf([(drawing(number), box()) for number in range(count)])
        right = [page(number) for number in range(min(8, count))]
        yield document(f"pages-{count}.pdf", data, right, warning="page" if count > 8 else None)
    data = pdf([(drawing(number), box()) for number in range(5)])
    yield document(
        "three-of-five.pdf",
        data,
        [page(number) for number in range(3)],
        warning="page",
        arguments=("--pages", "3"),
    )
    mixed = [(drawing(0), box()), (drawing(1, 400, 300), box(400, 300))]
    yield document("mixed-sizes.pdf", pdf(mixed), [page(0), page(1, 400, 300)])
    inherited = pdf([(drawing(number), b"") for number in range(2)], extra=box())
    yield document("inherited-box.pdf", inherited, [page(0), page(1)])


def scans():
    """Pages that are a picture, as scanners and converters make them."""
    film = [frame(number, 600, 800) for number in range(2)]

    def by_pillow(path):
        images = [Image.fromarray(one) for one in film]
        images[0].save(path, "PDF", save_all=True, append_images=images[1:], quality=95)

    yield Case("pdf", "scan.pdf", by_pillow, lambda path: Right(pages=film))

    def bilevel(path):
        Image.fromarray(film[0]).convert("1").save(path, "PDF")

    black = np.asarray(Image.fromarray(film[0]).convert("1").convert("RGB"))
    yield Case("pdf", "scan-bilevel.pdf", bilevel, lambda path: Right(pages=[black]))

    def gray(path):
        Image.fromarray(film[0]).convert("L").save(path, "PDF", quality=95)

    pale = np.asarray(Image.fromarray(film[0]).convert("L").convert("RGB"))
    yield Case("pdf", "scan-gray.pdf", gray, lambda path: Right(pages=[pale]))
    picture = film[0]
    data = zlib.compress(picture.tobytes())
    image = b"<< /Type /XObject /Subtype /Image /Width 600 /Height 800 /ColorSpace /DeviceRGB"
    image += b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
    image %= (len(data), data)
    use = b"/Resources << /XObject << /i 5 0 R >> >> " + box()
    operators = b"q 300 0 0 400 0 0 cm /i Do Q"
    yield document("scan-lossless.pdf", pdf([(operators, use)], objects=[image]), [picture])


def refused():
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
    locked %= (b"11" * 32, b"22" * 32)
    data = pdf([(drawing(), box())], trailer=locked)
    codes = ("media.encrypted", "media.undecodable", "media.unsupported-format")
    rows = {
        "locked.pdf": (data, Refused(codes, "password")),
        "no-pages.pdf": (pdf([]), Refused(("media.undecodable", "media.no-pages", "media.empty"))),
        "cut.pdf": (pdf([(drawing(), box())])[:60], Refused(("media.undecodable",))),
        "only-the-name.pdf": (b"%PDF-1.7\n", Refused(("media.undecodable",))),
    }
    for name, (content, right) in rows.items():
        yield Case("pdf", name, lambda path, content=content: [path.write_bytes(content), None][1], right)
    once = pdf([(drawing(), box())])
    # Without its table, a document can be read from its objects.
    rest = once[: once.index(b"xref")]
    yield document("without-table.pdf", rest, [page()], or_refused=Refused(("media.undecodable",)))


def cases():
    for group in (drawn, several, scans, refused):
        yield from group()
