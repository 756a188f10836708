"""Example pictures of the classes for the window: 36 tiles of 64x64 beside each other, in the order of the classes.

usage: class-pictures.py OUT.png
Objects are flat pictograms that this script draws itself (no picture of CIFAR-10); letters come from Debian's fonts, in
turn and in the colours that images.py draws some of them in. Wants the library libcairo and nothing else.
"""
import ctypes, math, sys

EDGE = 64
cairo = ctypes.CDLL("libcairo.so.2")
D = ctypes.c_double
for name in ("image_surface_create", "create"):
    getattr(cairo, "cairo_" + name).restype = ctypes.c_void_p


class Extents(ctypes.Structure):
    _fields_ = [(n, D) for n in "x_bearing y_bearing width height x_advance y_advance".split()]


class Pen:
    """A few of Cairo's calls, with numbers as they come; colours are '#rrggbb'."""

    def __init__(self, cr):
        self.cr = ctypes.c_void_p(cr)

    def call(self, name, *numbers):
        getattr(cairo, "cairo_" + name)(self.cr, *[D(n) for n in numbers])

    def ink(self, colour):
        self.call("set_source_rgb", *[int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])

    def fill(self, colour):
        self.ink(colour)
        self.call("fill")

    def box(self, colour, x, y, w, h):
        self.call("rectangle", x, y, w, h)
        self.fill(colour)

    def oval(self, colour, x, y, rx, ry=None, turn=0):
        self.call("save"); self.call("translate", x, y); self.call("rotate", math.radians(turn)); self.call("scale", rx, ry or rx)
        self.call("new_path"); self.call("arc", 0, 0, 1, 0, 2 * math.pi); self.call("restore")
        self.fill(colour)

    def shape(self, colour, *points):
        """A polygon; points of six numbers are curves."""
        for i, p in enumerate(points):
            self.call("curve_to" if len(p) == 6 else "line_to" if i else "move_to", *p)
        self.call("close_path")
        self.fill(colour)

    def line(self, colour, width, *points):
        cairo.cairo_set_line_cap(self.cr, 1)
        cairo.cairo_set_line_join(self.cr, 1)
        self.call("set_line_width", width)
        for i, p in enumerate(points):
            self.call("curve_to" if len(p) == 6 else "line_to" if i else "move_to", *p)
        self.ink(colour)
        self.call("stroke")

    def letter(self, colour, family, text, turn):
        cairo.cairo_select_font_face(self.cr, family.encode(), 0, 1)
        self.call("set_font_size", 46)
        e = Extents()
        cairo.cairo_text_extents(self.cr, text.encode(), ctypes.byref(e))
        self.call("save"); self.call("translate", EDGE / 2, EDGE / 2); self.call("rotate", math.radians(turn))
        self.call("move_to", -e.x_bearing - e.width / 2, -e.y_bearing - e.height / 2)
        self.ink(colour)
        cairo.cairo_show_text(self.cr, text.encode())
        self.call("restore")


def airplane(p):
    p.box("#7fb4de", 0, 0, 64, 64)
    p.shape("#c9d3dc", (30, 30), (14, 53), (21, 53), (42, 33))
    p.shape("#c9d3dc", (27, 26), (22, 9), (28, 9), (42, 27))
    p.shape("#f2f5f8", (6, 36), (6, 30, 12, 27, 20, 27), (50, 27), (60, 16), (62, 16), (59, 33), (30, 40), (16, 41, 6, 41, 6, 36))
    for x in (19, 26, 33, 40):
        p.oval("#3d6a94", x, 32, 1.7)


def automobile(p):
    p.box("#d9dcd4", 0, 0, 64, 44); p.box("#8d8f8c", 0, 44, 64, 20)
    p.shape("#c93a32", (4, 46), (4, 35), (15, 32), (23, 21), (42, 21), (51, 32), (60, 36), (60, 46))
    p.shape("#cfe4ef", (20, 32), (26, 24), (31, 24), (31, 32)); p.shape("#cfe4ef", (34, 32), (34, 24), (40, 24), (46, 32))
    for x in (17, 47):
        p.oval("#26282a", x, 46, 7); p.oval("#c5c8ca", x, 46, 3)


def bird(p):
    p.box("#a9d0b4", 0, 0, 64, 64)
    p.line("#8a6a45", 4, (4, 55), (60, 52))
    p.line("#5b4632", 2, (30, 44), (29, 53)); p.line("#5b4632", 2, (36, 44), (36, 52))
    p.shape("#3f72b0", (6, 47), (22, 30), (30, 42))
    p.oval("#4c86c8", 33, 34, 15, 12, -18); p.oval("#4c86c8", 46, 21, 9)
    p.oval("#e9a15a", 38, 39, 9, 6, -20); p.oval("#2f5a91", 28, 33, 10, 6, 12)
    p.shape("#e5b53a", (54, 19), (63, 22), (54, 25)); p.oval("#10151c", 48, 19, 1.8)


def cat(p):
    p.box("#e8d9c3", 0, 0, 64, 64)
    p.shape("#5d5b63", (11, 8), (28, 20), (14, 32)); p.shape("#5d5b63", (53, 8), (36, 20), (50, 32))
    p.shape("#d79a9a", (15, 14), (24, 20), (16, 27)); p.shape("#d79a9a", (49, 14), (40, 20), (48, 27))
    p.oval("#6b6972", 32, 36, 23, 20)
    for x in (23, 41):
        p.oval("#cfdc6a", x, 33, 5, 4.5); p.oval("#17181a", x, 33, 1.6, 4.3)
    p.shape("#e3a3a0", (29, 41), (35, 41), (32, 45))
    p.line("#2b2a2e", 1.5, (32, 45), (32, 49)); p.line("#2b2a2e", 1.5, (26, 49), (28, 52, 31, 52, 32, 49), (33, 52, 36, 52, 38, 49))
    for y in (42, 47):
        p.line("#f4f1ec", 1.2, (20, y), (4, y + (y - 44))); p.line("#f4f1ec", 1.2, (44, y), (60, y + (y - 44)))


def antlers(p, side):
    at = lambda x, y: (32 + side * x, y)
    p.line("#7a5a36", 3, at(5, 25), at(12, 17), at(13, 4)); p.line("#7a5a36", 2.5, at(12, 15), at(23, 6)); p.line("#7a5a36", 2.5, at(9, 20), at(20, 18))


def deer(p):
    p.box("#9cbd7d", 0, 0, 64, 64)
    for side in (-1, 1):
        antlers(p, side)
        p.oval("#a97342", 32 + side * 13, 29, 8, 3.6, side * -18)
    p.shape("#b57e49", (22, 26), (26, 21, 38, 21, 42, 26), (39, 50), (38, 59, 26, 59, 25, 50))
    p.oval("#dcb98c", 32, 53, 7, 6); p.oval("#2a1d14", 32, 50, 3.6, 2.6)
    for x in (26, 38):
        p.oval("#1d130c", x, 34, 2.2, 2.8)


def dog(p):
    p.box("#c5d7e6", 0, 0, 64, 64)
    p.oval("#d6a265", 32, 33, 19, 21)
    p.oval("#80522b", 13, 32, 8, 17, 12); p.oval("#80522b", 51, 32, 8, 17, -12)
    p.oval("#f3e2c7", 32, 43, 12, 11)
    for x in (24, 40):
        p.oval("#1d1510", x, 28, 3)
    p.oval("#1d1510", 32, 38, 5, 3.6)
    p.line("#1d1510", 1.6, (32, 41), (32, 46)); p.line("#1d1510", 1.6, (25, 46), (27, 50, 31, 50, 32, 46), (33, 50, 37, 50, 39, 46))
    p.oval("#dd6c72", 32, 53, 4, 5)


def frog(p):
    p.box("#bfe0e4", 0, 0, 64, 64)
    p.oval("#3c8f3f", 13, 51, 12, 8, -20); p.oval("#3c8f3f", 51, 51, 12, 8, 20)
    p.oval("#55ad4b", 32, 41, 24, 18)
    for x in (19, 45):
        p.oval("#55ad4b", x, 20, 10); p.oval("#f5f4e4", x, 19, 6.5); p.oval("#16190f", x, 19, 4.6, 2.4)
    p.oval("#c8e29a", 32, 50, 15, 8)
    p.line("#1f4d22", 2, (13, 38), (22, 46, 42, 46, 51, 38))
    p.oval("#1f4d22", 28, 31, 1.2); p.oval("#1f4d22", 36, 31, 1.2)


def horse(p):
    p.box("#e2cf9f", 0, 0, 64, 64)
    p.shape("#6e4226", (8, 64), (10, 40, 18, 26, 30, 15), (29, 3), (38, 11), (44, 15, 49, 24, 58, 39), (59, 46, 54, 50, 48, 47), (42, 42), (38, 42, 37, 44, 36, 46), (40, 52, 42, 58, 42, 64))
    p.shape("#2c1a10", (8, 64), (3, 44, 12, 22, 31, 9), (34, 14), (22, 22, 14, 38, 16, 64))
    p.shape("#2c1a10", (31, 9), (40, 14), (38, 22), (33, 16))
    p.oval("#150c07", 42, 25, 2.2); p.oval("#2c1a10", 54, 41, 1.5)


def ship(p):
    p.box("#b9dcee", 0, 0, 64, 46)
    p.box("#f5f5f2", 19, 26, 27, 14); p.box("#f5f5f2", 24, 18, 16, 9); p.box("#cf4a35", 29, 7, 7, 12); p.box("#22252a", 29, 7, 7, 3)
    for x in (23, 30, 37):
        p.box("#3d6a94", x, 30, 4, 4)
    p.shape("#26374f", (4, 38), (60, 38), (53, 54), (11, 54)); p.box("#cf4a35", 8, 48, 48, 3)
    p.box("#2f74a6", 0, 51, 64, 13)
    p.line("#8fc1de", 1.5, (4, 57), (12, 54, 16, 60, 24, 57), (32, 54, 36, 60, 44, 57), (50, 54, 54, 59, 60, 57))


def truck(p):
    p.box("#dfe3cf", 0, 0, 64, 48); p.box("#8d8f8c", 0, 48, 64, 16)
    p.box("#e8a72f", 3, 14, 37, 34); p.box("#b97f1c", 3, 24, 37, 1.5); p.box("#b97f1c", 3, 35, 37, 1.5)
    p.shape("#3569a8", (42, 48), (42, 22), (53, 22), (61, 34), (61, 48)); p.shape("#d3e8f2", (46, 33), (46, 26), (52, 26), (56, 33))
    p.box("#3a3c3e", 3, 46, 58, 4)
    for x in (13, 27, 52):
        p.oval("#222426", x, 50, 6.5); p.oval("#c5c8ca", x, 50, 2.6)


OBJECTS = [airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck]
FAMILIES = ["DejaVu Sans", "DejaVu Serif", "Cantarell", "DejaVu Sans Mono"]  # another one where it is missing
COLOURS = [("#000000", "#ffffff"), ("#24508c", "#f3d36b"), ("#efe9dc", "#8c2f39"), ("#000000", "#ffffff"), ("#2f6b4f", "#f4efe4"), ("#ffffff", "#101418"), ("#5a3d7a", "#c9e3a4")]


def main(out):
    surface = cairo.cairo_image_surface_create(1, EDGE * 36, EDGE)
    surface = ctypes.c_void_p(surface)
    for i in range(36):
        p = Pen(cairo.cairo_create(surface))
        p.call("translate", i * EDGE, 0); p.call("rectangle", 0, 0, EDGE, EDGE); cairo.cairo_clip(p.cr)
        if i < len(OBJECTS):
            OBJECTS[i](p)
        else:
            n = i - len(OBJECTS)
            back, fore = COLOURS[n % len(COLOURS)]
            p.box(back, 0, 0, EDGE, EDGE)
            p.letter(fore, FAMILIES[n % len(FAMILIES)], chr(65 + n), (n * 5) % 17 - 8)
        cairo.cairo_destroy(p.cr)
    if cairo.cairo_surface_write_to_png(surface, out.encode()):
        sys.exit("cannot write " + out)


main(sys.argv[1])
