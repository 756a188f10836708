#include "data/class-pictures.h"

#include "data/models.h"
#include "data/picture-file.h"
#include "data/resources.h"

/* (transfer full) NULL: none */
static char *sheet_path(const char *model) {
  for (const NamedModel *row = named_models; row->name; row++)
    if (g_strcmp0(row->name, model) == 0)
      return row->pictures ? resource_find(row->pictures) : NULL;
  return NULL;
}

GBytes *class_pictures_read(const char *model, int n_classes, int *edge) {
  g_autofree char *path = sheet_path(model);
  Picture sheet;
  g_autoptr(GBytes) bytes = path ? picture_read(path, &sheet, NULL) : NULL;
  if (!bytes || sheet.height < 1 || sheet.width != n_classes * sheet.height || sheet.channels != 3)
    return NULL;
  gsize n = (gsize)sheet.width * (gsize)sheet.height;
  guint32 *pixels = g_new(guint32, n);
  for (gsize i = 0; i < n; i++) {
    const uint8_t *rgb = sheet.pixels + 3 * i;
    pixels[i] = 0xff000000u | (guint32)rgb[0] << 16 | (guint32)rgb[1] << 8 | rgb[2];
  }
  *edge = sheet.height;
  return g_bytes_new_take(pixels, n * sizeof *pixels);
}
