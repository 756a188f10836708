/* The small formulas of the tables as Pango markup. */
#pragma once

/* Letters that stand alone are italic; what follows _ or ^ (one character, or {several}) stands below or
 * above.  (transfer full) */
char *formula_markup(const char *formula);
