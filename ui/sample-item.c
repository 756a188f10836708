#include "ui/sample-item.h"

struct _HfSampleItem {
  GObject parent_instance;
  int index, label;
  gboolean seen;
  GdkTexture *picture;
  char *words;
};

G_DEFINE_FINAL_TYPE(HfSampleItem, hf_sample_item, G_TYPE_OBJECT)

enum { PROP_SEEN = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static void hf_sample_item_finalize(GObject *object) {
  HfSampleItem *self = HF_SAMPLE_ITEM(object);
  g_clear_object(&self->picture);
  g_free(self->words);
  G_OBJECT_CLASS(hf_sample_item_parent_class)->finalize(object);
}

static void hf_sample_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  g_value_set_boolean(value, HF_SAMPLE_ITEM(object)->seen);
}

static void hf_sample_item_class_init(HfSampleItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_sample_item_finalize;
  G_OBJECT_CLASS(class)->get_property = hf_sample_item_get_property;
  properties[PROP_SEEN] =
      g_param_spec_boolean("seen", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(G_OBJECT_CLASS(class), N_PROPERTIES, properties);
}

static void hf_sample_item_init(HfSampleItem *self) {
}

HfSampleItem *hf_sample_item_new(int index, int label) {
  HfSampleItem *self = g_object_new(HF_TYPE_SAMPLE_ITEM, NULL);
  self->index = index;
  self->label = label;
  return self;
}

int hf_sample_item_index(HfSampleItem *self) {
  return self->index;
}

int hf_sample_item_label(HfSampleItem *self) {
  return self->label;
}

void hf_sample_item_see(HfSampleItem *self, GdkTexture *picture, char *words) {
  g_clear_object(&self->picture);
  g_free(self->words);
  self->picture = picture;
  self->words = words;
  self->seen = TRUE;
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_SEEN]);
}

gboolean hf_sample_item_is_seen(HfSampleItem *self) {
  return self->seen;
}

GdkTexture *hf_sample_item_picture(HfSampleItem *self) {
  return self->picture;
}

const char *hf_sample_item_words(HfSampleItem *self) {
  return self->words;
}
