/* Asks where a file goes. */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  const char *title;           /* translated */
  const char *name;            /* that is proposed; its suffix is one of them */
  const char *const *suffixes; /* ".png", NULL-terminated; the first is appended to a name without any */
} ExportQuestion;

/* `path`: with a suffix; NULL: it was cancelled. */
typedef void (*ExportAnswered)(const char *path, gpointer data);
/* The texts are copied.  `answered` is called once, unless the parent goes first; `free_data` always. */
void export_dialog_ask(GtkWindow *parent, const ExportQuestion *question, ExportAnswered answered,
                       gpointer data, GDestroyNotify free_data);
