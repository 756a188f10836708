#include "data/datasets.h"
#include "app/commands/commands.h"
#include "app/output.h"
#include "app/table.h"

static void add_row(Table *table, const DatasetKind *kind) {
  g_autoptr(GPtrArray) missing = dataset_missing(kind);
  table_add(table, kind->name);
  table_add_format(table, "%d", kind->n_classes);
  table_add_format(table, "%d x %d x %d", kind->channels, kind->height, kind->width);
  table_add_format(table, "%d", kind->train);
  table_add_format(table, "%d", kind->test);
  if (missing->len)
    table_add_format(table, "%s (%u packages are missing: ./run setup installs them)", kind->summary,
                     missing->len);
  else
    table_add(table, kind->summary);
}

bool command_datasets(const Command *command, int argc, char **argv, GError **error) {
  static const Column columns[] = {{"name"},       {"classes", TRUE}, {"picture"}, {"train", TRUE},
                                   {"test", TRUE}, {"what it is"},    {NULL}};
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "An object a line", NULL},
                                  {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, 0, error))
    return false;
  g_autoptr(Table) table = table_new(columns);
  for (int i = 0; dataset_kinds[i]; i++)
    if (as_json) {
      g_autofree char *line = dataset_json(dataset_kinds[i]);
      output_line("%s", line);
    } else
      add_row(table, dataset_kinds[i]);
  if (as_json)
    return true;
  table_print(table);
  output_line("and by path: folders with IDX files, CIFAR binaries, or sub-folders of PNG and JPEG pictures; for language "
              "models files of texts, a label in front of each line, or a running text");
  return true;
}
