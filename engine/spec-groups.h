/* How one group of a run spec is read: its own keys, the method it names, and the method's settings. */
#pragma once

#include "engine/spec-layers.h"

#include "engine/setting.h"
#include "engine/taxonomy.h"

/* A row of a table of methods, as far as a spec knows it. */
typedef struct {
  const char *name;
  int value; /* on the axis that the methods share; -1: none */
  const Setting *settings;
  const Setting *common; /* rows that methods share; NULL: none but the group's */
} SpecMethod;

typedef struct {
  const SpecLayers *layers;
  const char *group;         /* "manipulation 2" */
  const Setting *rows;       /* the group's own keys */
  const SpecMethod *methods; /* ends with a NULL name; NULL: the group names no method */
  Settings *own;             /* values of `rows` */
  int decided;               /* the layer that chose the method, -1: none did */
} SpecGroup;

/* Reads the values of the group's own rows.  Clear with spec_group_clear() in any case. */
bool spec_group_open(SpecGroup *group, GError **error);
void spec_group_clear(SpecGroup *group);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpecGroup, spec_group_clear)

/* The index of the method that is named, -1 when none is, and with it the value on the axis `key`
 * ("operator"), -1 when neither is said; key NULL: no axis.  False when the name is unknown, or when method
 * and axis disagree in one layer. */
bool spec_group_method(SpecGroup *group, const char *key, AxisId axis, int *index, int *value,
                       GError **error);
/* Reads all other keys into the settings of the method.  A key of another method is passed over where an
 * upper layer chose this one; any other unknown key is refused. */
bool spec_group_settings(const SpecGroup *group, Settings *settings, GError **error);
