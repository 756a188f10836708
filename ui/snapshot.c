#include "ui/snapshot.h"

HfNames *hf_names_new(char *const *source, int n_source, char *const *target, int n_target) {
  HfNames *names = g_new0(HfNames, 1);
  *names = (HfNames){1, g_strdupv((char **)source), g_strdupv((char **)target), n_source, n_target};
  return names;
}

void hf_names_set_sheet(HfNames *names, GBytes *sheet, int edge) {
  names->sheet = sheet;
  names->sheet_edge = edge;
}

HfNames *hf_names_ref(HfNames *names) {
  __atomic_add_fetch(&names->references, 1, __ATOMIC_RELAXED);
  return names;
}

void hf_names_unref(HfNames *names) {
  if (!names || __atomic_sub_fetch(&names->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  g_strfreev(names->source);
  g_strfreev(names->target);
  g_clear_pointer(&names->sheet, g_bytes_unref);
  g_free(names);
}

HfSnapshot *hf_snapshot_new(void) {
  HfSnapshot *snapshot = g_new0(HfSnapshot, 1);
  snapshot->references = 1;
  return snapshot;
}

HfSnapshot *hf_snapshot_ref(HfSnapshot *snapshot) {
  __atomic_add_fetch(&snapshot->references, 1, __ATOMIC_RELAXED);
  return snapshot;
}

void hf_snapshot_unref(HfSnapshot *snapshot) {
  if (!snapshot || __atomic_sub_fetch(&snapshot->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  hf_names_unref(snapshot->names);
  tensor_unref(snapshot->picture);
  g_free(snapshot->text);
  tensor_unref(snapshot->pattern);
  tensor_unref(snapshot->received);
  tensor_unref(snapshot->mask);
  tensor_unref(snapshot->omega);
  tensor_unref(snapshot->counts);
  g_clear_pointer(&snapshot->parts, g_ptr_array_unref);
  g_free(snapshot->source_on);
  g_free(snapshot->source_off);
  g_free(snapshot->target_on);
  g_free(snapshot->target_off);
  g_free(snapshot);
}
