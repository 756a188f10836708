#include "data/file.h"
#include "data/model-card.h"
#include "data/onnx-internal.h"
#include "data/onnx-wire.h"
#include "data/onnx.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#include <string.h>

#define BUDGET_FACTOR 4
#define BUDGET_BASE   ((size_t)64 << 20)

/* A string that is not UTF-8 is replaced by one that shows its bytes. */
static void clean_string(char **text) {
  if (!*text || g_utf8_validate(*text, -1, NULL))
    return;
  char *visible = text_one_line(*text);
  free(*text);
  *text = visible;
}

/* All strings of a message and of the messages in it; wire_check() has bounded the depth. */
static void clean_strings(ProtobufCMessage *message) {
  const ProtobufCMessageDescriptor *descriptor = message->descriptor;
  for (unsigned i = 0; i < descriptor->n_fields; i++) {
    const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
    void *member = (char *)message + field->offset;
    const void *quantifier = (char *)message + field->quantifier_offset;
    if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
      continue;
    size_t count = 1;
    void **members = member;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
      count = *(const size_t *)quantifier;
      members = *(void ***)member;
    } else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) && *(const uint32_t *)quantifier != field->id)
      continue;
    for (size_t k = 0; k < count; k++)
      if (members[k] && field->type == PROTOBUF_C_TYPE_MESSAGE)
        clean_strings(members[k]);
      else if (members[k] && members[k] != (void *)field->default_value)
        clean_string((char **)&members[k]);
  }
}

static int find_opset(const Onnx__ModelProto *proto) {
  int64_t version = 0;
  for (size_t i = 0; i < proto->n_opset_import; i++) {
    const Onnx__OperatorSetIdProto *set = proto->opset_import[i];
    if (!set->domain || !*set->domain || strcmp(set->domain, "ai.onnx") == 0)
      version = MAX(version, set->version);
  }
  return (int)MIN(version, G_MAXINT);
}

bool onnx_file_open(OnnxFile *file, const void *bytes, size_t size, const char *where, GError **error) {
  *file = (OnnxFile){.where = where};
  if (!wire_check(&onnx__model_proto__descriptor, bytes, size, where, error))
    return false;
  onnx_memory_init(&file->memory, BUDGET_FACTOR * size + BUDGET_BASE);
  file->proto = onnx__model_proto__unpack(&file->memory.allocator, size, bytes);
  if (!file->proto && file->memory.refused)
    return input_error(
        error, "%s asks for more memory than 4 times its size and 64 MiB to unpack; export it again", where);
  if (!file->proto)
    return input_error(error, "%s is no ONNX file or is damaged; fetch or export it again", where);
  if (!file->proto->graph)
    return input_error(
        error, "%s holds no graph; it is no ONNX file or is cut short, so fetch or export it again", where);
  clean_strings(&file->proto->base);
  file->opset = find_opset(file->proto);
  return true;
}

void onnx_file_close(OnnxFile *file) {
  g_clear_pointer(&file->external, onnx_external_free);
  if (file->proto)
    onnx__model_proto__free_unpacked(file->proto, &file->memory.allocator);
  file->proto = NULL;
}

bool onnx_file_open_path(OnnxFile *file, const char *path, char **sha256, GError **error) {
  *file = (OnnxFile){.where = path};
  g_autoptr(GMappedFile) map = file_map(path, error);
  if (!map)
    return false;
  const void *bytes = g_mapped_file_get_contents(map);
  size_t size = g_mapped_file_get_length(map);
  if (!onnx_file_open(file, bytes, size, path, error))
    return false;
  file->external = onnx_external_new(path);
  if (sha256)
    *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, size);
  return true;
}

void onnx_file_card(const OnnxFile *file, ModelCard *card) {
  for (size_t i = 0; i < file->proto->n_metadata_props; i++) {
    const Onnx__StringStringEntryProto *entry = file->proto->metadata_props[i];
    if (entry->key && entry->value)
      model_card_set(card, entry->key, entry->value);
  }
}
