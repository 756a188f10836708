/* The samples of the test part that the window shows, for the picker; and a text of tokens as people read it.
 */
#pragma once

#include "app/controller.h"
#include "ui/sample-picker.h"

/* Answers the picker's "wanted" with the samples of what is shown; where nothing is shown it stays empty. */
void sample_source_show(HfSamplePicker *picker, HfController *controller);
/* The tokens by the names that the model has for them, with spaces and lines' ends instead of the marks for
 * them; the first `most` of the row.  (transfer full) */
char *sample_row_text(const FrozenModel *model, const TokenRow *row, int most);
