#include "ui/preset-cards.h"

#include "engine/preset.h"
#include "ui/spec-changes.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_CHANGES 6

/* "Changes: epochs 5 → 20, batch 64 → 128 and 3 more", or that nothing would change. */
static char *changes_text(const GPtrArray *changes) {
  if (changes->len == 0)
    return g_strdup(_("This is the present choice."));
  GString *text = g_string_new(_("Changes: "));
  for (guint i = 0; i < changes->len && i < MOST_CHANGES; i++) {
    g_autofree char *change = spec_change_text(g_ptr_array_index(changes, i));
    g_string_append_printf(text, "%s%s", i ? ", " : "", change);
  }
  if (changes->len > MOST_CHANGES)
    g_string_append_printf(text, _(" and %d more"), (int)changes->len - MOST_CHANGES);
  return g_string_free(text, FALSE);
}

static void fill_card(HfCard *card, const Preset *preset, const RunSpec *spec) {
  g_autoptr(RunSpec) wanted = preset_spec_beside(preset, spec, NULL);
  *card = (HfCard){
      .name = preset->name, .title = preset->title, .summary = preset->summary, .license = preset->paper};
  if (!wanted) {
    card->problem = _("This preset cannot be read.");
    return;
  }
  g_autoptr(GPtrArray) changes = spec_changes(spec, wanted);
  g_autofree char *text = changes_text(changes);
  card->facts =
      *preset->needs ? g_strdup_printf(_("Needs: %s\n%s"), preset->needs, text) : g_steal_pointer(&text);
}

/* "3 changed"; NULL: it is as the preset has it.  (transfer full) */
static char *changed_text(const Preset *preset, const RunSpec *spec) {
  g_autoptr(RunSpec) original = preset_spec_beside(preset, spec, NULL);
  g_autoptr(GPtrArray) changes = original ? spec_changes(original, spec) : NULL;
  if (!changes || changes->len == 0)
    return NULL;
  return g_strdup_printf(ngettext("%d changed", "%d changed", changes->len), (int)changes->len);
}

void preset_cards_show(HfPicker *picker, const RunSpec *spec) {
  g_autoptr(GArray) cards = g_array_new(FALSE, TRUE, sizeof(HfCard));
  for (const Preset *preset = presets; preset->name; preset++) {
    HfCard card;
    fill_card(&card, preset, spec);
    g_array_append_val(cards, card);
  }
  hf_picker_set_cards(picker, (const HfCard *)(const void *)cards->data, (int)cards->len);
  for (guint i = 0; i < cards->len; i++)
    g_free((char *)g_array_index(cards, HfCard, i).facts);
  const Preset *from = spec->preset && *spec->preset ? preset_find(spec->preset) : NULL;
  g_autofree char *text = from ? changed_text(from, spec) : NULL;
  hf_picker_set_chosen(picker, from ? from->name : NULL, from ? from->title : NULL);
  hf_picker_set_note(picker, text);
}
