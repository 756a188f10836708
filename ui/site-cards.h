/* The sites of a model as cards: where a pattern may enter inside f, with shape and axes. */
#pragma once

#include "engine/frozen-model.h"
#include "ui/picker.h"

/* The sites of a location, the method's own choice (named "") first; sites with an alias before those
 * without. */
void site_cards_show(HfPicker *picker, const FrozenModel *model, Location location);
/* "197×192 · tokens: axis 1 · channels: axis 2"  (transfer full) */
char *site_facts(const Site *site);
/* What a spec names the site: its alias, else the tensor's name.  Borrowed from the site. */
const char *site_spec_name(const Site *site);
