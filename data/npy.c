#include "data/npy.h"

#include "data/file.h"
#include "data/number.h"
#include "engine/error.h"

#include <string.h>

#define MAGIC        "\x93NUMPY"
#define HEADER_LIMIT 65536

typedef struct {
  NumberKind kind;
  bool swap, fortran;
  Shape shape;
} Header;

/* What follows the order of bytes in 'descr': "<f4". */
static const struct {
  const char *code;
  NumberKind kind;
} codes[] = {
    {"f2", NUMBER_FLOAT16}, {"f4", NUMBER_FLOAT32}, {"f8", NUMBER_FLOAT64}, {"i1", NUMBER_INT8},
    {"i2", NUMBER_INT16},   {"i4", NUMBER_INT32},   {"i8", NUMBER_INT64},   {"u1", NUMBER_UINT8},
    {"u2", NUMBER_UINT16},  {"u4", NUMBER_UINT32},  {"u8", NUMBER_UINT64},  {"b1", NUMBER_BOOL},
};

static const char *skip_spaces(const char *text) {
  while (*text == ' ' || *text == '\t' || *text == '\n')
    text++;
  return text;
}

/* After "'key':" in the header's dictionary; NULL when the key is not there. */
static const char *header_value(const char *header, const char *key) {
  for (const char *quotes = "'\""; *quotes; quotes++) {
    g_autofree char *quoted = g_strdup_printf("%c%s%c", *quotes, key, *quotes);
    const char *found = strstr(header, quoted);
    if (!found)
      continue;
    found = skip_spaces(found + strlen(quoted));
    return *found == ':' ? skip_spaces(found + 1) : NULL;
  }
  return NULL;
}

static bool parse_type(const char *text, Header *header) {
  if (!text || (*text != '\'' && *text != '"'))
    return false;
  char quote = *text++, order = *text;
  if (!strchr("<>|=", order) || order == 0)
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
    if (strncmp(text + 1, codes[i].code, 2) == 0 && text[3] == quote) {
      header->kind = codes[i].kind;
      header->swap = order == '>' && number_size(header->kind) > 1;
      return true;
    }
  return false;
}

static bool parse_shape(const char *text, Shape *shape) {
  *shape = (Shape){0};
  if (!text || *text != '(')
    return false;
  for (text = skip_spaces(text + 1); *text != ')';) {
    char *end = NULL;
    if (!g_ascii_isdigit(*text) || shape->rank == TENSOR_MAX_RANK)
      return false;
    guint64 n = g_ascii_strtoull(text, &end, 10);
    if (n > (guint64)1 << 48)
      return false;
    shape->dim[shape->rank++] = (int64_t)n;
    text = skip_spaces(*end == 'L' ? end + 1 : end);
    if (*text == ',')
      text = skip_spaces(text + 1);
    else if (*text != ')')
      return false;
  }
  return shape_count(shape) >= 0;
}

static bool parse_header(const char *text, const char *where, Header *header, GError **error) {
  if (!parse_type(header_value(text, "descr"), header))
    return input_error(error, "%s holds elements of a type that is not read; save it as float32 or int64",
                       where);
  const char *order = header_value(text, "fortran_order");
  if (!order || (!g_str_has_prefix(order, "True") && !g_str_has_prefix(order, "False")))
    return input_error(error, "the header of %s does not say its order; save the array again", where);
  header->fortran = *order == 'T';
  if (!parse_shape(header_value(text, "shape"), &header->shape))
    return input_error(error, "the header of %s has no valid shape of at most %d axes; save the array again",
                       where, TENSOR_MAX_RANK);
  return true;
}

/* From first index fastest to last index fastest: the element at row-major place i lies at sum of index[k] *
 * step[k]. */
static void from_fortran(const Tensor *fortran, Tensor *tensor) {
  const Shape *shape = &tensor->shape;
  int64_t index[TENSOR_MAX_RANK] = {0}, step[TENSOR_MAX_RANK], place = 0, count = tensor_count(tensor);
  for (int k = 0; k < shape->rank; k++)
    step[k] = k ? step[k - 1] * shape->dim[k - 1] : 1;
  size_t size = tensor_type_size(tensor->type);
  for (int64_t i = 0; i < count; i++) {
    memcpy((char *)tensor->data + (size_t)i * size, (const char *)fortran->data + (size_t)place * size, size);
    for (int k = shape->rank - 1; k >= 0; k--) {
      place += step[k];
      if (++index[k] < shape->dim[k])
        break;
      place -= step[k] * shape->dim[k];
      index[k] = 0;
    }
  }
}

static Tensor *read_numbers(const Header *header, const uint8_t *bytes, GError **error) {
  int64_t n = shape_count(&header->shape);
  g_autoptr(Tensor) tensor = tensor_new(number_tensor_type(header->kind), &header->shape, error);
  if (!tensor)
    return NULL;
  number_convert(header->kind, bytes, number_size(header->kind), header->swap, n, tensor->data);
  if (tensor->type == TENSOR_BOOL) {
    Tensor *ints = tensor_new(TENSOR_INT64, &header->shape, error);
    for (int64_t i = 0; ints && i < n; i++)
      tensor_ints(ints)[i] = ((const uint8_t *)tensor->data)[i];
    tensor_unref(tensor);
    tensor = ints;
  }
  if (!tensor || !header->fortran || header->shape.rank < 2)
    return g_steal_pointer(&tensor);
  Tensor *rows = tensor_new(tensor->type, &header->shape, error);
  if (rows)
    from_fortran(tensor, rows);
  return rows;
}

Tensor *npy_from_bytes(const void *bytes, size_t size, const char *where, GError **error) {
  const uint8_t *p = bytes;
  size_t magic = strlen(MAGIC);
  if (size < magic + 6 || memcmp(p, MAGIC, magic) != 0 || p[magic] < 1 || p[magic] > 3) {
    input_error(error, "%s is not an NPY file; write it with numpy.save or hoarfrost", where);
    return NULL;
  }
  bool wide = p[magic] > 1; /* the header's length in four bytes */
  size_t start = magic + (wide ? 6 : 4);
  size_t length = (size_t)p[magic + 2] | (size_t)p[magic + 3] << 8;
  if (wide)
    length |= (size_t)p[magic + 4] << 16 | (size_t)p[magic + 5] << 24;
  if (length > HEADER_LIMIT || length > size - start) {
    input_error(error, "the header of %s is longer than the file or than %d bytes; save the array again",
                where, HEADER_LIMIT);
    return NULL;
  }
  g_autofree char *text = g_strndup((const char *)p + start, length);
  Header header = {0};
  if (!parse_header(text, where, &header, error))
    return NULL;
  size_t have = size - start - length;
  size_t want = (size_t)shape_count(&header.shape) * number_size(header.kind);
  if (have != want) {
    g_autofree char *shape = shape_text(&header.shape);
    input_error(error, "%s has %zu bytes of numbers where shape %s of %s takes %zu; save the array again",
                where, have, shape, number_name(header.kind), want);
    return NULL;
  }
  return read_numbers(&header, p + start + length, error);
}

Tensor *npy_read(const char *path, GError **error) {
  g_autoptr(GMappedFile) file = file_map(path, error);
  if (!file)
    return NULL;
  return npy_from_bytes(g_mapped_file_get_contents(file), g_mapped_file_get_length(file), path, error);
}

GBytes *npy_to_bytes(const Tensor *tensor) {
  GString *header = g_string_new(NULL);
  bool floats = tensor->type == TENSOR_FLOAT32;
  g_string_append_printf(header, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                         floats ? "<f4" : "<i8");
  for (int k = 0; k < tensor->shape.rank; k++)
    g_string_append_printf(header, "%s%" G_GINT64_FORMAT "%s", k ? " " : "", tensor->shape.dim[k],
                           k + 1 < tensor->shape.rank || k == 0 ? "," : "");
  g_string_append(header, "), }");
  size_t start = strlen(MAGIC) + 4;
  while ((start + header->len + 1) % 64 != 0)
    g_string_append_c(header, ' ');
  g_string_append_c(header, '\n');
  int64_t count = tensor_count(tensor);
  size_t numbers = (size_t)count * (floats ? sizeof(float) : sizeof(int64_t));
  uint8_t *bytes = g_malloc(start + header->len + numbers), *p = bytes;
  memcpy(p, MAGIC, strlen(MAGIC));
  p += strlen(MAGIC);
  *p++ = 1;
  *p++ = 0;
  *p++ = (uint8_t)(header->len & 255);
  *p++ = (uint8_t)(header->len >> 8);
  memcpy(p, header->str, header->len);
  p += header->len;
  if (tensor->type != TENSOR_BOOL)
    number_convert(floats ? NUMBER_FLOAT32 : NUMBER_INT64, tensor->data, tensor_type_size(tensor->type),
                   false, count, p);
  else
    number_convert(NUMBER_UINT8, tensor->data, 1, false, count, p);
  g_string_free(header, TRUE);
  return g_bytes_new_take(bytes, (size_t)(p - bytes) + numbers);
}

bool npy_write(const char *path, const Tensor *tensor, GError **error) {
  g_autoptr(GBytes) bytes = npy_to_bytes(tensor);
  return file_replace(path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error);
}
