/* A bar of text: "430/780 ████████▌       loss 0.842  train 71.2 %". */
#pragma once

/* One line of exactly `columns` - 1 columns; facts that do not fit are left out from the right, at their
 * double spaces. (transfer full) */
char *progress_bar(int done, int total, const char *facts, int columns);
