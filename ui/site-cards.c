#include "ui/site-cards.h"

#include "ui/choice-facts.h"

#include <glib/gi18n.h>

#define MOST_SITES 400

const char *site_spec_name(const Site *site) {
  return site->alias ? site->alias : site->name;
}

char *site_facts(const Site *site) {
  g_autofree char *shape = shape_words(&site->shape);
  g_autoptr(GString) text = g_string_new(*shape ? shape : _("shape not known"));
  if (site->token_axis >= 0)
    g_string_append_printf(text, _(" · tokens: axis %d"), site->token_axis);
  if (site->channel_axis >= 0)
    g_string_append_printf(text, _(" · channels: axis %d"), site->channel_axis);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void add_site(GArray *cards, GPtrArray *texts, const Site *site) {
  char *facts = site_facts(site);
  g_ptr_array_add(texts, facts);
  HfCard card = {.name = site_spec_name(site), .title = site_spec_name(site), .summary = facts};
  if (site->alias)
    card.license = site->name; /* the tensor, as a note below */
  g_array_append_val(cards, card);
}

void site_cards_show(HfPicker *picker, const FrozenModel *model, Location location) {
  g_autoptr(GArray) cards = g_array_new(FALSE, TRUE, sizeof(HfCard));
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  HfCard own = {
      .name = "", .title = _("The method’s own"), .summary = _("One site or several, as its paper has it.")};
  g_array_append_val(cards, own);
  for (int unnamed = 0; model && unnamed < 2; unnamed++)
    for (guint i = 0; i < model->sites->len && cards->len < MOST_SITES; i++) {
      const Site *site = g_ptr_array_index(model->sites, i);
      if (site->location == location && (site->alias == NULL) == unnamed)
        add_site(cards, texts, site);
    }
  hf_picker_set_cards(picker, (const HfCard *)(const void *)cards->data, (int)cards->len);
}
