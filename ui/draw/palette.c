#include "ui/draw/palette.h"

Ink ink_mix(Ink a, Ink b, double t) {
  return (Ink){a.red + t * (b.red - a.red), a.green + t * (b.green - a.green),
               a.blue + t * (b.blue - a.blue)};
}

void palette_set_data(Palette *palette) {
  static const Ink vermilion = {0.835, 0.369, 0}, orange = {0.95, 0.62, 0.1}, green = {0, 0.52, 0.38},
                   light_green = {0.25, 0.78, 0.62}, red = {0.72, 0.2, 0.05}, light_red = {0.98, 0.55, 0.35},
                   blue = {0, 0.447, 0.698}, light_blue = {0.337, 0.706, 0.914};
  palette->mark = palette->dark ? orange : vermilion;
  palette->right = palette->dark ? light_green : green;
  palette->wrong = palette->dark ? light_red : red;
  palette->first = palette->dark ? light_blue : blue;
  palette->second = palette->dark ? orange : vermilion;
}

Palette palette_builtin(bool dark, bool high_contrast) {
  Palette palette = {.dark = dark, .high_contrast = high_contrast};
  palette.background = dark ? (Ink){0.19, 0.19, 0.195} : (Ink){1, 1, 1};
  palette.text = dark ? (Ink){1, 1, 1} : (Ink){0.13, 0.13, 0.14};
  palette.accent = dark ? (Ink){0.3, 0.6, 0.95} : (Ink){0.208, 0.518, 0.894};
  if (high_contrast) {
    palette.background = dark ? (Ink){0, 0, 0} : (Ink){1, 1, 1};
    palette.text = dark ? (Ink){1, 1, 1} : (Ink){0, 0, 0};
    palette.accent = dark ? (Ink){0.55, 0.78, 1} : (Ink){0.05, 0.3, 0.65};
  }
  palette.dim = ink_mix(palette.text, palette.background, high_contrast ? 0.15 : 0.38);
  palette.line = ink_mix(palette.text, palette.background, high_contrast ? 0.55 : 0.88);
  palette.without = ink_mix(palette.text, palette.background, high_contrast ? 0.4 : 0.58);
  palette_set_data(&palette);
  return palette;
}
