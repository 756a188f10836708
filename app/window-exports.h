/* The window's way out: actions that save what is shown as files, or put it on the clipboard.
 *
 *   export (ss)          what (export-files.h) and path; a toast says that it was saved, or why not
 *   export-chooser (s)   what; a dialog asks for the path
 *   save-WHAT            the same, one action for each, sensitive where there is something to save
 *   export-run (s)       the id of a stored run; a dialog asks for the path, its suffix says the form
 *   copy (s)             a drawing, onto the clipboard
 *
 * Files are drawn and written in threads. */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

typedef struct _WindowExports WindowExports;

/* Both are borrowed and outlive the exports. */
WindowExports *window_exports_new(HfWindow *window, HfController *controller);
void window_exports_free(WindowExports *exports);
